"""Decompression bombs: an error of one line, in little memory and time."""

import bz2
import gzip
import lzma

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.corpus import streams
from fastw2v.formats import reading
from fastw2v.io import compression
from tests.support.commands import error_line, refused, run_command, succeeded

MIB = 1 << 20


@pytest.fixture
def sound(tmp_path):
    path = tmp_path / "sound.txt"
    path.write_bytes(b"2 3\na 1 2 3\nb 4 5 6\n")
    return path


# --- bombs ----------------------------------------------------------------------------------------


def _zstandard_compress():
    module = compression._zstandard_module()
    if module is None:
        pytest.skip("no zstandard module")
    return getattr(module, "compress", None) or module.ZstdCompressor(level=19).compress


def bomb(kind: str, block: bytes) -> bytes:
    """Over 2 GiB, packed: the block again and again."""
    if kind == "zstandard":
        packed = _zstandard_compress()(block)
    else:
        packed = {"gzip": gzip.compress, "bzip2": bz2.compress, "xz": lzma.compress}[kind](block)
    return packed * (2048 * MIB // len(block))


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstandard"])
def test_a_decompression_bomb_of_zeros_is_refused(tmp_path, kind):
    path = tmp_path / "bomb"
    path.write_bytes(bomb(kind, bytes(32 * MIB)))
    assert "bomb: not a file of word vectors" in refused("info", path)
    assert "bomb: a word of more than 16 MiB" in refused("vocab", path, "-o", tmp_path / "out")


@pytest.mark.parametrize("block", [b"\n", b"a 1 2\n"])
def test_a_decompression_bomb_of_lines_is_refused(tmp_path, block):
    path = tmp_path / "bomb"
    path.write_bytes(
        gzip.compress(b"99 2\na 1 2\n") + bomb("gzip", block * (32 * MIB // len(block)))
    )
    reason = "bomb: gzip data that decompresses to over 500 times its size"
    assert reason in refused("info", path)
    assert reason in refused("vocab", path, "-o", tmp_path / "out")


def test_a_decompression_bomb_of_questions_is_refused(tmp_path, sound):
    path = tmp_path / "bomb"
    path.write_bytes(gzip.compress(b"a b c d\n") + bomb("gzip", b"\n" * 32 * MIB))
    assert "decompresses to over 500 times" in refused("evaluate", sound, "--analogies", path)


def test_a_gzip_header_with_an_endless_name_is_refused(tmp_path):
    path = tmp_path / "v.gz"
    path.write_bytes(b"\x1f\x8b\x08\x08" + bytes(6) + b"n" * 50 * MIB)
    assert "corrupt gzip data" in refused("info", path)
    assert "the gzip data ends early" in refused("vocab", path, "-o", tmp_path / "out")


def test_small_files_with_high_compression_are_accepted(tmp_path):
    vectors = tmp_path / "zeros.bin.gz"
    formats.save(vectors, [f"w{i}" for i in range(20_000)], np.zeros((20_000, 50), np.float32))
    assert "20000 words" in succeeded("info", vectors).stdout.replace(",", "")
    corpus = tmp_path / "again.gz"
    corpus.write_bytes(gzip.compress(b"a b c d\n" * 1_000_000))
    assert b"a 1000000\n" in succeeded("vocab", corpus, "-o", "-", "-q").stdout_bytes


# --- memory that runs out -------------------------------------------------------------------------


def test_archives_that_need_too_much_memory_are_refused(tmp_path, monkeypatch):
    """An xz header may ask for a dictionary of 4 GiB."""

    class Greedy:
        def read(self, size):
            raise MemoryError

        readinto = read

    path = tmp_path / "v.xz"
    path.write_bytes(lzma.compress(b"a 1\n"))
    monkeypatch.setattr(reading, "decompressor", lambda file, kind: Greedy())
    monkeypatch.setattr(streams, "decompressor", lambda file, kind: Greedy())
    reason = "v.xz: not enough memory to decompress this xz data"
    assert reason in error_line(run_command("info", path))
    assert reason in error_line(run_command("vocab", path, "-o", tmp_path / "out"))


def test_running_out_of_memory_is_reported_in_one_line(sound, monkeypatch):
    def greedy(*_, **__):
        raise MemoryError

    monkeypatch.setattr(formats, "read", greedy)
    result = run_command("words", sound)
    assert "out of memory; close other programs" in error_line(result)
    assert result.stderr.count("\n") == 1
