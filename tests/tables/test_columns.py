"""``--column``: the same words, ids and bytes as of the extracted text, for every kind of table."""

import bz2
import csv
import gzip
import io
import json
import lzma
import random
import sys

import numpy as np
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

import fastw2v
from fastw2v.corpus import check_sources, count_words, pieces, read_corpus
from fastw2v.corpus.reading import Limits
from fastw2v.errors import CorpusError
from tests.support.commands import counted, error_line, run_command, succeeded

ROWS = 1500
WORDS = ["the", "of", 'qu"ote', "naïve", "日本", "back\\slash", "😀", "x,y", "a;b", "\u00a0", "\0"]


def make_texts() -> list[str]:
    chance = random.Random(5)
    words = [*WORDS[:-1], *(f"w{i}" for i in range(40))]
    rows = [" ".join(chance.choices(words, k=chance.randint(0, 30))) for _ in range(ROWS)]
    rows[3], rows[5], rows[6] = rows[3].replace(" ", "\n"), "", "\tx  y\r\nz </s> q "
    return rows


TEXTS = make_texts()
PLAIN = "".join(f"{text}\n" for text in TEXTS).encode()


def _json() -> bytes:
    lines = [
        json.dumps({"id": i, "m": {"k": [1, {}]}, "text": text, "z": "é"}, ensure_ascii=i % 2 == 0)
        for i, text in enumerate(TEXTS)
    ]
    return "\n".join(lines).encode()


def _delimited(delimiter: str, line_end: str) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator=line_end)
    writer.writerow(["id", "text", "last"])
    writer.writerows([i, text, ""] for i, text in enumerate(TEXTS))
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def _table() -> pa.Table:
    return pa.table({"id": range(ROWS), "text": TEXTS})


def _parquet() -> bytes:
    file = io.BytesIO()
    pyarrow.parquet.write_table(_table(), file, row_group_size=400)
    return file.getvalue()


def _feather() -> bytes:
    file = io.BytesIO()
    pyarrow.feather.write_feather(_table(), file, chunksize=300)
    return file.getvalue()


def _arrow_stream() -> bytes:
    file = io.BytesIO()
    with pa.ipc.new_stream(file, _table().schema) as writer:
        writer.write_table(_table(), max_chunksize=500)
    return file.getvalue()


STREAMED = {
    "t.jsonl": _json(),
    "t.csv": _delimited(",", "\r\n"),
    "semicolons.csv": _delimited(";", "\n"),
    "t.tsv": _delimited("\t", "\n"),
}
FORMATS = STREAMED | {"t.parquet": _parquet(), "t.feather": _feather(), "t.arrow": _arrow_stream()}
PACKERS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


@pytest.fixture
def folder(tmp_path):
    for name, content in FORMATS.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "plain.txt").write_bytes(PLAIN)
    return tmp_path


def agree(found, expected):
    assert found.vocabulary.words == expected.vocabulary.words
    assert found.vocabulary.counts.tolist() == expected.vocabulary.counts.tolist()
    assert np.array_equal(found.ids, expected.ids)


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("c_rules", [False, True])
def test_the_words_are_those_of_the_text_for_any_threads_and_pieces(folder, name, c_rules):
    rules = {"min_count": 1, "c_rules": c_rules}
    expected = read_corpus(folder / "plain.txt", **rules)
    for threads, size in ((1, None), (3, 300), (2, 5_000)):
        limits = Limits(block_bytes=size)
        found = read_corpus(folder / name, column="text", threads=threads, limits=limits, **rules)
        agree(found, expected)


def test_files_are_read_in_pieces(folder):
    for name, least in (("t.jsonl", 10), ("t.parquet", 4), ("t.feather", 5)):
        found = list(pieces.pieces_of(check_sources(folder / name, "text"), 100))
        assert len(found) >= least
        for piece in found:
            size = 0
            while piece.stream.readinto(memoryview(bytearray(1000))):
                size = piece.stream.offset
            assert size
        total = sum(piece.stream.done for piece in found)
        found[-1].source.finish()
        assert 0.98 * len(FORMATS[name]) <= total <= len(FORMATS[name])


@pytest.mark.parametrize("name", STREAMED)
@pytest.mark.parametrize("ending", PACKERS)
def test_compressed_files_and_pipes(tmp_path, name, ending):
    packed = PACKERS[ending](STREAMED[name])
    path = tmp_path / f"{name}{ending}"
    path.write_bytes(packed)
    agree(
        read_corpus(path, min_count=1, column="text", limits=Limits(500)),
        read_corpus(written(tmp_path / "plain.txt", PLAIN), min_count=1),
    )
    shown = [
        succeeded("vocab", "-", "-o", "-", "--column", "text", "-q", stdin=data).stdout_bytes
        for data in (packed, STREAMED[name])
    ]
    plain = succeeded("vocab", tmp_path / "plain.txt", "-o", "-", "-q").stdout_bytes
    assert shown == [plain, plain]


def written(path, content: bytes):
    path.write_bytes(content)
    return path


def test_several_files_folders_and_empty_ones(folder):
    for name in ("t.tsv", "t.feather"):
        (folder / "part").mkdir(exist_ok=True)
        (folder / name).rename(folder / "part" / name)
    written(folder / "part" / "a.jsonl", b"")
    written(folder / "part" / "b.csv", b"text\n")
    paths = [folder / "t.jsonl", folder / "part", folder / "t.parquet"]
    found = count_words(paths, min_count=1, column="text", threads=2)
    once = count_words(folder / "plain.txt", min_count=1)
    assert dict(zip(found.words, found.counts.tolist(), strict=True)) == {
        word: 4 * count for word, count in zip(once.words, once.counts.tolist(), strict=True)
    }


def test_exact_gives_the_bytes_of_training_on_the_text(folder):
    how = {"exact": True, "size": 5, "epochs": 1, "threads": 1, "min_count": 2}
    output = folder / "v.bin"
    fastw2v.train(folder / "plain.txt", output=output, **how)
    plain = output.read_bytes()
    for name in FORMATS:
        fastw2v.train(folder / name, column="text", output=output, **how)
        assert output.read_bytes() == plain
        output.unlink()


def test_phrases_of_a_column(folder):
    joined = [
        succeeded(
            "phrases", folder / name, "-o", "-", "--threshold", 1, "--min-count", 1, "-q", *more
        ).stdout_bytes
        for name, more in (("plain.txt", []), ("t.jsonl", ["--column", "text"]))
    ]
    assert joined[0] == joined[1]
    assert b"_" in joined[0]


def test_phrases_do_not_replace_a_table(folder):
    table = folder / "t.jsonl"
    line = error_line(run_command("phrases", table, "-o", table, "--column", "text"))
    assert "it is an input of this command" in line
    assert table.read_bytes() == STREAMED["t.jsonl"]


def test_a_vocabulary_is_recounted_in_a_column(folder):
    words = written(folder / "words.txt", b"</s> 1\nthe 1\nw1 1\n")
    found = counted(folder / "t.parquet", "--read-vocab", words, "--column", "text")
    plain = counted(folder / "plain.txt", "--read-vocab", words)
    assert found == plain
    assert set(found) == {b"</s>", b"the", b"w1"}


def test_a_resumed_training_reads_the_same_column(folder):
    how = ["--size", 5, "--min-count", 2, "--threads", 1, "-q"]
    state, output = folder / "v.state", folder / "v.bin"
    start = ["train", folder / "t.jsonl", "-o", output, "--column", "text", *how]
    succeeded(*start, "--epochs", 2, "--checkpoint", state)
    succeeded("train", "--resume", state, "--epochs", 3, "-q")
    resumed = output.read_bytes()
    succeeded(
        "train",
        folder / "plain.txt",
        "-o",
        output,
        *how,
        "--epochs",
        2,
        "--checkpoint",
        state,
        "--force",
    )
    succeeded("train", "--resume", state, "--epochs", 3, "-q")
    assert output.read_bytes() == resumed


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("t.jsonl", "t.jsonl: line 1: no column 'txt'; there are: 'id', 'm', 'm.k', 'text', 'z'"),
        ("t.csv", "t.csv: line 1: no column 'txt'; there are: 'id', 'text', 'last'; the first"),
        ("t.parquet", "t.parquet: no column 'txt'; there are: 'id', 'text'"),
        ("t.feather", "t.feather: no column 'txt'; there are: 'id', 'text'"),
        ("t.arrow", "t.arrow: no column 'txt'; there are: 'id', 'text'"),
    ],
)
@pytest.mark.parametrize("command", ["train", "vocab", "phrases", "counts", "ngram"])
def test_a_missing_column_names_those_there_are(folder, command, name, problem):
    output = folder / "out.txt"
    line = error_line(run_command(command, folder / name, "-o", output, "--column", "txt"))
    assert problem in line
    assert not output.exists()


@pytest.mark.parametrize("name", ["t.jsonl", "t.parquet"])
def test_counts_and_language_models_are_those_of_the_text(folder, name):
    column = ["--column", "text"]
    for source, more in (("plain.txt", []), (name, column)):
        stem = source.replace(".", "-")
        count = ["counts", folder / source, "-o", folder / f"{stem}.npz", "--weighting", "raw"]
        succeeded(*count, "--max-vocab", 30, *more)
        one_hot = ["counts", folder / source, "-o", folder / f"{stem}-1.npz", "--one-hot", *more]
        succeeded(*one_hot)
        succeeded("ngram", folder / source, "-o", folder / f"{stem}.lm", "--order", 2, *more)
    other = name.replace(".", "-")
    for ending in (".npz", ".words.txt", "-1.npz", "-1.words.txt", ".lm"):
        first, second = (folder / f"{stem}{ending}" for stem in ("plain-txt", other))
        assert contents(first) == contents(second)
    asked = ["perplexity", folder / "plain-txt.lm", "--json"]
    plain, table = (
        json.loads(succeeded(*asked, folder / source, *more).stdout)
        for source, more in (("plain.txt", []), (name, column))
    )
    assert table == plain


def contents(path):
    """The bytes of a file, or of the arrays in one with times in it."""
    if path.suffix != ".npz":
        return path.read_bytes()
    with np.load(path) as arrays:
        return {each: arrays[each].tolist() for each in arrays.files}


def test_a_broken_row_is_named_by_its_line_in_the_file(tmp_path):
    lines = STREAMED["t.jsonl"].split(b"\n")
    lines[1200] = lines[1200][:-5]
    path = written(tmp_path / "t.jsonl", b"\n".join(lines))
    for threads in (1, 3):
        with pytest.raises(CorpusError, match=r"t\.jsonl: line 1,201: no valid JSON: .*; correct"):
            read_corpus(path, min_count=1, column="text", threads=threads, limits=Limits(300))


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("x.json", b'[\n{"text": "a"}]', "starts with [, which JSON Lines do not; if it is a list"),
        ("x.parquet", _parquet()[:-50], "cannot be read as Parquet: "),
        ("x.parquet", b"PAR1" + bytes(99), "cannot be read as Parquet: "),
        ("x.feather", _feather()[:-50], "cannot be read as Arrow: "),
        ("x.arrow", _arrow_stream()[:-5000], "cannot be read as Arrow stream: "),
        ("x.parquet.gz", gzip.compress(_parquet()), "Parquet data from a pipe or within"),
        ("x.feather", b"FEA1" + bytes(99), "a Feather file of version 1; write it again"),
        ("x.csv", "text\na\n".encode("utf-16"), "text in UTF-16; save it as UTF-8"),
        ("x.pdf", b"%PDF-1.7\n", "a PDF document"),
        ("x.csv.gz.xz", lzma.compress(gzip.compress(b"text\na\n")), "gzip data within compressed"),
        ("x.jsonl.gz", gzip.compress(b'{"text": "a"}\n' * 99)[:-20], "the gzip data ends early"),
        ("x.jsonl", b'{"text": "rare"}', "none occurs 5 times"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,  # gzip writes the time
)  # fmt: skip
def test_what_cannot_be_read_is_an_error(tmp_path, name, content, problem):
    path = written(tmp_path / name, content)
    line = error_line(run_command("vocab", path, "-o", tmp_path / "v.txt", "--column", "text"))
    assert problem in line
    assert str(path) in line
    assert not (tmp_path / "v.txt").exists()


@pytest.mark.parametrize("name", ["t.parquet", "t.feather"])
def test_without_pyarrow_the_message_says_how_to_get_it(folder, name, monkeypatch):
    for module in ("pyarrow", "pyarrow.compute"):
        monkeypatch.setitem(sys.modules, module, None)
    line = error_line(run_command("vocab", folder / name, "-o", "-", "--column", "text"))
    assert line.endswith("to read it, pip install 'fastw2v[tables]' (this installs pyarrow)")
    assert counted(folder / "t.jsonl", "--column", "text")  # these need no package


@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "semicolons.csv", "t.parquet", "t.feather"])
def test_without_the_option_the_message_names_it(folder, name):
    line = error_line(run_command("vocab", folder / name, "-o", "-"))
    assert "--column" in line
    with pytest.raises(CorpusError, match="that has the text with column"):
        read_corpus(folder / name)
