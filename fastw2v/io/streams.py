"""Paths that name something other than a file to replace: standard streams, pipes and devices."""

from __future__ import annotations

import errno
import os
import re
import stat
import sys
from typing import Any

from fastw2v.standard_streams import DASH

_DESCRIPTORS = re.compile(r"/dev/fd|/proc/(?:self|[0-9]+)(?:/task/[0-9]+)?/fd")
_MAX_LINKS = 40


def is_stream(path: Any) -> bool:
    """Whether ``path`` is written once from start to end, as a pipe, instead of being replaced."""
    if os.fspath(path) == DASH or descriptor_of(path) is not None:
        return True
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def descriptor_of(path: Any) -> int | None:
    """The open descriptor that ``path`` names: 1 for ``/dev/stdout`` and ``/dev/fd/1``, or None.

    Opening such a path again would start at the beginning of the file and overwrite its content,
    which ``>>`` must keep.
    """
    place = os.path.abspath(os.fspath(path))
    for _ in range(_MAX_LINKS):
        folder, name = os.path.split(place)
        folder = os.path.realpath(folder)
        if _DESCRIPTORS.fullmatch(folder) and _is_ours(folder) and name.isdigit():
            return int(name)
        try:
            place = os.path.join(folder, os.readlink(os.path.join(folder, name)))
        except (OSError, ValueError):  # no link
            return None
    return None


def duplicate(descriptor: int) -> int:
    """A copy of a descriptor, to be closed. Raises OSError if the descriptor is closed.

    A standard stream that was closed when the process began is closed, see `keep_descriptors`.
    """
    streams = (sys.__stdin__, sys.__stdout__, sys.__stderr__)
    if descriptor < len(streams) and streams[descriptor] is None:
        raise OSError(errno.EBADF, "it is closed")
    return os.dup(descriptor)


def _is_ours(folder: str) -> bool:
    """Whether a folder of descriptors is that of this process."""
    if folder.startswith("/dev"):
        return True
    return folder.split("/")[2] in ("self", str(os.getpid()))
