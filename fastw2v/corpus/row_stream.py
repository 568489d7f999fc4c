"""The text of one column of a table, in place of the text of a file: `RowStream`.

What tables are, and how their rows become text, is in `fastw2v.tables`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import NamedTuple

from fastw2v.corpus.streams import Pipe, Section, TextStream
from fastw2v.errors import CorpusError
from fastw2v.tables.arrow_files import ArrowPart, parts_of
from fastw2v.tables.delimited import delimited_text
from fastw2v.tables.json_rows import json_text
from fastw2v.tables.kinds import (
    DELIMITED,
    HEAD_BYTES,
    JSON,
    NEED_SEEKING,
    delimiters_of,
    kind_of_table,
)
from fastw2v.tables.problems import RowError

_SEARCHED = 1 << 16  # bytes read at once to find the end of a line
_ReadAt = Callable[[int, int], bytes]  # (offset, size) -> bytes, fewer only at the end


class RowStream:
    """The text of a column, with the methods of `TextStream`: each row and a newline.

    offset: bytes of text read so far. start: as of a `TextStream`.
    """

    exhausted = False  # unknown before nothing is left
    start = 0

    def __init__(
        self,
        parts: Iterator[bytes | memoryview],
        done: Callable[[], int],
        name: str,
        pipe: Pipe | None = None,
        lines_before: Callable[[], int] = lambda: 0,
    ):
        """parts: of the text. done: how many bytes of the file were read for them.

        lines_before: of the file before this part of it, for errors.
        """
        self._parts, self._done, self._name = parts, done, name
        self._lines_before, self.pipe = lines_before, pipe
        self._part = memoryview(b"")
        self.offset = 0

    @property
    def done(self) -> int:
        return self._done()

    def readinto(self, room: memoryview) -> int:
        """Fill ``room``; fewer bytes only at the end. Raises CorpusError for an invalid row."""
        filled = 0
        while filled < len(room):
            if not len(self._part):
                try:
                    following = next(self._parts, None)
                except RowError as error:
                    place = f"{error.unit} {error.number + self._lines_before():,}"
                    raise CorpusError(f"{self._name}: {place}: {error.problem}") from error
                if following is None:
                    break
                self._part = memoryview(following).cast("B")
                continue
            count = min(len(self._part), len(room) - filled)
            room[filled : filled + count] = self._part[:count]
            self._part = self._part[count:]
            filled += count
        self.offset += filled
        return filled


class TableFile(NamedTuple):
    """A regular file that may be a table."""

    name: str
    path: str
    size: int
    packed: str | None  # how it is compressed
    section: Callable[[int, int], Section]  # bytes from start to stop


def check_table(head: bytes, name: str, column: str) -> None:
    """Raise CorpusError if a file that starts with ``head`` is no table, or one of a kind that
    pyarrow reads and has no such column."""
    kind = kind_of_table(head, name)
    if kind in NEED_SEEKING:
        parts_of(name, kind, column, os.stat(name).st_size, 1)


def rows_of_stream(file: Pipe | Section, packed: str | None, column: str) -> RowStream:
    """The text of a column of a pipe, or of a file that is read from first to last."""
    raw = TextStream(file, packed, checked=False)
    pipe = file if isinstance(file, Pipe) else None
    return RowStream(_parts(raw, file.name, column), lambda: raw.done, file.name, pipe)


def rows_of_file(file: TableFile, column: str, least: int) -> Iterator[RowStream]:
    """The text of a column of a file, in pieces of at least ``least`` bytes on disk if its kind
    can be cut."""
    whole = file.section(0, file.size)
    kind = None
    if file.packed is None and file.size:
        kind = kind_of_table(_read_at(file)(0, HEAD_BYTES), file.name)
    if kind in NEED_SEEKING:
        for part in parts_of(file.path, kind, column, file.size, least):
            yield _rows_of_part(part, file.name)
    elif kind == JSON:
        start = 0
        for stop in _line_starts(file, least):
            yield _json_rows(file, start, stop, column)
            start = stop
    else:
        yield rows_of_stream(whole, file.packed, column)


def _rows_of_part(part: ArrowPart, name: str) -> RowStream:
    return RowStream(part.text(), lambda: part.done, name)


def _json_rows(file: TableFile, start: int, stop: int, column: str) -> RowStream:
    section = file.section(start, stop)
    raw = TextStream(section, checked=False)

    def lines_before() -> int:
        before = file.section(0, start)
        return sum(data.count(b"\n") for data in iter(lambda: before.read(_SEARCHED), b""))

    return RowStream(
        json_text(_reader(raw), column), lambda: raw.done, file.name, lines_before=lines_before
    )


def _parts(raw: TextStream, name: str, column: str) -> Iterator[bytes | memoryview]:
    """The text of a column of what ``raw`` reads, whose kind follows from its start."""
    read = _reader(raw)
    head = read(HEAD_BYTES)
    if not head:
        return
    kind = kind_of_table(head, name)
    if kind in NEED_SEEKING:
        raise CorpusError(
            f"{name}: {kind} data from a pipe or within compressed data, where it cannot be read; "
            f"write it to a file, uncompressed"
        )
    heads = [head]

    def read_again(size: int) -> bytes:
        return heads.pop() if heads else read(size)

    if kind == DELIMITED:
        yield from delimited_text(read_again, column, delimiters_of(name))
    else:
        yield from json_text(read_again, column)


def _reader(raw: TextStream) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        room = memoryview(bytearray(size))
        return bytes(room[: raw.readinto(room)])

    return read


def _read_at(file: TableFile) -> _ReadAt:
    def read_at(offset: int, size: int) -> bytes:
        room = memoryview(bytearray(size))
        return bytes(room[: file.section(offset, max(file.size, offset)).readinto(room)])

    return read_at


def _line_starts(file: TableFile, least: int) -> Iterator[int]:
    """Where lines begin, each at least ``least`` bytes after the one before; last the end."""
    read_at, start = _read_at(file), 0
    while start + least < file.size:
        place = start + least
        while data := read_at(place, _SEARCHED):
            newline = data.find(b"\n")
            if newline >= 0:
                place += newline + 1
                break
            place += len(data)
        if place >= file.size:
            break
        yield place
        start = place
    yield file.size
