"""Files that somebody else may have written."""

import os
from pathlib import Path

import pytest

from fastw2v.system import ownership
from fastw2v.system.ownership import (
    NotOurOwnError,
    check_own_folder,
    make_own_folder,
    read_own_file,
)

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="users of another kind")


@pytest.fixture
def own(tmp_path) -> Path:
    """A file in a folder, both of this user; above it a folder that others may read."""
    ownership._check_above.cache_clear()
    folder = tmp_path / "above" / "own"
    make_own_folder(os.fspath(folder))
    path = folder / "file"
    path.write_bytes(b"content")
    path.chmod(0o600)
    return path


def refused(path: Path, match: str) -> None:
    ownership._check_above.cache_clear()
    with pytest.raises(NotOurOwnError, match=match):
        read_own_file(os.fspath(path))


def test_own_files_are_read(own):
    assert read_own_file(os.fspath(own)) == b"content"
    check_own_folder(os.fspath(own.parent))
    check_own_folder(os.fspath(own.parent / "not" / "there"))
    own.parent.parent.chmod(0o1777)  # as /tmp
    ownership._check_above.cache_clear()
    assert read_own_file(os.fspath(own)) == b"content"


@pytest.mark.parametrize("bit", [0o020, 0o002])
def test_files_and_folders_that_others_may_write_to(own, bit):
    for path in (own, own.parent):
        before = path.stat().st_mode
        path.chmod(before | bit)
        refused(own, f"other users may write to {path}$")
        path.chmod(before)
    assert read_own_file(os.fspath(own)) == b"content"


def test_a_folder_that_others_may_exchange(own):
    own.parent.parent.chmod(0o777)
    refused(own, f"other users may write to {own.parent.parent}$")
    with pytest.raises(NotOurOwnError):
        check_own_folder(os.fspath(own.parent))


@pytest.mark.parametrize("levels", [0, 1, 2])
def test_what_belongs_to_another_user(own, levels, monkeypatch):
    path = [own, *own.parents][levels]
    if os.geteuid() == 0:
        os.chown(path, 12_345, -1)
        refused(own, f"{path} belongs to another user")
        return
    monkeypatch.setattr(os, "geteuid", lambda: 12_345)
    refused(own, "belongs to another user")


def test_links_are_not_followed(own):
    for link, to in ((own.parent / "link", own), (own.parent.parent / "other", own.parent)):
        link.symlink_to(to)
    for path in (own.parent / "link", own.parent.parent / "other" / own.name):
        with pytest.raises(OSError, match=r"symbolic|Not a directory"):
            read_own_file(os.fspath(path))


def test_a_group_that_is_of_this_user_alone(own, monkeypatch):
    """Many systems make folders writable for it."""
    above = own.parent.parent
    above.chmod(0o770)
    for private in (True, False):
        monkeypatch.setattr(ownership, "_is_private", lambda *_, private=private: private)
        if private:
            ownership._check_above.cache_clear()
            assert read_own_file(os.fspath(own)) == b"content"
        else:
            refused(own, f"other users may write to {above}$")
