"""What the readers of all formats share: bytes in, rows out, and what to do about faults."""

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

CHUNK = 1 << 22  # bytes read at once
SAMPLE = 1 << 20  # bytes by which a file is recognised
MAX_DIMENSIONS = 1 << 20  # more than that is a damaged header
_FIRST_ALLOCATION = 1 << 28  # bytes set aside on the word of a header that cannot be checked
_MIN_BOMB_BYTES = 1 << 23  # bytes; smaller files may unpack to as much as they like

_UNREADABLE = {
    "zip": "a zip archive (.npz is one too); unpack it and name the file that was in it",
    "zstandard": "compressed with zstandard, which this Python cannot read; unpack it with unzstd",
}
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?[ \t]*([0-9]{1,19})[ \t]+([0-9]{1,19})[ \t]*\r?\n")


@dataclass
class Reading:
    """One file being read: its name, how much is wanted, and what was wrong with it."""

    path: str
    limit: int | None = None  # rows wanted, from the first; None: all
    strict: bool = False
    notes: list[str] = field(default_factory=list)
    mapped: bool | None = False  # whether vectors stay in the file; None: if memory is short

    def fault(self, message: str) -> None:
        """Something is wrong that loses no sound vector: noted, or FormatError when strict."""
        message = f"{self.path}: {message}"
        if self.strict:
            raise FormatError(message)
        self.notes.append(one_line(message))

    def damage_error(self, place: str, rows_before: int, problem: str) -> FormatError:
        """The error for a row that cannot be read, with what can be done about it."""
        remedy = "download or regenerate the file"
        if rows_before:
            remedy += f", or read only the {rows_before} vectors before it: limit {rows_before}"
        return FormatError(f"{self.path}: {place}: {problem}; {remedy}")

    def wants_more(self, rows: int) -> bool:
        return self.limit is None or rows < self.limit

    def check_row_count(self, declared_words: int | None, rows: int) -> None:
        """Compare the header's number of words with the rows that were there."""
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
    """The header at the start of ``head``, or None. Without dimensions it is none."""
    match = _HEADER.match(head)
    if match is None or int(match[2]) == 0:
        return None
    return Header(int(match[1]), int(match[2]), match.end())


def read_list(path: str, beside: Path, what: str) -> list[bytes]:
    """The lines of the word list that must lie beside the matrix at ``path``.

    what: how a message calls it. Raises FormatError where it is missing, or cannot be read.
    """
    if not os.path.exists(beside):
        raise FormatError(
            f"{path}: {what} {beside} is missing; put it there, one word a line in the order of "
            "the rows"
        )
    return lines_in(chunks_of(beside), beside)


class RowBuffer:
    """A matrix that grows. Never sets aside much more than the file can hold."""

    def __init__(self, dimensions: int, expected: int, most: int | None):
        """expected: rows declared. most: rows that fit in the file; None where not known."""
        if most is None:
            most = _FIRST_ALLOCATION // (4 * dimensions) + 1
        self._matrix = np.empty((max(1, min(expected, most)), dimensions), np.float32)
        self.count = 0

    def extend(self, block: np.ndarray) -> None:
        """Append ``block``, (n, D) of any float type."""
        needed = self.count + len(block)
        if needed > len(self._matrix):
            rows = max(needed, len(self._matrix) * 3 // 2)
            # In place: the system moves pages instead of holding both copies.
            self._matrix.resize((rows, self._matrix.shape[1]), refcheck=False)
        self._matrix[self.count : needed] = block
        self.count = needed

    def finish(self) -> np.ndarray:
        """(count, D) float32, its memory given back where too much was set aside."""
        self._matrix.resize((self.count, self._matrix.shape[1]), refcheck=False)
        return self._matrix


class Stream:
    """The content of a file, decompressed if need be, from first byte to last, once."""

    def __init__(self, file, path: str):
        """file: open for reading bytes, buffered."""
        self._file, self.path = file, path
        self._unpacked = 0  # bytes of content so far
        self.kind = _kind(file.peek(HEAD_BYTES), path)
        status = os.fstat(file.fileno())
        plain = self.kind is None and stat.S_ISREG(status.st_mode)
        self.size = status.st_size if plain else None  # bytes of content, where known
        self._content = file if self.kind is None else decompressor(file, self.kind)
        self.head = self._read(SAMPLE)
        self.head_is_all = len(self.head) < SAMPLE

    def chunks(self) -> Iterator[bytes]:
        """All content, the head included."""
        chunk = self.head
        while chunk:
            yield chunk
            chunk = self._read(CHUNK)

    def mapped(self) -> mmap.mmap | None:
        """All content as it lies in the file; None where that cannot be mapped."""
        if self.size is None:
            return None
        try:
            return mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not every file system can
            return None

    def check_plain(self, what: str) -> None:
        """Raise FormatError unless this is a file as it stands on the disk: ``what`` is not read
        from first byte to last."""
        if self.kind is not None:
            raise FormatError(f"{self.path}: a compressed {what}; unpack it first")
        if self.size is None:
            raise FormatError(f"{self.path}: a {what} that is no plain file; write it to one first")

    def _read(self, size: int) -> bytes:
        try:
            content = self._content.read(size)
            self._unpacked += len(content)
        except MemoryError as error:
            raise FormatError(
                f"{self.path}: not enough memory to unpack this {self.kind} data; unpack it first"
            ) from error
        except BROKEN as error:
            if self.kind is None:
                raise
            raise FormatError(
                f"{self.path}: broken {self.kind} data near byte {self._file.tell()} "
                f"({error}); download or regenerate the file"
            ) from error
        if self.kind is not None and is_bomb(self._unpacked, self._file.tell(), _MIN_BOMB_BYTES):
            raise FormatError(
                f"{self.path}: {self.kind} data that unpack to over {MAX_RATIO} times their size, "
                "as no vectors do; if they are sound, unpack them first"
            )
        return content


def _kind(head: bytes, path: str) -> str | None:
    try:
        return check_head(head, path)
    except CorpusError as error:  # its remedies are for corpora
        kind = kind_of(head)
        what = _UNREADABLE.get(kind, f"{kind} data, which cannot be read here; unpack them first")
        raise FormatError(f"{path}: {what}") from error


@contextmanager
def open_stream(path: str):
    """Enter a `Stream` of the file's content; FormatError where the file cannot be read."""
    try:
        with open_file(path) as file:
            yield Stream(file, path)
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
