"""Shared by the readers of all formats: streams of bytes, growing matrices, notes on faults."""

import mmap
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastw2v.errors import CorpusError, FormatError, one_line
from fastw2v.formats.subwords import Subwords
from fastw2v.io.compression import (
    BROKEN,
    HEAD_BYTES,
    MAX_RATIO,
    check_head,
    decompressor,
    is_bomb,
    kind_of,
)
from fastw2v.io.files import chunks_of, open_file
from fastw2v.io.word_lists import lines_in
from fastw2v.standard_streams import DASH
from fastw2v.system.memory import free_memory

CHUNK = 1 << 22  # bytes read at once
SAMPLE = 1 << 20  # bytes used to detect the format
MAX_DIMENSIONS = 1 << 20  # more means a damaged header
_FIRST_ALLOCATION = 1 << 28  # bytes allocated for a header that cannot be verified
MIN_BOMB_BYTES = 1 << 23  # smaller files may decompress to any size

_UNREADABLE = {
    "zip": "a zip archive (also .npz, of which fastw2v evaluate reads sparse matrices); unpack it "
    "and give the file in it",
    "zstandard": "compressed with zstandard, which this Python cannot read; use unzstd first",
}
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*([0-9]{1,19})[ \t]+([0-9]{1,19})[ \t]*\r?\n")


@dataclass
class Reading:
    """The reading of one file: its path, options, and notes on faults."""

    path: str
    limit: int | None = None  # rows to read, from the first; None: all
    strict: bool = False
    notes: list[str] = field(default_factory=list)
    mapped: bool | None = False  # keep vectors in the file; None: if memory is short
    subwords: Subwords | None = None  # set by the reader: makes vectors of unknown words

    def fault(self, message: str) -> None:
        """Note a fault that loses no valid vector. Raises FormatError if ``strict``."""
        message = f"{self.path}: {message}"
        if self.strict:
            raise FormatError(message)
        self.notes.append(one_line(message))

    def damage_error(self, place: str, rows_before: int, problem: str) -> FormatError:
        """The error for a row that cannot be read, with a remedy."""
        remedy = "download or regenerate the file"
        if rows_before:
            remedy += f", or read only the vectors before it (limit {rows_before})"
        return FormatError(f"{self.path}: {place}: {problem}; {remedy}")

    def wants_more(self, rows: int) -> bool:
        return self.limit is None or rows < self.limit

    def stays_in_file(self, matrix_bytes: int) -> bool:
        """Whether vectors are left in the file, which takes no memory."""
        if self.mapped is not None:
            return self.mapped
        free = free_memory()
        return free is not None and matrix_bytes > free / 2

    def check_row_count(self, declared_words: int | None, rows: int) -> None:
        """Compare the header's number of words with the rows read."""
        if declared_words is None or declared_words == rows or not self.wants_more(rows):
            return
        if rows == 0:
            raise FormatError(
                f"{self.path}: the header declares {declared_words} words but no vectors follow; "
                "download or regenerate the file"
            )
        self.fault(
            f"the header declares {declared_words} words, the file holds {rows}: read {rows}"
        )


class Header(NamedTuple):
    """The first line of word2vec files."""

    words: int
    dimensions: int
    length: int  # bytes, line end and byte order mark included


def parse_header(head: bytes) -> Header | None:
    """The header at the start of ``head``; None without one, or with 0 dimensions."""
    match = _HEADER.match(head)
    if match is None or int(match[2]) == 0:
        return None
    return Header(int(match[1]), int(match[2]), match.end())


def read_list(path: str, beside: Path, what: str) -> list[bytes]:
    """The lines of the word list that must exist beside the matrix at ``path``.

    what: its name in messages. Raises FormatError if it is missing or cannot be read.
    """
    if not os.path.exists(beside):
        raise FormatError(
            f"{path}: {what} {beside} is missing; create it with one word per line in the order of "
            "the rows"
        )
    return lines_in(chunks_of(beside), beside)


class RowBuffer:
    """A growing matrix that never allocates much more than the file can fill."""

    def __init__(self, dimensions: int, expected: int, most: int | None):
        """expected: rows declared. most: rows that fit in the file; None if unknown."""
        if most is None:
            most = _FIRST_ALLOCATION // (4 * dimensions) + 1
        self._matrix = np.empty((max(1, min(expected, most)), dimensions), np.float32)
        self.count = 0

    def extend(self, block: np.ndarray) -> None:
        """Append ``block``, (n, D) of any float type."""
        needed = self.count + len(block)
        if needed > len(self._matrix):
            rows = max(needed, len(self._matrix) * 3 // 2)
            # In place: the system remaps pages instead of holding two copies.
            self._matrix.resize((rows, self._matrix.shape[1]), refcheck=False)
        self._matrix[self.count : needed] = block
        self.count = needed

    def finish(self) -> np.ndarray:
        """(count, D) float32, with unused memory released."""
        self._matrix.resize((self.count, self._matrix.shape[1]), refcheck=False)
        return self._matrix


class Stream:
    """The content of a file, decompressed if necessary; read once from start to end."""

    def __init__(self, file, path: str):
        """file: open for reading bytes, buffered."""
        self._file, self.path = file, path
        self._unpacked = 0  # bytes of content so far
        self.kind = _kind(file.peek(HEAD_BYTES), path)
        self.size = None  # bytes of content, if known
        if self.kind is None and path != DASH:  # of which a part may have been read before
            status = os.fstat(file.fileno())
            self.size = status.st_size if stat.S_ISREG(status.st_mode) else None
        self._content = file if self.kind is None else decompressor(file, self.kind)
        self.head = self._read(SAMPLE)
        self.head_is_all = len(self.head) < SAMPLE

    def chunks(self) -> Iterator[bytes]:
        """All content, including the head."""
        chunk = self.head
        while chunk:
            yield chunk
            chunk = self._read(CHUNK)

    def mapped(self) -> mmap.mmap | None:
        """The content as a memory map; None if the file cannot be mapped."""
        if self.size is None:
            return None
        try:
            return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not every file system can
            return None

    def read_at(self, offset: int, room: memoryview) -> None:
        """Fill ``room`` with the bytes from ``offset`` on. Raises FormatError if they are gone."""
        self._file.seek(offset)
        while room:
            count = self._file.readinto(room[:CHUNK])
            if not count:
                raise FormatError(
                    f"{self.path}: became shorter while it was read; wait until it is complete "
                    "and try again"
                )
            room = room[count:]

    def check_plain(self, what: str) -> None:
        """Raise FormatError if the file is compressed or a pipe: ``what`` needs random access."""
        if self.kind is not None:
            raise FormatError(f"{self.path}: a compressed {what}; decompress it first")
        if self.size is None:
            raise FormatError(
                f"{self.path}: a {what} that is not a regular file; save it to one first"
            )

    def _read(self, size: int) -> bytes:
        try:
            content = self._content.read(size)
            self._unpacked += len(content)
        except MemoryError as error:
            raise FormatError(
                f"{self.path}: not enough memory to decompress this {self.kind} data; "
                "decompress it first"
            ) from error
        except BROKEN as error:
            if self.kind is None:
                raise
            raise FormatError(
                f"{self.path}: corrupt {self.kind} data near byte {self._file.tell()} "
                f"({error}); download or regenerate the file"
            ) from error
        if self.kind is not None and is_bomb(self._unpacked, self._file.tell(), MIN_BOMB_BYTES):
            raise FormatError(
                f"{self.path}: {self.kind} data that decompresses to over {MAX_RATIO} times its "
                "size, unlike any vectors; if it is valid, decompress it first"
            )
        return content


def _kind(head: bytes, path: str) -> str | None:
    try:
        return check_head(head, path)
    except CorpusError as error:  # whose remedies are for corpora
        kind = kind_of(head)
        what = _UNREADABLE.get(kind, f"{kind} data, which is not supported; unpack it first")
        raise FormatError(f"{path}: {what}") from error


@contextmanager
def open_stream(path: str):
    """Context manager: a `Stream` of the file. Raises FormatError if it cannot be read."""
    try:
        with open_file(path) as file:
            yield Stream(file, path)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
