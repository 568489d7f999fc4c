"""Regular files: what is read at many places, or replaced, cannot be a pipe or a device."""

import os
import stat

from fastw2v.system.posix import BYTES, NO_WAITING

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def open_regular(path):
    """Open a regular file for reading bytes. Raises OSError, also for any other kind of file, of
    which nothing is read."""
    # Neither opening a pipe without a writer nor that of a device may wait.
    check_regular(path)
    descriptor = os.open(path, os.O_RDONLY | NO_WAITING | BYTES)
    try:
        _check(os.fstat(descriptor))
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def check_regular(path) -> None:
    """Raise OSError if there is a file at ``path`` that is not a regular one."""
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return
    _check(status)


def _check(status: os.stat_result) -> None:
    for is_kind, what in _KINDS:
        if is_kind(status.st_mode):
            raise OSError(0, f"it is {what}; use a regular file")
