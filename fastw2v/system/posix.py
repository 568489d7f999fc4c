"""Calls that only some systems have, and what replaces them elsewhere, as on Windows.

No other room makes such calls: `tests/project/test_platforms.py` finds them.
"""

from __future__ import annotations

import mmap
import os
import time
from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Any

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None

NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""A flag of `os.open`: opening a pipe or a device does not wait."""

NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""A flag of `os.open`: a symbolic link is not followed."""

BYTES = getattr(os, "O_BINARY", 0)
"""A flag of `os.open`: no conversion of line ends, as on Windows."""

REPLACES_OPEN_FILES = os.name == "posix"
"""Whether a file that is open or mapped can be replaced or removed. Windows refuses that."""

_PATIENCE = 2.0  # seconds until another program has closed the file to be replaced
_POLL = 0.05


def can_lock() -> bool:
    """Whether `lock` locks."""
    return fcntl is not None


def lock(descriptor: int, wait: bool = False) -> None:
    """Lock an open file until it is closed everywhere.

    Raises BlockingIOError if it is locked already, and OSError if the file system has no locks.
    """
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def unlock(descriptor: int) -> None:
    """Unlock an open file, also for processes that have a copy of the descriptor."""
    if fcntl is not None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def set_mode(descriptor: int, mode: int) -> None:
    """Set the permissions of an open file, where files have them. Raises OSError."""
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, mode)


def read_at(file: Any, room: memoryview, position: int, turn: Lock) -> int:
    """Read into ``room`` from a position of an unbuffered file; how many bytes, 0 at its end.

    turn: held where the file has only one position, which all threads share.
    """
    if hasattr(os, "preadv"):
        return os.preadv(file.fileno(), [room], position)
    with turn:
        file.seek(position)
        count: int = file.readinto(room)
        return count


def replace(old: Any, new: Any) -> None:
    """Rename a file in place of another. Raises OSError.

    Where an open file cannot be replaced, this waits a moment: a program that reads it, or looks
    for viruses in it, has it open for a short time only.
    """
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            os.replace(old, new)
            return
        except PermissionError:
            if REPLACES_OPEN_FILES or time.monotonic() >= end:
                raise
        time.sleep(_POLL)


def call_after_fork(call: Callable[[], None]) -> None:
    """Call a function in every child that this process forks, where processes can."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=call)


def anonymous_map(size: int) -> mmap.mmap:
    """Zeros that are returned to the system when freed, in huge pages where there are any.

    Raises OSError and OverflowError.
    """
    if not hasattr(mmap, "MAP_ANONYMOUS"):
        return mmap.mmap(-1, size)
    pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel without them
            pages.madvise(mmap.MADV_HUGEPAGE)
    return pages
