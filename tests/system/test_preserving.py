"""What a replaced file had besides its content."""

import os
import struct
import warnings

import pytest

from fastw2v.io.atomic import replacing
from fastw2v.system import preserving
from fastw2v.system.preserving import ReplacedFileWarning
from tests.support.commands import run_process

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    return path


def replace(path) -> None:
    with replacing(path) as file:
        file.write(b"new")
    assert path.read_bytes() == b"new"


@as_root
def test_the_owner_is_kept(old):
    os.chown(old, 12_345, 23_456)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        replace(old)
    status = old.stat()
    assert (status.st_uid, status.st_gid, status.st_mode & 0o777) == (12_345, 23_456, 0o640)


def refuse(*arguments):
    raise PermissionError(1, "Operation not permitted")


@as_root
def test_a_lost_owner_is_named(old, monkeypatch):
    os.chown(old, 12_345, 23_456)
    monkeypatch.setattr(os, "fchown", refuse)
    with pytest.warns(ReplacedFileWarning, match=r"file: .* not have the owner \(12345:23456\) of"):
        replace(old)
    assert old.stat().st_mode & 0o777 == 0o640


def test_nothing_is_said_if_nothing_is_lost(old, monkeypatch):
    monkeypatch.setattr(os, "fchown", refuse)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        replace(old)


def access_list() -> bytes:
    """The owner, user 12345, the group, the mask and others, as Linux stores them."""
    entries = [(1, 6, 2**32 - 1), (2, 6, 12_345), (4, 4, 2**32 - 1), (16, 6, 2**32 - 1),
               (32, 0, 2**32 - 1)]  # fmt: skip
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


@pytest.mark.parametrize("kept", [True, False])
def test_access_control_lists(old, monkeypatch, kept):
    given = []  # not every file system has them

    def getxattr(path, name):
        assert path == old
        return access_list()

    def setxattr(descriptor, name, value):
        if not kept:
            refuse()
        given.append(value)

    monkeypatch.setattr(os, "getxattr", getxattr)
    monkeypatch.setattr(os, "setxattr", setxattr)
    if kept:
        replace(old)
        assert given == [access_list()]
        return
    with pytest.warns(ReplacedFileWarning, match="the access control list of"):
        replace(old)


def test_a_real_access_control_list(old):
    try:
        os.setxattr(old, preserving._LIST, access_list())
    except OSError as error:
        pytest.skip(f"no access control lists here: {error.strerror}")
    replace(old)
    assert os.getxattr(old, preserving._LIST) == access_list()


LOSING = """
import os, sys
def refuse(*arguments):
    raise PermissionError(1, "Operation not permitted")
os.fchown = refuse
sys.argv[0] = "fastw2v"
from fastw2v.cli import main
main()
"""


@as_root
def test_a_command_says_it_in_one_line(tmp_path, tiny_corpus):
    path = tmp_path / "counts.txt"
    path.write_bytes(b"old")
    os.chown(path, 12_345, 23_456)
    done = run_process("vocab", tiny_corpus, "-o", path, "-q", code=LOSING)
    assert done.returncode == 0
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith(f"Warning: {path}: is replaced by a new file")
