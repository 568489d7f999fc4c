"""The text of all sources as one stream of bytes, read once, from first to last."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from fastw2v.corpus.sources import STDIN, Source
from fastw2v.errors import CorpusError
from fastw2v.io.compression import (
    BROKEN,
    HEAD_BYTES,
    MAX_RATIO,
    check_head,
    decompressor,
    is_bomb,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MIN_BOMB_BYTES = 1 << 26  # bytes; smaller files may unpack to as much as they like
_NEWLINE = 10
MIN_READ_BYTES = 1 + len(_BYTE_ORDER_MARK)
"""Bytes of a piece, when it may be short: a newline before it, and a mark must be seen whole."""


class ByteStream:
    """Reads sources one after another; says where it stands, for progress and for errors."""

    def __init__(self, sources: Sequence[Source], keep_bom: bool = False):
        self._sources = sources
        self._keep_bom = keep_bom
        self._line_ended = True  # or the source before this one stopped within a line
        self._done_before = 0  # bytes of the files read to their end
        self._file: _CountedFile | None = None
        self.name = ""  # of the source being read
        self.offset = 0  # bytes of text taken from it

    @property
    def done(self) -> int:
        """Bytes read so far, as they lie on disk: compressed ones where they are compressed."""
        return self._done_before + (self._file.position if self._file else 0)

    def reads(self, room: Callable[[], memoryview]) -> Iterator[int]:
        """Put the text piece by piece where ``room()`` says; give the number of bytes there.

        room: asked before each piece; gives the memory to fill, `MIN_READ_BYTES` bytes or more.

        Raises CorpusError where a source cannot be read, is broken, or changes meanwhile.
        """
        for source in self._sources:
            self.name, self.offset = source.name, 0
            with _opened(source) as self._file:
                kind = check_head(self._file.peek(HEAD_BYTES), source.name)
                text = self._file if kind is None else decompressor(self._file, kind)
                yield from self._reads_of(text, kind, room)
                self._done_before += self._file.position
            self._file = None

    def _reads_of(self, text, kind: str | None, room: Callable[[], memoryview]) -> Iterator[int]:
        mark = b"" if self._keep_bom else _BYTE_ORDER_MARK
        last = _NEWLINE if self._line_ended else None
        while True:
            view = room()
            newline = b"" if self._line_ended else b"\n"
            view[: len(newline)] = newline
            free = view[len(newline) :]
            count = self._read(text, free, kind)
            if not count:
                self._line_ended = last == _NEWLINE
                return
            self.offset += count
            if mark and free[: len(mark)] == mark:
                count -= len(mark)
                free[:count] = free[len(mark) : len(mark) + count]
            mark = b""
            if count:
                last = free[count - 1]
                self._line_ended = True  # within a source no newline is missing
                yield len(newline) + count

    def _read(self, text, room: memoryview, kind: str | None) -> int:
        try:
            if kind is None:
                return text.readinto(room)
            data = text.read(len(room))
        except EOFError as error:
            raise CorpusError(
                f"{self.name}: the {kind} data end too early, at byte {self._file.position:,}: "
                f"the file was cut; fetch or make it again"
            ) from error
        except BROKEN as error:
            raise CorpusError(
                f"{self.name}: broken {kind} data before byte {self._file.position:,}: {error}; "
                f"fetch or make it again"
            ) from error
        except MemoryError as error:
            raise CorpusError(
                f"{self.name}: not enough memory to unpack this {kind} data; unpack it first"
            ) from error
        if is_bomb(self.offset + len(data), self._file.position, _MIN_BOMB_BYTES):
            raise CorpusError(
                f"{self.name}: {kind} data that unpack to over {MAX_RATIO} times their size, as "
                f"no text does; if they are sound, unpack them first, or pipe them in"
            )
        room[: len(data)] = data
        return len(data)


class _CountedFile:
    """A file that knows how many bytes were read, and of which the first can be looked at."""

    def __init__(self, file, name: str):
        self._file, self._name = file, name
        self._held = b""
        self.position = 0

    def peek(self, size: int) -> bytes:
        """The first bytes; the next `read` gives them again."""
        self._held = self._read(size)
        return self._held

    def read(self, size: int) -> bytes:
        data = self._take(size)
        if len(data) < size:
            data += self._read(size - len(data))
        self.position += len(data)
        return data

    def readinto(self, room: memoryview) -> int:
        held = self._take(len(room))
        room[: len(held)] = held
        count = len(held)
        if count < len(room):
            count += self._read_into(room[count:])
        self.position += count
        return count

    def _take(self, size: int) -> bytes:
        data, self._held = self._held[:size], self._held[size:]
        return data

    def _read(self, size: int) -> bytes:
        with self._told():
            return self._file.read(size)

    def _read_into(self, room: memoryview) -> int:
        with self._told():
            return self._file.readinto(room)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = f"at byte {self.position:,}"
            raise CorpusError(f"{self._name}: cannot be read {place}: {error.strerror}") from error


@contextmanager
def _opened(source: Source) -> Iterator[_CountedFile]:
    """Open, and see on closing that the file is still what it was."""
    if source.path == STDIN:
        yield _CountedFile(sys.stdin.buffer, source.name)
        return
    try:
        file = open(source.path, "rb")  # noqa: SIM115, the errors of opening only
    except OSError as error:
        raise CorpusError(f"{source.name}: cannot be opened: {error.strerror}") from error
    with file:
        before = os.fstat(file.fileno())
        counted = _CountedFile(file, source.name)
        yield counted
        if not stat.S_ISREG(before.st_mode):
            return
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise CorpusError(
                f"{source.name}: changed while it was read ({before.st_size:,} bytes at first, "
                f"then {after.st_size:,}); wait until it is written, then run again"
            )
