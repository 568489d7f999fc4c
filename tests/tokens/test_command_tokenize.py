"""``fastw2v tokenize``: files, pipes, threads, compression, errors."""

# ruff: noqa: RUF001

import gzip
import json
import random

import pytest

import fastw2v
from fastw2v.tokens import files
from tests.support.commands import error_line, run_command, run_process, succeeded

TEXT = "The cat sat. It’s 5 o'clock!\nÉtude in C major — café. Ünder\n\n東京 x\n"


def plain(text: str, **options) -> bytes:
    return "".join(" ".join(words) + "\n" for words in fastw2v.tokenize(text, **options)).encode()


@pytest.fixture
def source(tmp_path):
    (tmp_path / "raw.txt").write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    return tmp_path / "raw.txt"


def test_files_pipes_and_compression_give_the_same(source, tmp_path):
    expected = plain(TEXT)
    assert succeeded("tokenize", source, "-q").stdout_bytes == expected
    assert succeeded("tokenize", "-", "-q", stdin=source.read_bytes()).stdout_bytes == expected
    packed = tmp_path / "raw.gz"
    packed.write_bytes(gzip.compress(TEXT.encode()))
    assert succeeded("tokenize", "-", stdin=packed.read_bytes()).stdout_bytes == expected
    done = succeeded("tokenize", source, packed, "-o", tmp_path / "out.gz")
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == 2 * expected
    assert "out.gz: " in done.stderr
    assert "words in" in done.stderr


def test_a_file_without_a_last_newline_does_not_run_into_the_next(tmp_path):
    for name, text in (("a", "one"), ("b", "two"), ("c", "")):
        (tmp_path / name).write_text(text)
    found = succeeded("tokenize", *(tmp_path / name for name in "abc"), "-q").stdout_bytes
    assert found == b"one\ntwo\n"


def test_any_number_of_threads_and_any_blocks_give_the_same(tmp_path, monkeypatch):
    chance = random.Random(2)
    pieces = ["cat ", "dog. ", "É", "\n", "\n\n", "1,000 ", "Mr. ", "\r\n", "👍 ", "\n \n"]
    text = "".join(chance.choices(pieces, k=5000))
    path = tmp_path / "raw.txt"
    path.write_text(text, newline="")
    for wrapped in (False, True):
        expected = plain(text, wrapped=wrapped, lower=True)
        for threads, size in ((1, 1 << 20), (2, 100), (3, 2000)):
            monkeypatch.setattr(files, "_BLOCK_BYTES", size)
            monkeypatch.setattr("fastw2v.corpus.whole._READ_BYTES", max(7, size // 3))
            how = ["--lower", *(["--wrapped"] if wrapped else []), "--threads", threads, "-q"]
            assert succeeded("tokenize", path, *how).stdout_bytes == expected


def test_options_and_columns(source, tmp_path):
    how = ["--lower", "--numbers", "word", "--keep-hyphens", "-q"]
    found = succeeded("tokenize", source, *how).stdout_bytes
    assert found == plain(TEXT, lower=True, numbers="word", hyphens="keep")
    table = tmp_path / "t.jsonl"
    rows = [json.dumps({"text": line}) for line in TEXT.split("\n")]
    table.write_text("\n".join(rows))
    assert succeeded("tokenize", table, "--column", "text", "-q").stdout_bytes == plain(TEXT)


def test_it_feeds_train(source, tmp_path):
    words = run_process("tokenize", "-", stdin=source.read_bytes())
    done = run_process(
        "train", "-", "-o", tmp_path / "v.txt", "--min-count", 1, "--size", 4, "--epochs", 1,
        stdin=words.stdout,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert set(fastw2v.load(tmp_path / "v.txt").words) == {"</s>", *words.stdout.decode().split()}


def test_warnings(tmp_path):
    path = tmp_path / "raw.txt"
    path.write_text("今日は良い天気です。" * 20)
    done = succeeded("tokenize", path)
    assert "100% of the letters are Japanese" in done.stderr
    assert "fugashi" in done.stderr
    assert not succeeded("tokenize", path, "-q").stderr
    path.write_bytes(b"caf\xe9 bar \xff\n")
    done = succeeded("tokenize", path)
    assert done.stdout_bytes == b"caf bar\n"
    assert "2 places are not UTF-8" in done.stderr


def test_errors(source, tmp_path, monkeypatch):
    before = source.read_bytes()
    assert "is an input of this command" in error_line(
        run_command("tokenize", source, "-o", source)
    )
    assert source.read_bytes() == before
    line = error_line(run_command("tokenize", tmp_path / "none.txt"))
    assert "no such file or folder; check the path" in line
    (tmp_path / "bad.gz").write_bytes(gzip.compress(TEXT.encode() * 50)[:-20])
    line = error_line(run_command("tokenize", tmp_path / "bad.gz", "-o", tmp_path / "out.txt"))
    assert "the gzip data ends early" in line
    assert not (tmp_path / "out.txt").exists()
    monkeypatch.setattr(files, "_BLOCK_BYTES", 100)
    monkeypatch.setattr(files, "_MOST_LINE_BYTES", 1000)
    (tmp_path / "long.txt").write_text("word " * 1000)
    line = error_line(run_command("tokenize", tmp_path / "long.txt", "-o", tmp_path / "out.txt"))
    assert "a line of more than 0 MiB; break it, for example: fold -s" in line


@pytest.mark.parametrize("text", [b"", b"\n\n", b"...\n"])
def test_no_words_are_no_error(text):
    assert succeeded("tokenize", "-", "-q", stdin=text).stdout_bytes == b""
