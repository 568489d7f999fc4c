"""Pieces: parts of the sources that threads can read independently of each other.

A piece may start and end anywhere, also within a word: `fastw2v.corpus.seams` joins words over the
ends of pieces. Pieces depend on the files only, not on the number of threads.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO

from fastw2v.corpus.row_stream import RowStream, TableFile, rows_of_file, rows_of_stream
from fastw2v.corpus.sources import Source
from fastw2v.corpus.streams import Pipe, Section, TextStream, reading_errors
from fastw2v.errors import CorpusError
from fastw2v.io.compression import HEAD_BYTES, check_head
from fastw2v.io.files import open_file
from fastw2v.io.members import member_starts
from fastw2v.standard_streams import DASH, standard_input

PLAIN_BLOCKS = 8  # in a piece of plain text; compressed text has as many bytes as a block or more
_SOURCE_BITS = 40  # a terabyte per piece, or per source that is not compressed


@dataclass(eq=False)
class Piece:
    """A piece of a source, to be read from start to end.

    base: of its first byte; bytes later in the text have larger ones.
    first, last: whether it is the first or last piece of its source.
    """

    source: OpenSource
    stream: TextStream | RowStream
    base: int
    first: bool
    last: bool

    @property
    def name(self) -> str:
        return self.source.name


def pieces_of(sources: Sequence[Source], block_bytes: int) -> Iterator[Piece]:
    """The pieces of all sources in the order of the text, of some blocks of ``block_bytes`` each.

    A source is opened when its first piece is asked for. Raises CorpusError if that fails.
    """
    number = 0  # of compressed pieces, and of sources that are not compressed
    for source in sources:
        opened = OpenSource(source)
        streams = opened.streams(block_bytes)
        stream, first = next(streams), True
        while stream is not None:
            following = next(streams, None)
            base = (number << _SOURCE_BITS) + (0 if opened.changed else stream.start)
            yield Piece(opened, stream, base, first, last=following is None)
            stream, first = following, False
            number += opened.changed or following is None


class OpenSource:
    """A source, with its file open unless it is a pipe.

    kind: how it is compressed; None for plain text and for pipes.
    start: byte of the file at which its text begins.
    """

    def __init__(self, source: Source):
        self.name, self.kind = source.name, None
        self._path, self._column = source.path, source.column
        self.start, self._stop = source.start, source.stop
        self._file: BinaryIO | None = None
        self._status: os.stat_result | None = None  # of a regular file
        self._lock = threading.Lock()
        self._pipe = None
        if source.path == DASH:
            self._pipe = Pipe(standard_input, self.name)
        elif source.size is None:
            self._pipe = Pipe(lambda: self._open(lambda: open_file(source.path)), self.name)
        else:
            self._open(lambda: open(source.path, "rb", 0))  # noqa: SIM115, closed by `close`
            self._status = self._stat()
            self._look()

    def _look(self) -> None:
        """Find out how the file is compressed."""
        try:
            head = self._section(0, HEAD_BYTES).read(HEAD_BYTES)
            if head and not self._status.st_size:  # files of the system, as in /proc
                self._pipe = Pipe(lambda: self._file, self.name)
            else:
                self.kind = check_head(head, self.name)
        except BaseException:
            self.close()
            raise

    def _open(self, opening: Callable[[], BinaryIO]) -> BinaryIO:
        try:
            self._file = opening()
        except OSError as error:
            reason = error.strerror or error
            raise CorpusError(f"{self.name}: cannot be opened: {reason}") from error
        return self._file

    def _stat(self) -> os.stat_result:
        with reading_errors(self.name, 0):
            return os.fstat(self._file.fileno())

    @property
    def changed(self) -> bool:
        """Whether places in the text are not places in the file."""
        return self.kind is not None or self._column is not None

    def streams(self, block_bytes: int) -> Iterator[TextStream | RowStream]:
        """What to read, piece by piece; at least one."""
        least = block_bytes if self.kind else PLAIN_BLOCKS * block_bytes
        if self._column is not None:
            yield from self._rows(self._column, least)
            return
        if self._pipe is not None:
            yield TextStream(self._pipe)
            return
        size, start = self._status.st_size, self.start
        if self._stop is not None:
            size = min(size, self._stop)
        for cut in self._cuts(size, least):
            if cut - start >= least:
                yield TextStream(self._section(start, cut), self.kind)
                start = cut
        yield TextStream(self._section(start, size), self.kind)

    def _rows(self, column: str, least: int) -> Iterator[RowStream]:
        if self._pipe is not None:
            yield rows_of_stream(self._pipe, None, column)
            return
        size = self._status.st_size
        file = TableFile(self.name, self._path, size, self.kind, self._section)
        yield from rows_of_file(file, column, least)

    def _cuts(self, size: int, least: int) -> Iterator[int]:
        """Where pieces may begin."""
        if self.kind is None:
            return iter(range(self.start + least, size, least))

        def read_at(offset: int, count: int) -> bytes:
            room = memoryview(bytearray(count))
            return bytes(room[: self._section(offset, max(size, offset)).readinto(room)])

        return member_starts(self.kind, read_at, size)

    def _section(self, start: int, stop: int) -> Section:
        return Section(self._file, self.name, start, stop, self._lock)

    def finish(self) -> None:
        """Close the file. Raises CorpusError if it has changed since it was opened."""
        before = self._status
        after = before and self._stat()
        self.close()
        if before and (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise CorpusError(
                f"{self.name}: changed while it was read ({before.st_size:,} bytes at first, "
                f"then {after.st_size:,}); wait until it is complete and run again"
            )

    def close(self) -> None:
        """Close the file; a thread that waits for a pipe goes on."""
        if self._pipe is not None:
            self._pipe.close()
        if self._file is not None:
            with suppress(OSError):  # it was only read: nothing is lost
                self._file.close()
