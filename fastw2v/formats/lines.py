"""Lines of text files, some at a time: one call for each would take longer than its work."""

from collections.abc import Iterable, Iterator
from itertools import islice

from fastw2v.formats.reading import Stream

BLOCK = 1024  # lines read or written at once


def line_blocks(stream: Stream, start: int) -> Iterator[list[bytes]]:
    """All lines from byte ``start`` of the content on, without their newlines, in lists."""
    rest = b""
    for chunk in stream.chunks():
        lines = (rest + chunk[start:]).split(b"\n")
        start = 0
        rest = lines.pop()
        for first in range(0, len(lines), BLOCK):
            yield lines[first : first + BLOCK]
    if rest:
        yield [rest]


def first_lines(head: bytes, count: int, head_is_all: bool) -> list[bytes]:
    """Up to ``count`` lines at the start of a file, but none that may go on after ``head``."""
    lines = head.split(b"\n", count)
    if not head_is_all or len(lines) > count:
        lines.pop()
    return lines


def write_lines(file, lines: Iterable[bytes]) -> None:
    """Write ``lines``, each with a newline behind it, to ``file``."""
    remaining = iter(lines)
    while block := list(islice(remaining, BLOCK)):
        block.append(b"")
        file.write(b"\n".join(block))
