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
_MIN_BOMB_BYTES = 1 << 26  # smaller files may decompress to any size
_NEWLINE = 10
MIN_READ_BYTES = 1 + len(_BYTE_ORDER_MARK)
"""Minimum size of a read: a newline before it, and a whole byte order mark."""


class ByteStream:
    """Reads sources one after another; knows its position, for progress and errors."""

    def __init__(self, sources: Sequence[Source], keep_bom: bool = False):
        self._sources = sources
        self._keep_bom = keep_bom
        self._line_ended = True  # False: the previous source lacks a last newline
        self._done_before = 0  # bytes of completed files
        self._file: _CountedFile | None = None
        self.name = ""  # of the current source
        self.offset = 0  # bytes of text taken from it

    @property
    def done(self) -> int:
        """Bytes read so far, as on disk: compressed bytes of compressed files."""
        return self._done_before + (self._file.position if self._file else 0)

    def reads(self, room: Callable[[], memoryview]) -> Iterator[int]:
        """Read the text into the memory returned by ``room()``; yield the number of bytes.

        room: called before each read; returns a buffer of at least `MIN_READ_BYTES` bytes.

        Raises CorpusError if a source cannot be read, is corrupt, or changes while it is read.
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
                self._line_ended = True  # no newline is inserted within a source
                yield len(newline) + count

    def _read(self, text, room: memoryview, kind: str | None) -> int:
        try:
            if kind is None:
                return text.readinto(room)
            data = text.read(len(room))
        except EOFError as error:
            raise CorpusError(
                f"{self.name}: the {kind} data ends early, at byte {self._file.position:,}: "
                f"the file is truncated; download or regenerate it"
            ) from error
        except BROKEN as error:
            raise CorpusError(
                f"{self.name}: corrupt {kind} data before byte {self._file.position:,}: {error}; "
                f"download or regenerate it"
            ) from error
        except MemoryError as error:
            raise CorpusError(
                f"{self.name}: not enough memory to decompress this {kind} data; "
                f"decompress it first"
            ) from error
        if is_bomb(self.offset + len(data), self._file.position, _MIN_BOMB_BYTES):
            raise CorpusError(
                f"{self.name}: {kind} data that decompresses to over {MAX_RATIO} times its size, "
                f"unlike any text; if it is valid, decompress it first, or use a pipe"
            )
        room[: len(data)] = data
        return len(data)


class _CountedFile:
    """A file that counts the bytes read, and allows to peek at the first ones."""

    def __init__(self, file, name: str):
        self._file, self._name = file, name
        self._held = b""
        self.position = 0

    def peek(self, size: int) -> bytes:
        """The first bytes, which the next `read` returns again."""
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
        with self._corpus_errors():
            return self._file.read(size)

    def _read_into(self, room: memoryview) -> int:
        with self._corpus_errors():
            return self._file.readinto(room)

    @contextmanager
    def _corpus_errors(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            place = f"at byte {self.position:,}"
            raise CorpusError(f"{self._name}: cannot be read {place}: {error.strerror}") from error


@contextmanager
def _opened(source: Source) -> Iterator[_CountedFile]:
    """Open a source; on closing, check that the file has not changed."""
    if source.path == STDIN:
        yield _CountedFile(sys.stdin.buffer, source.name)
        return
    try:
        file = open(source.path, "rb")  # noqa: SIM115, catch errors of opening only
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
                f"then {after.st_size:,}); wait until it is complete and run again"
            )
