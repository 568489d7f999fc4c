"""A file is replaced whole or not at all."""

import errno
import os
import stat

import pytest

from fastw2v.errors import OutputError
from fastw2v.io.atomic import check_writable, replacing


def test_a_new_file_has_the_content_written(tmp_path):
    with replacing(tmp_path / "new.bin") as file:
        file.write(b"abc")
    assert (tmp_path / "new.bin").read_bytes() == b"abc"
    assert os.listdir(tmp_path) == ["new.bin"]


def test_text_mode_keeps_escaped_bytes_and_line_ends(tmp_path):
    with replacing(tmp_path / "t.txt", "w") as file:
        file.write(b"\xff\xe9".decode("utf-8", "surrogateescape") + "é\r\n")
    assert (tmp_path / "t.txt").read_bytes() == b"\xff\xe9\xc3\xa9\r\n"


def test_the_old_file_stays_until_the_block_ends(tmp_path):
    target = tmp_path / "v.bin"
    target.write_bytes(b"old")
    with replacing(target) as file:
        file.write(b"new")
        file.flush()
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("error", [RuntimeError("x"), KeyboardInterrupt()])
def test_failure_keeps_the_old_file_and_leaves_no_temporary_file(tmp_path, error):
    target = tmp_path / "v.bin"
    target.write_bytes(b"old")

    def write_half():
        with replacing(target) as file:
            file.write(b"half")
            raise error

    with pytest.raises(type(error)):
        write_half()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["v.bin"]


def test_a_full_disk_is_an_error_of_one_line(tmp_path):
    target = tmp_path / "v.bin"
    target.write_bytes(b"old")
    with pytest.raises(OutputError) as caught, replacing(target):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert str(caught.value) == f"cannot write {target}: No space left on device"
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["v.bin"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
def test_a_full_device_is_an_error():
    with pytest.raises(OutputError, match="No space left"), replacing("/dev/full") as file:
        file.write(b"x" * 100_000)


def test_a_device_is_written_to_and_not_replaced():
    before = os.stat(os.devnull).st_mode
    check_writable(os.devnull)
    with replacing(os.devnull) as file:
        file.write(b"x")
    assert os.stat(os.devnull).st_mode == before


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with replacing(tmp_path / "link") as file:
        file.write(b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_permissions_follow_the_old_file_or_the_umask(tmp_path):
    old = tmp_path / "old"
    old.write_bytes(b"")
    old.chmod(0o640)
    for name in ("old", "new"):
        with replacing(tmp_path / name) as file:
            file.write(b"x")
    (tmp_path / "plain").write_bytes(b"")
    mode = {name: stat.S_IMODE((tmp_path / name).stat().st_mode) for name in os.listdir(tmp_path)}
    assert mode["old"] == 0o640
    assert mode["new"] == mode["plain"]


def test_name_as_long_as_the_system_allows(tmp_path):
    target = tmp_path / ("é" * 127)
    check_writable(target)
    with replacing(target) as file:
        file.write(b"x")
    assert target.read_bytes() == b"x"


@pytest.mark.parametrize("use", [check_writable, lambda path: replacing(path).__enter__()])
class TestRefused:
    def test_missing_folder(self, tmp_path, use):
        with pytest.raises(OutputError, match=r"missing does not exist; create it first"):
            use(tmp_path / "missing" / "v.bin")

    def test_folder(self, tmp_path, use):
        with pytest.raises(OutputError, match="it is a folder"):
            use(tmp_path)

    def test_file_as_folder(self, tmp_path, use):
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(OutputError, match="Not a directory"):
            use(tmp_path / "file" / "v.bin")

    def test_name_too_long(self, tmp_path, use):
        with pytest.raises(OutputError, match="too long"):
            use(tmp_path / ("x" * 300))


def test_check_writable_changes_nothing(tmp_path):
    (tmp_path / "v.bin").write_bytes(b"old")
    check_writable(tmp_path / "v.bin")
    check_writable(tmp_path / "other.bin")
    assert os.listdir(tmp_path) == ["v.bin"]
    assert (tmp_path / "v.bin").read_bytes() == b"old"


def test_check_writable_respects_write_protection(tmp_path, monkeypatch):
    target = tmp_path / "v.bin"
    target.write_bytes(b"old")
    # Root may write anything, so the system's answer is put in place of asking it.
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(OutputError, match="write-protected"):
        check_writable(target)
