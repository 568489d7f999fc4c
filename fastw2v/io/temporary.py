"""Temporary files beside a target, of which a killed process leaves none for ever.

Their names follow from the target's, and whoever writes one holds a lock on it. The system lifts
the lock of a process that is killed: a name without a lock is what such a process left, and the
next one that writes the same target removes it.
"""

import hashlib
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows: there all names are random, and none is ever removed
    fcntl = None

_NAMES = 8  # processes that may write one target at once before one takes a random name


@contextmanager
def temporary_beside(target: Path):
    """Enter ``(path, descriptor)`` of a new, empty file in the folder of ``target``.

    The descriptor is open for writing and the caller's to close. The path is to be renamed within
    the block; what still stands there when the block ends with an error is removed.

    Raises OSError where no file can be made.
    """
    _sweep(target)
    path, descriptor = _claim(target)
    # A second descriptor of the same opening: the lock lasts until both are closed.
    lock = None if fcntl is None else os.dup(descriptor)
    try:
        yield path, descriptor
    except BaseException:
        with suppress(OSError):
            if lock is None or _is_at(path, lock):
                path.unlink()
        raise
    finally:
        if lock is not None:
            os.close(lock)


def _names(target: Path) -> list[Path]:
    """The names that are tried in turn: short, for the target's may be as long as is allowed."""
    if fcntl is None:
        return []
    key = hashlib.blake2b(os.fsencode(target.name), digest_size=8).hexdigest()
    return [target.with_name(f".fastw2v-{key}-{number}.tmp") for number in range(_NAMES)]


def _sweep(target: Path) -> None:
    """Remove what killed processes left; touch nothing that a living one writes."""
    for path in _names(target):
        with suppress(OSError):  # most often: there is none; or it is not ours to remove
            # Without waiting, should somebody have put a pipe there.
            descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                # Its writer may have renamed it before we had the lock. From here on nobody does:
                # only the holder of the lock renames or removes it.
                if _is_at(path, descriptor):
                    path.unlink()
            finally:
                os.close(descriptor)


def _claim(target: Path) -> tuple[Path, int]:
    """Make a file under the first free name and lock it; where there are no locks, a random one."""
    for path in _names(target):
        try:
            descriptor = _created(path)
        except FileExistsError:  # somebody is writing it
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(path, descriptor):
                return path, descriptor
        except BlockingIOError:  # somebody took it for a left one, and is about to remove it
            pass
        except OSError:  # this file system knows no locks: nobody else takes it from us
            path.unlink()
            os.close(descriptor)
            break
        os.close(descriptor)
    path = target.with_name(f".fastw2v-{os.urandom(6).hex()}.tmp")
    return path, _created(path)


def _created(path: Path) -> int:
    binary = getattr(os, "O_BINARY", 0)  # Windows changes line ends otherwise
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | binary, 0o666)


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the opened file is the one at ``path``."""
    try:
        there = os.stat(path, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(there.st_mode) and os.path.samestat(there, os.fstat(descriptor))
