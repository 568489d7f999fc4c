"""What is no text is refused as a corpus by its content, in every command, after unpacking too."""

import bz2
import gzip
import io
import json
import lzma
import pickle
import sqlite3
import tarfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fastw2v import formats
from fastw2v.corpus import read_corpus
from fastw2v.corpus.text_check import HEAD_BYTES, check_text
from fastw2v.errors import CorpusError
from tests.support.commands import error_line, run_command

TEXT = "the cat sat on the mat\n" * 30


def array(matrix=None) -> bytes:
    file = io.BytesIO()
    np.save(file, np.ones((4, 3), np.float32) if matrix is None else matrix)
    return file.getvalue()


def tar(folder) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo("text.txt")
        info.size = len(TEXT)
        archive.addfile(info, io.BytesIO(TEXT.encode()))
    return file.getvalue()


def sqlite(folder) -> bytes:
    path = folder / "database"
    connection = sqlite3.connect(path)
    connection.execute("create table texts (text)")
    connection.commit()
    connection.close()
    return path.read_bytes()


def saved(folder, name) -> bytes:
    path = folder / name
    words = [f"w{i}" for i in range(300)]
    formats.save(path, words, np.random.default_rng(1).normal(size=(300, 20)))
    return path.read_bytes()


CONTENTS = {
    "UTF-16 with a mark": (lambda _: TEXT.encode("utf-16"), "UTF-16"),
    "UTF-16, big end first, with a mark": (
        lambda _: b"\xfe\xff" + TEXT.encode("utf-16-be"),
        "UTF-16",
    ),
    "UTF-16": (lambda _: TEXT.encode("utf-16-le"), "UTF-16"),
    "UTF-16, big end first": (lambda _: TEXT.encode("utf-16-be"), "UTF-16"),
    "UTF-32": (lambda _: TEXT.encode("utf-32-be"), "UTF-32"),
    "UTF-32 with a mark": (lambda _: TEXT.encode("utf-32"), "UTF-16"),
    "tar": (tar, "tar archive"),
    "Parquet": (lambda _: b"PAR1" + bytes(range(256)), "Parquet"),
    "Arrow": (lambda _: b"ARROW1\0\0" + bytes(range(256)), "Arrow"),
    "Feather": (lambda _: b"FEA1" + bytes(range(256)), "Feather"),
    "NumPy": (lambda _: array(), "NumPy array"),
    "pickle": (lambda _: pickle.dumps({"text": TEXT}), "Python pickle"),
    "old pickle": (lambda _: pickle.dumps({"text": TEXT}, 2), "Python pickle"),
    "SQLite": (sqlite, "SQLite database"),
    "word2vec binary": (lambda folder: saved(folder, "v.bin"), "word vectors in binary form"),
    "word2vec text": (lambda folder: saved(folder, "v.txt"), "word vectors as text"),
    "GloVe text": (lambda folder: saved(folder, "v.glove.txt"), "word vectors as text"),
    "one vector": (lambda _: b"1 2\nking 0.5 -1e-3\n", "word vectors as text"),
    "fastText": (lambda _: b"\xba\x16\x4f\x2f" + bytes(50), "fastText model"),
    "PDF": (lambda _: b"%PDF-1.7\n" + TEXT.encode(), "PDF"),
    "JSON Lines": (lambda _: json.dumps({"text": TEXT}).encode() + b"\n", "JSON"),
    "JSON": (lambda _: json.dumps([{"text": TEXT}], indent=1).encode(), "JSON"),
    "CSV": (lambda _: b'id,text\r\n1,"the cat, sat"\r\n2,"on\nthe mat"\r\n3,again\r\n', "CSV"),
    "CSV with a mark": (lambda _: "\ufeffa,b\nc,d\ne,f".encode(), "CSV"),
    "CSV with semicolons": (lambda _: b"id;text\n1;the cat\n2;on the mat\n", "CSV"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_no_text_is_refused_also_after_unpacking(tmp_path, name):
    make, what = CONTENTS[name]
    content = make(tmp_path)
    for pack in (bytes, gzip.compress, bz2.compress, lzma.compress):
        path = tmp_path / "corpus"
        path.write_bytes(pack(content))
        with pytest.raises(CorpusError) as caught:
            read_corpus(path, min_count=1)
        message = str(caught.value)
        assert message.startswith(f"{path}: ")
        assert what in message
        assert ";" in message  # what to do


@pytest.mark.parametrize("c_rules", [False, True])
def test_every_source_is_checked(tmp_path, c_rules):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_bytes(gzip.compress(TEXT.encode("utf-16")))
    with pytest.raises(CorpusError, match=r"b\.txt: text in UTF-16"):
        read_corpus(tmp_path, min_count=1, c_rules=c_rules)


def test_compressed_twice(tmp_path):
    path = tmp_path / "text.gz.xz"
    path.write_bytes(lzma.compress(gzip.compress(TEXT.encode())))
    with pytest.raises(CorpusError, match="gzip data within compressed data; unpack it first"):
        read_corpus(path, min_count=1)


def test_a_checkpoint_is_no_text():
    from fastw2v.io.array_file import MAGIC

    with pytest.raises(CorpusError, match="--resume"):
        check_text(MAGIC + TEXT.encode(), "x")


@pytest.mark.parametrize("command", ["vocab", "phrases", "train"])
@pytest.mark.parametrize("piped", [False, True])
def test_commands_refuse_it_in_one_line(tmp_path, command, piped):
    path = tmp_path / "corpus.jsonl"
    path.write_text('{"text": "the cat sat"}\n' * 20)
    source, stdin = ("-", path.read_bytes()) if piped else (path, None)
    result = run_command(command, source, "-o", tmp_path / "out.txt", "--min-count", 1, stdin=stdin)
    line = error_line(result)
    assert "JSON, not plain text; name the field that has the text with --column; if it is" in line
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize(
    "text",
    [
        b'\n{"text": "one"}\n',  # the way out that the message tells
        b"However, he\nsaid, that\nso, it was\nindeed, so\n",
        b"the cat , the dog\nthe cow , the pig\na , b\n",
        b"yes,\nno,\nyes,\nno,\n",
        b"1\tthe cat\n2\tthe dog\n3\tthe cow\n",
        b"one,two\nthree\nfour,five,six\n",
        b"2 2\none two three\n",
        b"2 3\n1 2\n",
        b"2 0\n\n",
        b"5 5\n",
        b"5 1\n3 4\n7 8\n",
        b"3 2\n1 4 5\n1 2 4\n",
        b"1 2 3 4 5 6 7 8 9 10 11\n" * 9,
        b"a 1.5 2.5\nb 3.5 4.5\n",
        b"{ a set }\n",
        b"[1] a reference\n",
        b'"quoted": text\n',
        b"3 4\nwords that follow two numbers\n",
        b"a\0b c\0\0d e\n" * 30,
        b"\0" * 5 + b"text " * 50,
        b"\0" * 500,
        b"ok words " + b"\0" * 5000,
        "\ufeffwith a mark\n".encode(),
        "日本語 の 文章\n".encode() * 50,
        b"caf\xe9 in latin-1\n" * 50,
        b"\x80 sign\n",
        b"",
        b"\r\n\r\n",
    ],
)
def test_text_is_not_refused(text):
    check_text(text, "x")
    check_text(text * (HEAD_BYTES // max(1, len(text)) + 1), "x")


@given(st.lists(st.text('ab ,;"\n\0\r{}[]:é日', max_size=30), max_size=9).map("\n".join))
def test_nothing_but_a_corpus_error_comes_of_any_text(text):
    told = ""
    try:
        check_text(text.encode(), "x")
    except CorpusError as error:
        told = str(error)
    assert not told or any(what in told for what in ("JSON", "CSV", "UTF-"))
    check_text(b"\n" + text.replace("\0", "").encode(), "x")  # as the message says
