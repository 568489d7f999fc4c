"""Failing system calls: a library of C that is loaded before the C library, and its control.

The kinds of fault: input/output errors, once or from then on; a full disk, at one write (half of
which is done) or from then on; and kill -9, for a write after half of it.
"""

import ctypes
import os
from pathlib import Path

KINDS = ("eio", "eio always", "full", "full always", "kill")


def arm(folder: Path | str, kind: str | None = None, at: int = 0, log: int = -1) -> None:
    """From now on count system calls on files of ``folder``, the current one; let number ``at``
    fail, from 1.

    kind: one of `KINDS`; with a full disk only calls are counted that take space. None: no fault.
    log: a descriptor to which the calls are written, one on a line.
    """
    number = 0 if kind is None else 1 + KINDS.index(kind)
    ctypes.CDLL(None).fault_arm(os.fsencode(folder), ctypes.c_long(at), number, log)


def disarm() -> None:
    """Nothing fails any more."""
    arm("")
