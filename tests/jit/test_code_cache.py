"""Compiled code on disk: damage and refusals cost time, never the answer."""

import hashlib
import os
import pickle
import shutil
from pathlib import Path

import numba
import numpy as np
import pytest

from fastw2v.jit import compiled
from fastw2v.jit.code_cache import CodeCache


def function(folder: Path, monkeypatch):
    """A fresh function, as if in a new process, whose code is kept in ``folder``."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))

    def thirds(numbers):
        return numbers[0] // 3

    return compiled.compiled(thirds)


def call(folder: Path, monkeypatch):
    """``(hits, misses)`` of the cache, and the function, which gave the right answer."""
    thirds = function(folder, monkeypatch)
    assert thirds((100, 7)) == 33
    hits, misses = thirds.stats.cache_hits, thirds.stats.cache_misses
    return (sum(hits.values()), sum(misses.values())), thirds


def kept(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_kept_and_found(tmp_path, monkeypatch):
    assert call(tmp_path, monkeypatch)[0] == (0, 1)
    (file,) = kept(tmp_path)
    assert file.suffix == ".code"
    counts, thirds = call(tmp_path, monkeypatch)
    assert counts == (1, 0)
    assert compiled.why_not_kept(thirds) is None
    thirds((100.0, 7))  # another signature, another file
    assert len(kept(tmp_path)) == 2


def halves(folder: Path, monkeypatch):
    """As `function`, with a parallel loop."""
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(folder))

    def halve(numbers):
        for i in numba.prange(len(numbers)):
            numbers[i] //= 2

    return compiled.compiled(parallel=True)(halve)


def test_who_calls_a_parallel_loop_that_was_read_starts_the_threads_too(tmp_path, monkeypatch):
    """Its own code may be read in a process that has started none."""
    numbers = np.array([8, 6])
    halves(tmp_path, monkeypatch)(numbers)
    halve = halves(tmp_path, monkeypatch)
    caller = numba.njit(lambda numbers: halve(numbers))
    caller(numbers)
    assert sum(halve.stats.cache_hits.values()) == 1
    assert numbers.tolist() == [2, 1]
    (result,) = caller.overloads.values()
    assert result.reload_init, "what Numba runs when it reads the code"


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def flip(data: bytes) -> bytes:
    """One bit, in the middle of the machine code."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 4]) + data[middle + 1 :]


DAMAGE = {
    "empty": lambda data: b"",
    "cut short": cut,
    "one bit": flip,
    "lengthened": lambda data: data + b"x",
    "other data": lambda data: os.urandom(len(data)),
    "its head": lambda data: data[:7],
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_file_is_compiled_anew_and_mended(tmp_path, monkeypatch, damage):
    call(tmp_path, monkeypatch)
    (file,) = kept(tmp_path)
    sound = file.read_bytes()
    file.write_bytes(DAMAGE[damage](sound))
    assert call(tmp_path, monkeypatch)[0] == (0, 1)
    assert call(tmp_path, monkeypatch)[0] == (1, 0)


def test_sound_data_of_another_function_are_not_run(tmp_path, monkeypatch):
    """As when two processes fill an index at once; here the file tells whose code it holds."""
    _, thirds = call(tmp_path, monkeypatch)
    (first,) = kept(tmp_path)
    thirds((100.0, 7))
    (second,) = set(kept(tmp_path)) - {first}
    shutil.copy(second, first)
    assert call(tmp_path, monkeypatch)[0] == (0, 1)


def test_an_unreadable_file_is_compiled_anew(tmp_path, monkeypatch):
    call(tmp_path, monkeypatch)
    (file,) = kept(tmp_path)
    file.unlink()
    file.mkdir()
    counts, thirds = call(tmp_path, monkeypatch)
    assert counts == (0, 1)
    assert str(file.parent) in compiled.why_not_kept(thirds)


def test_a_folder_that_is_lost_while_running(tmp_path, monkeypatch):
    thirds = function(tmp_path / "cache", monkeypatch)
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_bytes(b"no folder")
    assert thirds((100, 7)) == 33
    assert "Not a directory; set NUMBA_CACHE_DIR" in compiled.why_not_kept(thirds)


def test_what_cannot_be_written_is_told_once_in_one_line(tmp_path, monkeypatch):
    def refused(path):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fastw2v.jit.code_cache.temporary_beside", refused)
    _, full = call(tmp_path, monkeypatch)
    line = compiled.why_not_kept(full, full)
    assert line.count("No space left on device") == 1
    assert "\n" not in line
    assert kept(tmp_path) == []


def test_flush_forgets(tmp_path, monkeypatch):
    _, thirds = call(tmp_path, monkeypatch)
    thirds.recompile()
    assert call(tmp_path, monkeypatch)[0] == (1, 0)
    thirds._cache.flush()
    assert kept(tmp_path) == []


@pytest.mark.parametrize("home", ["relative", None])
def test_no_home_folder_makes_no_folder(tmp_path, monkeypatch, home):
    """Where nobody knows the home folder, Numba would make one called ``~`` right here."""
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    if home is None:
        monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    else:
        monkeypatch.setenv("HOME", home)
    module = tmp_path / "read-only" / "module.py"
    module.parent.mkdir()
    module.write_text("def thirds(numbers):\n    return numbers[0] // 3\n")
    (module.parent / "__pycache__").write_bytes(b"no folder")
    names = {}
    exec(compile(module.read_text(), str(module), "exec"), names)
    with pytest.raises(RuntimeError, match="no locator"):
        CodeCache(names["thirds"])
    assert os.listdir() == []


def allow_others(path: Path) -> None:
    path.chmod(path.stat().st_mode | 0o022)


@pytest.mark.parametrize("which", ["file", "folder"])
def test_what_others_may_write_to_is_not_run(tmp_path, monkeypatch, which):
    """Unpickling runs what is in a file."""
    call(tmp_path, monkeypatch)
    (file,) = kept(tmp_path)
    ran = tmp_path / "ran"
    payload = pickle.dumps(Harm(ran))
    file.write_bytes(hashlib.blake2b(payload, digest_size=16).digest() + payload)
    allow_others(file if which == "file" else file.parent)
    counts, thirds = call(tmp_path, monkeypatch)
    assert counts == (0, 1)
    assert not ran.exists()
    line = compiled.why_not_kept(thirds)
    assert "other users may write to" in line
    assert "\n" not in line
    if which == "file":  # it is replaced, and the next run uses it
        assert (call(tmp_path, monkeypatch)[0], file.stat().st_mode & 0o077) == ((1, 0), 0)
    else:
        assert "only you can write to" in line


@pytest.mark.parametrize("mask", [0o000, 0o002, 0o077])
def test_code_is_kept_for_its_user_only(tmp_path, monkeypatch, mask):
    """Also where new folders are made so that a group may write to them."""
    before = os.umask(mask)
    try:
        call(tmp_path, monkeypatch)
        counts, thirds = call(tmp_path, monkeypatch)
    finally:
        os.umask(before)
    open_to_all = mask == 0  # Numba's own folder, above ours
    assert counts == ((0, 1) if open_to_all else (1, 0))
    assert (compiled.why_not_kept(thirds) is None) != open_to_all
    if not open_to_all:
        (file,) = kept(tmp_path)
        assert (file.parent.stat().st_mode | file.stat().st_mode) & 0o077 == 0


class Harm:
    """Unpickled, it makes a folder."""

    def __init__(self, path: Path):
        self.path = os.fspath(path)

    def __reduce__(self):
        return os.mkdir, (self.path,)
