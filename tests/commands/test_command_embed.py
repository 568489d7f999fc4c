"""``fastw2v embed`` as users meet it: lines in, rows out."""

import gzip
import io
import json
import subprocess
import sys

import numpy as np
import pytest

import fastw2v
import fastw2v.sentences.spool
import fastw2v.sentences.text
from fastw2v import formats
from tests.support.commands import error_line, run_command, run_process, succeeded

WORDS = ["</s>", "the", "king", "of", "queen", "na\udcffve", "bad", "été"]
VOCAB = b"</s> 9\nthe 500\nking 20\nof 300\nqueen 11\n"
LINES = ["the king of", "", "nobody", "queen  the\tking", " ", "bad", "na\udcffve été of"]
TEXT = "".join(f"{line}\n" for line in LINES).encode("utf-8", "surrogateescape")
ZEROS = [1, 2, 4, 5]
SIF = ("--method", "sif", "--vocab", "vocab.txt")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    matrix = np.random.default_rng(4).normal(size=(len(WORDS), 5)).astype(np.float32)
    matrix[6, 0] = np.nan
    formats.save(tmp_path / "v.bin", WORDS, matrix)
    (tmp_path / "lines.txt").write_bytes(TEXT)
    (tmp_path / "vocab.txt").write_bytes(VOCAB)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def expected(method="mean", lines=LINES, **options):
    counts = "vocab.txt" if method == "sif" else None
    return fastw2v.load("v.bin").embed(lines, method, counts=counts, **options)


def numbers(text, separator=None):
    return np.array([line.split(separator) for line in text.splitlines()], np.float32)


@pytest.mark.parametrize("options", [(), SIF, (*SIF, "--remove", "0"), ("--unit-words",)])
def test_as_in_python_to_a_file_a_pipe_and_as_text(folder, options):
    method = "sif" if "sif" in options else "mean"
    wanted = expected(
        method, remove=0 if "--remove" in options else 1, unit_words="--unit-words" in options
    )
    succeeded("embed", "v.bin", "lines.txt", "-o", "out.npy", *options)
    written = np.load("out.npy")
    assert written.dtype == np.float32
    assert written.tobytes() == wanted.tobytes()
    assert not written[ZEROS].any()
    piped = succeeded("embed", "v.bin", "--format", "npy", *options, stdin=TEXT).stdout_bytes
    assert piped == (folder / "out.npy").read_bytes()
    shown = succeeded("embed", "v.bin", *options, stdin=TEXT).stdout
    assert numbers(shown, " ").tobytes() == wanted.tobytes()
    succeeded("embed", "v.bin", "lines.txt", "-o", "out.tsv.gz", *options)
    text = gzip.decompress((folder / "out.tsv.gz").read_bytes()).decode()
    assert text == shown.replace(" ", "\t")


def test_summaries(folder):
    done = succeeded("embed", "v.bin", "lines.txt", "-o", "out.npy", "--json", *SIF)
    assert json.loads(done.stdout) == {
        "output": "out.npy", "method": "sif", "dimensions": 5, "sentences": 7, "empty": 2,
        "unknown": 2, "words": 11, "words_known": 9, "removed": 1,
    }  # fmt: skip
    assert done.stderr.splitlines()[-1] == (
        "7 lines, 5 dimensions; 81.8% of 11 words known; 4 rows of zeros: 2 empty lines, 2 lines "
        "without a known word"
    )
    done = succeeded("embed", "v.bin", "lines.txt", "-o", "out.npy", "-q", "--normalize")
    assert done.stdout == ""
    norms = np.linalg.norm(np.load("out.npy"), axis=1)
    np.testing.assert_allclose(norms[[0, 3, 6]], 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (b"", []),
        (b"\xef\xbb\xbf", []),
        (b"\n", [""]),
        (b"\r\n\r\n", ["", ""]),
        (b"king", ["king"]),
        (b"king ", ["king"]),
        (b"\xef\xbb\xbfking\r\nqueen\r\n", ["king", "queen"]),
        (b"queen\n\nking of", ["queen", "", "king of"]),
        (b"\xef", ["\udcef"]),
    ],
)
def test_ends_of_lines_and_of_the_text(folder, text, lines):
    for options in ((), SIF):
        done = succeeded("embed", "v.bin", "-o", "out.npy", *options, stdin=text)
        wanted = expected("sif" if options else "mean", lines)
        assert np.load("out.npy").shape == (len(lines), 5), done.stderr
        assert np.load("out.npy").tobytes() == wanted.tobytes()
    assert succeeded("embed", "v.bin", stdin=text).stdout.count("\n") == len(lines)


@pytest.mark.parametrize("at_once", [1, 5, 64])
def test_parts_of_any_size_give_the_same(folder, monkeypatch, at_once):
    """Words and lines are cut by reads; rows are kept in a file."""
    succeeded("embed", "v.bin", "lines.txt", "-o", "out.npy", *SIF)
    whole = (folder / "out.npy").read_bytes()
    monkeypatch.setattr(fastw2v.sentences.text, "_AT_ONCE", at_once)
    monkeypatch.setattr(fastw2v.sentences.spool, "_IN_MEMORY", 50)
    (folder / "lines.txt.gz").write_bytes(gzip.compress(TEXT))
    for text in ("lines.txt", "lines.txt.gz"):
        succeeded("embed", "v.bin", text, "-o", "out.npy", *SIF)
        assert (folder / "out.npy").read_bytes() == whole


def test_vectors_that_stay_in_their_file(folder, monkeypatch):
    wanted = expected()
    mapped = fastw2v.load("v.bin", mapped=True).embed(LINES)
    assert mapped.tobytes() == wanted.tobytes()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("v.bin lines.txt --method sif", "--method sif needs word counts: give a vocabulary file"),
        ("v.bin lines.txt --vocab vocab.txt", "--vocab needs --method sif"),
        ("v.bin lines.txt --method sif --vocab lines.txt", "lines.txt, line 1: expected a word"),
        ("v.bin lines.txt --smoothing 0", "--smoothing is 0"),
        ("v.bin lines.txt --json", "--json needs -o FILE"),
        ("v.bin lines.txt -o lines.txt", "it is an input of this command (the text)"),
        ("v.bin lines.txt -o v.bin", "(the vectors)"),
        ("v.bin lines.txt -o out.npy.gz", "a .npy is not compressed"),
        ("v.bin lines.txt -o out.parquet", "what is written is plain text"),
        ("v.bin lines.txt -o missing/out.npy", "the folder"),
        ("- -", "standard input has the vectors"),
        ("v.bin v.bin", "word vectors in binary form, not text; give the text"),
        ("v.bin broken.gz -o out.npy", "broken.gz: corrupt gzip data"),
        ("v.bin wide.txt", "text in UTF-16; save it as UTF-8"),
        ("v.bin .", "is a directory"),
    ],
)
def test_one_line_says_what_is_wrong(folder, line, message):
    (folder / "broken.gz").write_bytes(gzip.compress(TEXT * 99)[:-9])
    (folder / "wide.txt").write_bytes(("the king of " * 20).encode("utf-16"))
    before = {path: path.read_bytes() for path in folder.iterdir()}
    done = run_command("embed", *line.split())
    assert message in error_line(done) or message in done.stderr
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_words_without_end_are_refused(folder, monkeypatch):
    monkeypatch.setattr(fastw2v.sentences.text, "MAX_WORD_BYTES", 1000)
    done = run_command("embed", "v.bin", "-o", "out.npy", stdin=b"the " + b"x" * (1 << 19))
    assert "a word of more than 1,000 bytes" in error_line(done)
    assert not (folder / "out.npy").exists()


def test_who_waits_for_a_line_gets_it(folder):
    command = [sys.executable, "-m", "fastw2v", "embed", "v.bin", "-q"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for line in ("king", "\n", "queen\n", "a\n"):
            process.stdin.write(line.encode())
            process.stdin.flush()
            if line.endswith("\n"):
                assert len(process.stdout.readline().split()) == 5
        process.stdin.close()
        assert process.stdout.read() == b""
    assert process.returncode == 0


def test_an_output_that_is_appended_to(folder):
    """A .npy to a file that is written by ``>>`` begins after what stood there."""
    with (folder / "log").open("wb") as log:
        log.write(b"before")
    with (folder / "log").open("ab") as log:
        command = [sys.executable, "-m", "fastw2v", "embed", "v.bin", "lines.txt"]
        subprocess.run([*command, "--format", "npy", "-q"], stdout=log, check=True)
    content = (folder / "log").read_bytes()
    assert content.startswith(b"before")
    assert np.load(io.BytesIO(content[6:])).tobytes() == expected().tobytes()


def test_a_full_disk_is_one_line(folder):
    done = run_process("embed", "v.bin", "-o", "out.npy", stdin=b"king\n" * 20_000, file_size=9999)
    assert "cannot write out.npy" in error_line(done)
    assert not (folder / "out.npy").exists()
