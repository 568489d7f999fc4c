"""Whether anybody else may have written a file: asked before what is in it is run.

A file is this user's own if it belongs to the user and nobody else may write to it, and if that is
so for the folder it lies in. The folders above may belong to the system, but nobody else may be
able to put another folder in the place of one of them.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from functools import lru_cache

_KNOWN = hasattr(os, "geteuid")  # not on Windows, where nothing is checked
_DIRECTORY = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_FILE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class NotOurOwnError(Exception):
    """Somebody else may have written it: ``str(error)`` says what, and why."""


def read_own_file(path: str) -> bytes:
    """The content of a file of this user's own.

    Raises NotOurOwnError, and OSError if it cannot be read.
    """
    if not _KNOWN:
        with open(path, "rb") as file:
            return file.read()
    folder, name = os.path.split(path)
    # From here on through descriptors: nothing can be exchanged after it was looked at.
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC | _DIRECTORY)
    try:
        _check(os.fstat(descriptor), folder)
        _check_above(os.path.dirname(os.path.realpath(folder)))
        inside = os.open(name, os.O_RDONLY | os.O_CLOEXEC | _FILE, dir_fd=descriptor)
    finally:
        os.close(descriptor)
    with open(inside, "rb") as file:
        _check(os.fstat(inside), path)
        return file.read()


def check_own_folder(folder: str) -> None:
    """Raise NotOurOwnError if others may write to the folder or exchange it. A folder that does
    not exist yet is this user's own if the one that it will be made in is safe."""
    if not _KNOWN:
        return
    with suppress(FileNotFoundError):
        _check(os.stat(folder, follow_symlinks=False), folder)
    _check_above(os.path.dirname(os.path.realpath(folder)))


def make_own_folder(folder: str) -> None:
    """Make a folder, and those above it, to which nobody else may write. Raises OSError."""
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        if not os.path.isdir(folder):
            raise


def _check(status: os.stat_result, path: str) -> None:
    if status.st_uid != os.geteuid():
        raise NotOurOwnError(f"{path} belongs to another user")
    if status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise NotOurOwnError(f"other users may write to {path}")


@lru_cache(maxsize=64)
def _check_above(folder: str) -> None:
    """Raise NotOurOwnError if somebody else may exchange a folder within this one or above."""
    system = {0, os.stat("/").st_uid}  # in a container's name space root may have another number
    while True:
        with suppress(FileNotFoundError):  # not made yet
            _check_exchange(os.stat(folder), folder, system)
        above = os.path.dirname(folder)
        if above == folder:
            return
        folder = above


def _check_exchange(status: os.stat_result, folder: str, system: set[int]) -> None:
    if status.st_uid not in system | {os.geteuid()}:
        raise NotOurOwnError(f"{folder} belongs to another user")
    if status.st_mode & stat.S_ISVTX:  # as /tmp: only the owner of what is in it may rename that
        return
    by_group = status.st_mode & stat.S_IWGRP and not _is_private(status, folder)
    if by_group or status.st_mode & stat.S_IWOTH:
        raise NotOurOwnError(f"other users may write to {folder}")


def _is_private(status: os.stat_result, folder: str) -> bool:
    """Whether nobody else is in the group to which a folder belongs, as is so where each user has
    a group of the same name and folders are made writable for it."""
    import grp
    import pwd

    try:
        os.getxattr(folder, "system.posix_acl_access")
        return False  # the group's bits then stand for a list of users
    except (AttributeError, OSError):  # no such list
        pass
    try:
        user, group = pwd.getpwuid(os.geteuid()), grp.getgrgid(status.st_gid)
    except KeyError:
        return False
    alone = not set(group.gr_mem) - {user.pw_name}
    return user.pw_gid == group.gr_gid and user.pw_name == group.gr_name and alone
