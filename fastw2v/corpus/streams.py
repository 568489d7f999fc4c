"""The text of all sources as one stream of bytes, read once, from first to last."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from fastw2v.compression import (
    BROKEN,
    HEAD_BYTES,
    MOST_RATIO,
    check_head,
    decompressor,
    is_bomb,
)
from fastw2v.corpus.sources import STDIN, Source
from fastw2v.errors import CorpusError

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LEAST_BOMB = 1 << 26  # bytes; smaller files may unpack to as much as they like


class ByteStream:
    """Reads sources one after another; says where it stands, for progress and for errors."""

    def __init__(self, sources: Sequence[Source], keep_bom: bool = False):
        self._sources = sources
        self._keep_bom = keep_bom
        self._done_before = 0  # bytes of the files read to their end
        self._file: _CountedFile | None = None
        self.name = ""  # of the source being read
        self.offset = 0  # bytes of text taken from it

    @property
    def done(self) -> int:
        """Bytes read so far, as they lie on disk: compressed ones where they are compressed."""
        return self._done_before + (self._file.position if self._file else 0)

    def chunks(self, size: int) -> Iterator[bytes]:
        """The text, ``size`` bytes at a time, the last of each source shorter.

        Raises CorpusError where a source cannot be read, is broken, or changes meanwhile.
        """
        last = b"\n"
        for source in self._sources:
            ended = last == b"\n"
            for chunk in self._chunks_of(source, size):
                if not ended:  # the source before this one stopped within a line
                    yield b"\n"
                    ended = True
                yield chunk
                last = chunk[-1:]

    def _chunks_of(self, source: Source, size: int) -> Iterator[bytes]:
        self.name, self.offset = source.name, 0
        with _opened(source) as self._file:
            kind = check_head(self._file.peek(HEAD_BYTES), source.name)
            text = self._file if kind is None else decompressor(self._file, kind)
            chunk = self._read(text, max(size, len(_BYTE_ORDER_MARK)), kind)
            mark = b"" if self._keep_bom else _BYTE_ORDER_MARK
            left = chunk.removeprefix(mark)
            while chunk:
                self.offset += len(chunk)
                if left:
                    yield left
                left = chunk = self._read(text, size, kind)
            self._done_before += self._file.position
        self._file = None

    def _read(self, text, size: int, kind: str | None) -> bytes:
        try:
            chunk = text.read(size)
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
        if kind is not None and is_bomb(self.offset + size, self._file.position, _LEAST_BOMB):
            raise CorpusError(
                f"{self.name}: {kind} data that unpack to over {MOST_RATIO} times their size, as "
                f"no text does; if they are sound, unpack them first, or pipe them in"
            )
        return chunk


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
        data = self._held[:size]
        self._held = self._held[size:]
        if len(data) < size:
            data += self._read(size - len(data))
        self.position += len(data)
        return data

    def _read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
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
