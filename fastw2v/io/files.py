"""Files that users name, read with care: pipes nobody writes to, lines without end."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress

MAX_WORD_BYTES = 1 << 24  # bytes; a file with longer ones is certainly no text
_CHUNK = 1 << 20  # bytes read at once
_PIPE_TIMEOUT = 1.0  # seconds in which somebody must open the other end of a pipe


class LongLineError(Exception):
    """A line is longer than can be; ``number`` is its number, from 1."""

    def __init__(self, number: int):
        super().__init__(f"line {number:,} is too long")
        self.number = number


def open_file(path):
    """Open for reading bytes. Raises OSError, also for a named pipe that nobody writes to.

    Opening such a pipe would wait, for ever where the path is a mistake.
    """
    try:
        is_pipe = stat.S_ISFIFO(os.stat(path).st_mode)
    except ValueError as error:  # a NUL in the path
        raise OSError(0, str(error)) from error
    return os.fdopen(_opened_pipe(path), "rb") if is_pipe else open(path, "rb")


def chunks_of(path) -> Iterator[bytes]:
    """The content of a file, piece by piece. Raises OSError."""
    with open_file(path) as file:
        yield from iter(lambda: file.read(_CHUNK), b"")


def lines_of(chunks: Iterable[bytes], longest: int) -> Iterator[list[bytes]]:
    """The lines of a text that comes in pieces, without newlines, as many as are there together.

    Raises LongLineError for a line of more than ``longest`` bytes that goes on from one piece to
    another: those within a piece are in memory already.
    """
    number = 0
    parts: list[bytes] = []  # of a line whose end has not come yet
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


def _opened_pipe(path) -> int:
    """The descriptor of a pipe that has a writer; OSError where none comes."""
    opened: list[int] = []
    reader = threading.Thread(target=lambda: opened.append(os.open(path, os.O_RDONLY)), daemon=True)
    reader.start()
    reader.join(_PIPE_TIMEOUT)
    if not opened:
        with suppress(OSError):  # lets the thread go
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        reader.join(_PIPE_TIMEOUT)
        if opened:
            os.close(opened[0])
        raise OSError(0, "a pipe that nobody writes to")
    return opened[0]
