"""Temporary files beside a target that do not accumulate when processes are killed.

Their names are derived from the target's, and the writer holds a lock on its file. The system
releases the lock of a killed process: a file without a lock was left by one, and is removed when
the same target is written next.
"""

import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

from fastw2v.system.posix import BYTES, NO_LINK, NO_WAITING, can_lock, lock

_NAMES = 8  # concurrent writers of one target; further ones use random names


@contextmanager
def temporary_beside(target: Path):
    """Context manager: ``(path, descriptor)`` of a new, empty file in the folder of ``target``.

    The descriptor is open for writing; the caller closes it and renames the path within the block.
    If the block ends with an error the file is removed.

    Raises OSError if no file can be created.
    """
    _sweep(target)
    path, descriptor = _claim(target)
    # A duplicate of the descriptor keeps the lock until both are closed.
    locked = os.dup(descriptor) if can_lock() else None
    try:
        yield path, descriptor
    except BaseException:
        with suppress(OSError):
            if locked is None or _is_at(path, locked):
                path.unlink()
        raise
    finally:
        if locked is not None:
            with suppress(OSError):
                os.close(locked)


def kept_aside(target: Path) -> Path:
    """The name that the old ``target`` has while it is replaced together with another file."""
    return target.with_name(f".fastw2v-{_key(target)}-old.tmp")


@contextmanager
def locked_folder(folder: Path):
    """Context manager: one process at a time, where the system supports it."""
    descriptor = None
    if can_lock():
        with suppress(OSError):
            descriptor = os.open(folder, os.O_RDONLY)
            lock(descriptor, wait=True)
    try:
        yield
    finally:
        if descriptor is not None:
            with suppress(OSError):
                os.close(descriptor)


def _key(target: Path) -> str:
    """Short, as the target's name may have the maximum length."""
    return hashlib.blake2b(os.fsencode(target.name), digest_size=8).hexdigest()


def _names(target: Path) -> list[Path]:
    """The names to try."""
    if not can_lock():  # as on Windows: names are random, and leftovers are not removed
        return []
    key = _key(target)
    return [target.with_name(f".fastw2v-{key}-{number}.tmp") for number in range(_NAMES)]


def _sweep(target: Path) -> None:
    """Remove files of killed processes; keep those of running ones."""
    for path in _names(target):
        with suppress(OSError):  # usually there is none, or it may not be removed
            # Never wait for a pipe of this name.
            descriptor = os.open(path, os.O_RDWR | NO_LINK | NO_WAITING)
            try:
                lock(descriptor)
                # Its writer may have renamed it before we got the lock. With the lock nobody else
                # renames or removes it.
                if _is_at(path, descriptor):
                    path.unlink()
            finally:
                os.close(descriptor)


def _claim(target: Path) -> tuple[Path, int]:
    """Create and lock a file with the first free name; without locks, with a random one."""
    for path in _names(target):
        try:
            descriptor = _created(path)
        except FileExistsError:  # in use
            continue
        try:
            lock(descriptor)
            if _is_at(path, descriptor):
                return path, descriptor
        except BlockingIOError:  # another process takes it for a leftover and removes it
            pass
        except OSError:  # no locks on this file system
            path.unlink()
            os.close(descriptor)
            break
        os.close(descriptor)
    path = target.with_name(f".fastw2v-{os.urandom(6).hex()}.tmp")
    return path, _created(path)


def _created(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | BYTES, 0o666)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether ``path`` is the open file."""
    try:
        there = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(there.st_mode) and os.path.samestat(there, os.fstat(descriptor))
