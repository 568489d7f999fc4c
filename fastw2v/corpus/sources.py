"""The paths given as corpus: checked and expanded to files before any is read."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from fastw2v.corpus.text_check import HEAD_BYTES, check_text
from fastw2v.errors import CorpusError
from fastw2v.io.compression import check_head
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import is_member
from fastw2v.standard_streams import DASH


class Source(NamedTuple):
    """One file, or standard input."""

    path: str  # "-": standard input
    name: str  # for messages
    size: int | None  # bytes on disk; None for pipes and standard input
    column: str | None = None  # of a table; None: plain text
    start: int = 0  # the part of a plain file that is read, which `size` is the size of
    stop: int | None = None  # None: the end of the file


def check_sources(paths, column: str | None = None) -> list[Source]:
    """The files that ``paths`` name, in the order they will be read.

    paths: one path or several. A folder is expanded to its regular files, sorted by name, except
        those whose name starts with ``.`` or ``_`` (as Spark's ``_SUCCESS``); ``-`` is standard
        input.
    column: the files are tables, see `fastw2v.tables`, and this column has the text.

    Raises CorpusError if one is missing, unreadable, without files, or of an unsupported kind. Of
    each file only the first bytes are read, of Parquet and Arrow files also what describes them.
    """
    if isinstance(paths, (str, os.PathLike)):
        paths = [paths]
    sources = [source for path in paths for source in _expand(os.fspath(path), column)]
    if not sources:
        raise CorpusError("no corpus: give a file, a folder, or - for standard input")
    if sum(source.path == DASH for source in sources) > 1:
        raise CorpusError("-: standard input can be read only once; give it once")
    return sources


def declare_corpus(uses: FileUses, paths, column: str | None = None) -> None:
    """Declare the files and folders that ``paths`` name as read; errors as `check_sources`."""
    for source in check_sources(paths, column):
        uses.reads(source.path, "the corpus")
    for path in [paths] if isinstance(paths, (str, os.PathLike)) else paths:
        if os.path.isdir(path):
            uses.reads_folder(path, "the corpus")


def total_size(sources: Iterable[Source]) -> int | None:
    """Bytes on disk of all sources; None if the size of one is unknown."""
    sizes = [source.size for source in sources]
    return None if None in sizes else sum(sizes)


def describe(sources: list[Source]) -> str:
    """A name of the whole text for errors."""
    others = len(sources) - 1
    return f"{sources[0].name} and {others:,} more" if others else sources[0].name


def _expand(path: str, column: str | None) -> list[Source]:
    if path == DASH:
        if sys.stdin is None:
            raise CorpusError("-: there is no standard input; use a pipe, or give a file")
        return [Source(DASH, "standard input", None, column)]
    if not os.path.isdir(path):
        return [_check_file(path, column)]
    try:
        files = [entry for entry in sorted(Path(path).iterdir()) if _belongs(entry)]
    except OSError as error:
        raise CorpusError(f"{path}: cannot list the folder: {error.strerror}") from error
    if not files:
        raise CorpusError(
            f"{path}: no files in this folder (subfolders, and names that start with . or _, are "
            f"ignored); give a folder that contains the text files"
        )
    return [_check_file(str(file), column) for file in files]


def _belongs(entry: Path) -> bool:
    return is_member(entry.name) and entry.is_file()


def _check_file(path: str, column: str | None) -> Source:
    try:
        status = os.stat(path)
        if not stat.S_ISREG(
            status.st_mode
        ):  # a pipe: opening it would block until there is a writer
            return Source(path, path, None, column)
        with open(path, "rb") as file:
            head = file.read(HEAD_BYTES)
        if check_head(head, path) is None:  # compressed content is checked when it is read
            _check_content(head, path, column)
    except FileNotFoundError as error:
        raise CorpusError(f"{path}: no such file or folder; check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or error
        raise CorpusError(f"{path}: cannot be read: {reason}") from error
    return Source(path, path, status.st_size, column)


def _check_content(head: bytes, path: str, column: str | None) -> None:
    if column is None:
        check_text(head, path)
    elif head:
        from fastw2v.corpus.row_stream import check_table

        check_table(head, path, column)
