"""What the user named as corpus: checked, and turned into a list of files, before any is read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fastw2v.errors import CorpusError
from fastw2v.io.compression import HEAD_BYTES, check_head

STDIN = "-"


class Source(NamedTuple):
    """One file, or standard input."""

    path: str  # "-": standard input
    name: str  # for messages
    size: int | None  # bytes on disk; None for pipes and standard input


def check_sources(paths) -> list[Source]:
    """The files that ``paths`` name, in the order they will be read.

    paths: one path or several. A folder stands for the regular files in it, sorted by name,
        without those whose name starts with ``.`` or ``_`` (as Spark's ``_SUCCESS``); ``-`` for
        standard input.

    Raises CorpusError where one is missing, unreadable, without files, or of a kind that cannot
    be read. Files are opened, but no more of them is read than what tells their kind.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    sources = [source for path in paths for source in _expand(os.fspath(path))]
    if not sources:
        raise CorpusError("no corpus: name a file, a folder, or - for standard input")
    if sum(source.path == STDIN for source in sources) > 1:
        raise CorpusError("-: standard input can be read only once; name it once")
    return sources


def paths_of(corpus) -> list[str]:
    """The files that will be read, ``-`` for standard input; as `check_sources`."""
    return [source.path for source in check_sources(corpus)]


def total_size(sources: Iterable[Source]) -> int | None:
    """Bytes on disk of all sources; None if that of one is not known."""
    sizes = [source.size for source in sources]
    return None if None in sizes else sum(sizes)


def describe(sources: list[Source]) -> str:
    """What errors about the whole text call it."""
    others = len(sources) - 1
    return f"{sources[0].name} and {others:,} more" if others else sources[0].name


def _expand(path: str) -> list[Source]:
    if path == STDIN:
        if sys.stdin is None:
            raise CorpusError("-: there is no standard input; pipe the text in, or name a file")
        return [Source(STDIN, "standard input", None)]
    if not os.path.isdir(path):
        return [_check_file(path)]
    try:
        files = [entry for entry in sorted(Path(path).iterdir()) if _belongs(entry)]
    except OSError as error:
        raise CorpusError(f"{path}: cannot list the folder: {error.strerror}") from error
    if not files:
        raise CorpusError(
            f"{path}: no files in this folder (those that start with . or _ are left out, "
            f"and folders in it); name a folder that holds the text itself"
        )
    return [_check_file(str(file)) for file in files]


def _belongs(entry: Path) -> bool:
    return not entry.name.startswith((".", "_")) and entry.is_file()


def _check_file(path: str) -> Source:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):  # a pipe: opening it would wait for its writer
            return Source(path, path, None)
        with open(path, "rb") as file:
            check_head(file.read(HEAD_BYTES), path)
    except FileNotFoundError as error:
        raise CorpusError(f"{path}: no such file or folder; is the path right?") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise CorpusError(f"{path}: cannot be read: {reason}") from error
    return Source(path, path, status.st_size)
