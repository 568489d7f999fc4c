"""What replaces the calls that only POSIX has."""

import os
import threading

import numpy as np
import pytest

from fastw2v import formats
from fastw2v.formats import reading
from fastw2v.matrix.pages import zeros
from fastw2v.system import cores, posix
from fastw2v.vectors import conversion
from fastw2v.vectors.loading import load_vectors


def test_a_file_that_is_open_is_replaced_when_it_is_closed(monkeypatch, tmp_path):
    """As on Windows, where a virus scanner may have it open."""
    (tmp_path / "new").write_text("new")
    refused = [PermissionError(13, "in use")] * 3
    replace = os.replace

    def refusing(old, new):
        if refused:
            raise refused.pop()
        replace(old, new)

    monkeypatch.setattr(posix, "REPLACES_OPEN_FILES", False)
    monkeypatch.setattr(os, "replace", refusing)
    posix.replace(tmp_path / "new", tmp_path / "old")
    assert os.listdir(tmp_path) == ["old"]
    refused.extend([PermissionError(13, "in use")] * 1000)
    monkeypatch.setattr(posix, "_PATIENCE", 0.1)
    with pytest.raises(PermissionError):
        posix.replace(tmp_path / "old", tmp_path / "other")


def test_where_open_files_can_be_replaced_a_refusal_is_final(monkeypatch, tmp_path):
    calls = []

    def refusing(*paths):
        calls.append(paths)
        raise PermissionError(13, "not yours")

    monkeypatch.setattr(os, "replace", refusing)
    with pytest.raises(PermissionError, match="not yours"):
        posix.replace("a", "b")
    assert len(calls) == 1


def test_reading_at_a_position_without_preadv(monkeypatch, tmp_path):
    monkeypatch.delattr(os, "preadv", raising=False)
    (tmp_path / "file").write_bytes(b"0123456789")
    room = bytearray(4)
    with open(tmp_path / "file", "rb", 0) as file:
        assert posix.read_at(file, memoryview(room), 5, threading.Lock()) == 4
        assert room == b"5678"
        assert posix.read_at(file, memoryview(room), 10, threading.Lock()) == 0


def test_memory_without_flags_of_maps(monkeypatch):
    monkeypatch.delattr(posix.mmap, "MAP_ANONYMOUS", raising=False)
    found = zeros(1000, np.float32)
    assert found.shape == (1000,)
    assert not found.any()
    found[:] = 3


def test_cores_without_affinity(monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    monkeypatch.setattr(cores, "_container_quota", lambda: float("inf"))
    monkeypatch.delattr(os, "process_cpu_count", raising=False)
    assert cores.usable_cores() == 3
    monkeypatch.setattr(os, "process_cpu_count", lambda: 2, raising=False)
    assert cores.usable_cores() == 2


@pytest.mark.parametrize("name", ["v.bin", "v.npy"])
def test_a_mapped_file_is_not_converted_in_place_where_that_is_refused(monkeypatch, tmp_path, name):
    """With little memory vectors stay in the file, which Windows would not replace then."""
    path = tmp_path / name
    formats.save(path, ["a", "b"], np.eye(2, 5, dtype=np.float32))
    monkeypatch.setattr(reading, "free_memory", lambda: 1)
    seen = []
    save = formats.save

    def saving(target, words, matrix, **named):
        in_memory = type(matrix) is np.ndarray and not isinstance(matrix.base, np.memmap)
        seen.append(in_memory)
        save(target, words, np.asarray(matrix), **named)

    monkeypatch.setattr(conversion.formats, "save", saving)
    conversion.convert(path, path)
    monkeypatch.setattr(posix, "REPLACES_OPEN_FILES", False)
    conversion.convert(path, path)
    conversion.convert(path, tmp_path / f"other-{name}")
    assert seen == [False, True, False]
    found = load_vectors(tmp_path / f"other-{name}")
    assert found.words == ["a", "b"]
