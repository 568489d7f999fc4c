"""Locks on files that are replaced again and again, so that two processes do not do it in turns.

The lock is on a file of its own beside the target, which holds the number of the process. The
system releases the lock of a killed process; the file it leaves is used again, and removed.
"""

from __future__ import annotations

import hashlib
import os
import weakref
from contextlib import suppress
from pathlib import Path

from fastw2v.system.posix import NO_LINK, NO_WAITING, can_lock, lock, unlock

_TRIES = 100  # the file may be removed by its owner just after it was opened


class LockedError(Exception):
    """The lock is taken. process: the number of the process that has it; None if unknown."""

    def __init__(self, process: int | None):
        super().__init__(process)
        self.process = process


class FileLock:
    """A lock on ``path``, until `release` is called, the object is gone or the process ends.

    Nothing is locked if the system or the folder does not allow it. Raises LockedError.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        target = Path(os.path.realpath(path))
        key = hashlib.blake2b(os.fsencode(target.name), digest_size=8).hexdigest()
        self._path = target.with_name(f".fastw2v-{key}.lock")
        descriptor = _locked(self._path) if can_lock() else None
        self._release = weakref.finalize(self, _release, self._path, descriptor, os.getpid())

    def release(self) -> None:
        """Give the lock back; may be called again."""
        self._release()


def _locked(path: Path) -> int | None:
    """A descriptor of the locked file at ``path``; None if locking is impossible."""
    for _ in range(_TRIES):
        try:
            flags = os.O_RDWR | os.O_CREAT | NO_LINK | NO_WAITING
            descriptor = os.open(path, flags, 0o644)
        except OSError:
            return None
        try:
            lock(descriptor)
            if os.path.samestat(os.fstat(descriptor), os.stat(path, follow_symlinks=False)):
                os.truncate(descriptor, 0)
                os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
                return descriptor
        except BlockingIOError as error:
            process = _process(descriptor)
            os.close(descriptor)
            raise LockedError(process) from error
        except FileNotFoundError:  # removed since: try with a new one
            pass
        except OSError:  # no locks on this file system
            os.close(descriptor)
            with suppress(OSError):
                path.unlink()
            return None
        os.close(descriptor)
    return None


def _process(descriptor: int) -> int | None:
    try:
        return int(os.pread(descriptor, 20, 0))
    except (OSError, ValueError):
        return None


def _release(path: Path, descriptor: int | None, process: int) -> None:
    if descriptor is None or os.getpid() != process:  # a forked child's copy is not its own
        return
    with suppress(OSError):
        path.unlink()
    with suppress(OSError):
        unlock(descriptor)  # a child may have a copy of the descriptor
    os.close(descriptor)
