"""Reading files named by users: no hanging on unused pipes, no memory lost to endless lines."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Iterable, Iterator

from fastw2v.io.streams import descriptor_of, duplicate
from fastw2v.standard_streams import DASH, UnclosedInput
from fastw2v.system.pipes import open_to_read

MAX_WORD_BYTES = 1 << 24  # a file with longer ones is not text
StrPath = str | os.PathLike[str]
_CHUNK = 1 << 20  # bytes read at once


class LongLineError(Exception):
    """A line exceeds the maximum length; ``number`` is its number, from 1."""

    def __init__(self, number: int):
        super().__init__(f"line {number:,} is too long")
        self.number = number


def open_file(path):
    """Open for reading bytes; ``-`` is standard input, which closing leaves open.

    Raises OSError, also for a named pipe without a writer: a plain ``open`` of such a pipe would
    block, forever if the path is a mistake.
    """
    if os.fspath(path) == DASH:
        return io.BufferedReader(UnclosedInput(), _CHUNK)
    try:
        is_pipe = stat.S_ISFIFO(os.stat(path).st_mode)
    except ValueError as error:  # a NUL in the path
        raise OSError(0, str(error)) from error
    if not is_pipe:
        return open(path, "rb")
    descriptor = descriptor_of(path)  # of a pipe that is open: it has, or had, a writer
    return os.fdopen(open_to_read(path) if descriptor is None else duplicate(descriptor), "rb")


def is_member(name: str) -> bool:
    """Whether a file of this name belongs to the folder that is read: not Spark's ``_SUCCESS``."""
    return not name.startswith((".", "_"))


def chunks_of(path) -> Iterator[bytes]:
    """The content of a file in chunks. Raises OSError."""
    with open_file(path) as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def lines_of(chunks: Iterable[bytes], longest: int) -> Iterator[list[bytes]]:
    """The lines of a text that comes in chunks, without newlines, in one list per chunk.

    Raises LongLineError for a line of more than ``longest`` bytes that spans several chunks; a
    line within one chunk is in memory already.
    """
    number = 0
    parts: list[bytes] = []  # of an incomplete line
    held = 0
    for chunk in chunks:
        first, *rest = chunk.split(b"\n")
        parts.append(first)
        held += len(first)
        if held > longest:
            raise LongLineError(number + 1)
        if not rest:
            continue
        lines = [b"".join(parts), *rest]
        last = lines.pop()
        parts, held = [last], len(last)
        number += len(lines)
        yield lines
    if held:
        yield [b"".join(parts)]
