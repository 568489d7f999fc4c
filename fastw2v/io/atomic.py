"""Atomic writes: the old file stays intact until the new one is complete."""

import io
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

from fastw2v.errors import OutputError
from fastw2v.io.streams import descriptor_of, duplicate, is_stream
from fastw2v.io.temporary import temporary_beside
from fastw2v.standard_streams import DASH, check_output, for_display, standard_output
from fastw2v.system.pipes import open_to_write
from fastw2v.system.posix import replace
from fastw2v.system.preserving import keep_attributes

_AS_TEXT = {"encoding": "utf-8", "errors": "surrogateescape", "newline": "\n"}


@contextmanager
def replacing(path, mode: str = "wb"):
    """Context manager: a new file that replaces ``path`` if the block ends without an error.

    The new file is written beside ``path`` under a temporary name, flushed to disk and renamed.
    After an error, ``path`` is unchanged and the temporary file is removed; a temporary file of a
    killed process is removed when the same ``path`` is written next (see
    `fastw2v.io.temporary`). Two processes may write ``path`` at the same time: the last to finish
    wins. A symbolic link is followed: the file it points to is replaced. What the new file does not
    keep of the old one, its owner for example, is said in a warning. A device, a pipe or an open
    descriptor (``/dev/stdout``) cannot be replaced and is written to directly.

    path: str or path-like; ``-`` is standard output.
    mode: "wb", or "w" for text (UTF-8, surrogate-escaped bytes kept, ``\\n`` as line end).

    Raises OutputError if the system refuses: no such folder, no permission, disk full.
    """
    try:
        if is_stream(path):
            with _stream(path) as stream, _in_mode(stream, mode) as file:
                yield file
            return
        target = target_of(path)
        with new_beside(target, mode) as (temporary, file):
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            replace(temporary, target)
        flush_folder(target.parent)
    except BrokenPipeError:  # the reader closed the pipe; handled by the command line
        raise
    except OSError as error:
        raise OutputError(message(path, error)) from error


@contextmanager
def new_beside(target: Path, mode: str = "wb"):
    """Context manager: path and open file that will replace ``target``, with its permissions.

    The caller closes and renames it within the block; after an error it is removed. Raises OSError.
    """
    with temporary_beside(target) as (temporary, descriptor):
        text = {} if "b" in mode else _AS_TEXT
        with open(descriptor, mode, **text) as file:
            if target.exists():
                keep_attributes(target, file.fileno())
            yield temporary, file


def check_writable(path) -> None:
    """Raise OutputError if `replacing` could not write ``path``; change no existing file.

    To be called before long work, so that it is not lost to a missing folder.
    """
    if os.fspath(path) == DASH:
        check_output()
        return
    try:
        descriptor = descriptor_of(path)
        if descriptor is not None:
            os.close(duplicate(descriptor))
            return
        target = target_of(path)
        if target.exists():
            # A rename would succeed on a write-protected file; respect the protection.
            if not os.access(target, os.W_OK):
                raise PermissionError(0, "it is write-protected")
            if not target.is_file():
                return
        # Creating a file is the only reliable check: permissions ignore read-only disks.
        with temporary_beside(target) as (temporary, descriptor):
            os.close(descriptor)
            temporary.unlink()
    except OSError as error:
        raise OutputError(message(path, error)) from error


def target_of(path) -> Path:
    """The file at ``path``, links followed. Raises OSError if it cannot be a file."""
    target = Path(os.path.realpath(path))
    try:
        if stat.S_ISDIR(target.stat().st_mode):
            raise IsADirectoryError(0, "it is a folder; give a file name")
    except FileNotFoundError:
        if not target.parent.is_dir():
            raise FileNotFoundError(
                0, f"the folder {target.parent} does not exist; create it first"
            ) from None
    return target


@contextmanager
def _stream(path):
    """Context manager: standard output, an open descriptor, a pipe or a device, for bytes."""
    if os.fspath(path) == DASH:
        with standard_output() as file:
            yield file
        return
    descriptor = descriptor_of(path)
    opened = target_of(path) if descriptor is None else duplicate(descriptor)
    if isinstance(opened, Path) and opened.is_fifo():
        opened = open_to_write(opened)
    with open(opened, "wb") as file:
        yield for_display(file) if file.isatty() else file


@contextmanager
def _in_mode(file, mode: str):
    """Context manager: ``file``, open for bytes, in the mode "wb" or "w"; it is not closed."""
    if "b" in mode:
        yield file
        return
    text = io.TextIOWrapper(file, **_AS_TEXT)
    try:
        yield text
    finally:
        text.detach()  # or it would close the file


def flush_folder(folder: Path) -> None:
    """Make the rename survive a power failure, if the system supports it."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def message(path, error: OSError) -> str:
    return f"cannot write {os.fspath(path)}: {error.strerror or error}"
