"""Files that another program truncates in place, after or while they are read."""

import os
import subprocess
import sys

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.errors import FormatError
from fastw2v.formats.reading import Stream
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.paths import ROOT

WORDS = [f"w{number}" for number in range(3_000)]
MATRIX = np.random.default_rng(3).normal(size=(3_000, 50)).astype(np.float32)
NAMES = ("v.npy", "v.bin", "v.txt", "v.tsv")

QUERIES = """
import os, sys
import fastw2v
path = sys.argv[1]
vectors = fastw2v.load(path)
before = vectors.similar("w7"), vectors["w2999"].tolist()
os.truncate(path, 100)
assert (vectors.similar("w7"), vectors["w2999"].tolist()) == before
vectors.save(sys.argv[2])
"""


@pytest.mark.parametrize("name", NAMES)
def test_loaded_vectors_do_not_depend_on_their_file(tmp_path, name):
    """A map of a truncated file ends the process by a signal."""
    formats.save(tmp_path / name, WORDS, MATRIX)
    again = tmp_path / "again.bin"
    command = [sys.executable, "-c", QUERIES, tmp_path / name, again]
    done = subprocess.run(command, cwd=ROOT, capture_output=True)
    assert done.returncode == 0, (done.returncode, done.stderr)
    np.testing.assert_array_equal(formats.load(again)[1], MATRIX)


def truncated_on_call(monkeypatch, path, number: int) -> None:
    """Truncate the file at the beginning of the call of `Stream.read_at` of this number."""
    original, calls = Stream.read_at, []

    def read_at(self, offset, room):
        calls.append(offset)
        if len(calls) == number:
            os.truncate(path, 100)
        return original(self, offset, room)

    monkeypatch.setattr(Stream, "read_at", read_at)


@pytest.mark.parametrize("order", ["C", "F"])
def test_truncated_while_it_is_read(tmp_path, monkeypatch, order):
    path = tmp_path / "v.npy"
    formats.save(path, WORDS, MATRIX)
    np.save(path, np.asarray(MATRIX, order=order))
    truncated_on_call(monkeypatch, path, 1)
    with pytest.raises(FormatError, match=r"v\.npy: became shorter while it was read"):
        formats.load(path)


@pytest.mark.parametrize("dtype", ["<f4", ">f4", "<f2", "<f8"])
@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("limit", [None, 1, 2_500, 9_999])
def test_every_kind_of_matrix(tmp_path, dtype, order, limit):
    path = tmp_path / "v.npy"
    formats.save(path, WORDS, MATRIX)
    np.save(path, np.asarray(MATRIX, dtype, order=order))
    words, matrix = formats.load(path, limit=limit)
    assert words == WORDS[:limit]
    assert matrix.dtype == np.float32
    assert matrix.flags.c_contiguous
    np.testing.assert_array_equal(matrix, MATRIX.astype(dtype)[:limit].astype(np.float32))


def test_a_matrix_is_mapped_if_asked_for_or_if_memory_is_short(tmp_path, monkeypatch):
    path = tmp_path / "v.npy"
    formats.save(path, WORDS, MATRIX)

    def is_mapped(mapped: bool | None) -> bool:
        found = WordVectors.load(path, mapped=mapped).matrix
        return isinstance(found, np.memmap) or isinstance(found.base, np.memmap)

    for free in (0, 1 << 40, None):
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda free=free: free)
        assert is_mapped(True)
        assert not is_mapped(False)
        assert is_mapped(None) == (free == 0)
