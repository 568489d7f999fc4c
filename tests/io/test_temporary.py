"""Temporary files: those of killed processes are removed, those of running ones are kept."""

import errno
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import fastw2v
from fastw2v.io import temporary
from fastw2v.io.atomic import check_writable, replacing
from fastw2v.system import posix as posix_calls

posix = pytest.mark.skipif(not posix_calls.can_lock(), reason="no file locks on this system")
ENVIRONMENT = os.environ | {"PYTHONPATH": str(Path(fastw2v.__file__).parents[1])}

WRITE_HALF = """
import sys, time
from fastw2v.io.atomic import replacing
with replacing(sys.argv[1]) as file:
    file.write(b"half")
    file.flush()
    print("written", flush=True)
    time.sleep(60)
"""


def half_written(target: Path) -> subprocess.Popen:
    """A process that has written half of ``target``, and waits."""
    command = [sys.executable, "-c", WRITE_HALF, str(target)]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"written\n"
    return process


def kill(process: subprocess.Popen) -> None:
    process.kill()
    assert process.wait() == -signal.SIGKILL
    process.stdout.close()


def files(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


@posix
class TestKilled:
    @pytest.mark.parametrize("use", ["write", "check"])
    def test_the_next_write_removes_files_of_killed_processes(self, tmp_path, use):
        target = tmp_path / "v.bin"
        target.write_bytes(b"old")
        first, second = half_written(target), half_written(target)
        other = half_written(tmp_path / "other.bin")
        assert len(files(tmp_path)) == 1 + 3
        try:
            # The second has a name of its own; killing the first leaves the one that was tried
            # before it.
            kill(first)
            check_writable(target)
            assert len(files(tmp_path)) == 1 + 2
            kill(second)
            assert target.read_bytes() == b"old"
            if use == "check":
                check_writable(target)
            else:
                with replacing(target) as file:
                    file.write(b"new")
            assert target.read_bytes() == (b"old" if use == "check" else b"new")
            assert len(files(tmp_path)) == 1 + 1, "that of another target is another's business"
        finally:
            kill(other)
        check_writable(tmp_path / "other.bin")
        assert files(tmp_path) == ["v.bin"]

    def test_files_of_running_processes_are_kept(self, tmp_path):
        """A second writer finishes while the first is writing, without affecting it."""
        target = tmp_path / "v.bin"
        with replacing(target) as slow:
            slow.write(b"sl")
            slow.flush()
            with replacing(target) as quick:
                quick.write(b"quick")
            assert target.read_bytes() == b"quick"
            check_writable(target)
            slow.write(b"ow")
        assert target.read_bytes() == b"slow"
        assert files(tmp_path) == ["v.bin"]


@posix
def test_several_processes_may_write_one_target(tmp_path):
    """More than there are names; each sees its own file through, whole."""
    target = tmp_path / "v.bin"

    def write(writer: int) -> None:
        for turn in range(30):
            with replacing(target) as file:
                file.write(b"%d %d " % (writer, turn) * 200)
            assert len(set(target.read_bytes().rstrip().split(b" ")[::2])) == 1

    writers = temporary._NAMES + 3
    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    assert files(tmp_path) == ["v.bin"]
    assert target.read_bytes().split()[1] == b"29"


def no_locks(descriptor, operation):
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


@pytest.mark.parametrize("lacking", ["module", "file system"])
def test_file_systems_without_locks_work(tmp_path, monkeypatch, lacking):
    if lacking == "module":
        monkeypatch.setattr(posix_calls, "fcntl", None)
    elif posix_calls.can_lock():
        monkeypatch.setattr(posix_calls.fcntl, "flock", no_locks)
    target = tmp_path / "v.bin"
    with replacing(target) as slow:
        with replacing(target) as quick:
            quick.write(b"quick")
        slow.write(b"slow")
        assert len(files(tmp_path)) == 2
    check_writable(target)
    assert target.read_bytes() == b"slow"
    assert files(tmp_path) == ["v.bin"]


def occupy(path: Path, what: str) -> None:
    if what == "folder":
        path.mkdir()
    elif what == "link":
        path.symlink_to(path.with_name("precious"))
    else:
        os.mkfifo(path)


@posix
@pytest.mark.parametrize("what", ["folder", "link", "pipe"])
def test_links_and_pipes_at_the_temporary_names_are_not_followed(tmp_path, what):
    target = tmp_path / "v.bin"
    (tmp_path / "precious").write_bytes(b"precious")
    for path in temporary._names(target):
        occupy(path, what)
    before = files(tmp_path)
    with replacing(target) as file:
        file.write(b"new")
    assert target.read_bytes() == b"new"
    assert (tmp_path / "precious").read_bytes() == b"precious"
    assert files(tmp_path) == sorted([*before, "v.bin"])


LIMITED = """
import resource, signal, sys
from fastw2v.io.atomic import replacing
from fastw2v.errors import OutputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    with replacing(sys.argv[1]) as file:
        file.write(b"x" * 8_000)
        file.write(b"x" * 8_000)
except OutputError as error:
    print(error)
"""


@posix
def test_a_file_size_limit_is_an_error(tmp_path):
    target = tmp_path / "v.bin"
    target.write_bytes(b"old")
    command = [sys.executable, "-c", LIMITED, str(target)]
    done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == (f"cannot write {target}: File too large\n", "")
    assert target.read_bytes() == b"old"
    assert files(tmp_path) == ["v.bin"]
