"""Writing a file so that the old one stays whole until the new one is."""

import os
import stat
from collections.abc import Iterable
from contextlib import contextmanager, suppress
from pathlib import Path

from fastw2v.errors import OutputError
from fastw2v.io.temporary import temporary_beside


@contextmanager
def replacing(path, mode: str = "wb"):
    """Open a new file that takes the place of ``path`` when the block ends without an error.

    The new file is written beside ``path`` under a temporary name, flushed to disk and renamed.
    Whatever goes wrong before that, what stood at ``path`` is untouched and the temporary file is
    gone; one that a killed process left goes when the same ``path`` is written next (see
    `fastw2v.io.temporary`). Two processes that write it at once do not disturb each other: the one
    that ends last wins. A symbolic link stays one: the file it points to is replaced. A device or
    a pipe (``/dev/stdout``) cannot be replaced and is written to directly.

    path: str or path-like.
    mode: "wb", or "w" for text (UTF-8, surrogate-escaped bytes kept, ``\\n`` as line end).

    Raises OutputError, one line, for anything the system refuses: no such folder, no permission,
    disk full.
    """
    try:
        target = _target(path)
        if target.exists() and not target.is_file():
            with _opened(target, mode) as file:
                yield file
            return
        with temporary_beside(target) as (temporary, descriptor):
            with _opened(descriptor, mode) as file:
                if target.exists():
                    os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, target)
        _flush_folder(target.parent)
    except BrokenPipeError:  # the reader of a pipe has gone; the command line deals with it
        raise
    except OSError as error:
        raise OutputError(_message(path, error)) from error


def check_writable(path) -> None:
    """Raise OutputError if `replacing` could not write ``path``; touch nothing that is there.

    Asked before long work, so that hours of it are not lost to a missing folder.
    """
    try:
        target = _target(path)
        if target.exists():
            # Renaming would get past a file's own write protection: take it for a wish.
            if not os.access(target, os.W_OK):
                raise PermissionError(0, "it is write-protected")
            if not target.is_file():
                return
        # Only creating a file tells for certain: permissions say nothing of read-only disks.
        with temporary_beside(target) as (temporary, descriptor):
            os.close(descriptor)
            temporary.unlink()
    except OSError as error:
        raise OutputError(_message(path, error)) from error


def check_not_input(outputs: Iterable, inputs: Iterable) -> None:
    """Raise OutputError where writing one of the outputs would replace one of the inputs.

    Both are paths; None, ``-`` for standard input or output, and devices are passed over.
    """
    read = {os.path.realpath(path) for path in _files(inputs)}
    for path in _files(outputs):
        if os.path.realpath(path) in read:
            raise OutputError(f"cannot write {path}: it is read by this command; name another file")


def _files(paths: Iterable) -> list[str]:
    """Those of the paths that name a file that is there."""
    named = [os.fspath(path) for path in paths if path is not None]
    return [path for path in named if path != "-" and os.path.isfile(path)]


def _target(path) -> Path:
    """The file meant by ``path``, links followed; OSError where it cannot be a file."""
    target = Path(os.path.realpath(path))
    try:
        if stat.S_ISDIR(target.stat().st_mode):
            raise IsADirectoryError(0, "it is a folder; name a file in it")
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise FileNotFoundError(
                0, f"the folder {target.parent} does not exist; make it first"
            ) from None
    return target


def _opened(path: Path | int, mode: str):
    if "b" in mode:
        return open(path, mode)
    return open(path, mode, encoding="utf-8", errors="surrogateescape", newline="\n")


def _flush_folder(folder: Path) -> None:
    """Make the rename outlive a power cut, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _message(path, error: OSError) -> str:
    return f"cannot write {os.fspath(path)}: {error.strerror or error}"
