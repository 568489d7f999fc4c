"""Lines of text files in blocks: a call per line would take longer than its work."""

from collections.abc import Iterable, Iterator
from itertools import islice

from fastw2v.errors import FormatError
from fastw2v.formats.reading import Stream
from fastw2v.io.files import MAX_WORD_BYTES, LongLineError, lines_of

BLOCK = 1024  # lines read or written at once
_LONGEST_NUMBER = 64  # bytes, including separators, on average over a line


def line_blocks(stream: Stream, start: int, dimensions: int) -> Iterator[list[bytes]]:
    """All lines from byte ``start`` of the content on, without newlines, in lists.

    dimensions: of the vectors, which bounds the length of a line. Raises FormatError for a longer
        one.
    """
    try:
        longest = MAX_WORD_BYTES + _LONGEST_NUMBER * dimensions
        for lines in lines_of(_chunks_from(stream, start), longest):
            for first in range(0, len(lines), BLOCK):
                yield lines[first : first + BLOCK]
    except LongLineError as error:
        raise FormatError(
            f"{stream.path}: {error} for a word and {dimensions} numbers; "
            "download or regenerate the file"
        ) from error


def _chunks_from(stream: Stream, start: int) -> Iterator[bytes]:
    """The content from byte ``start`` on, which must lie in the first chunk."""
    for chunk in stream.chunks():
        yield chunk[start:]
        start = 0


def first_lines(head: bytes, count: int, head_is_all: bool) -> list[bytes]:
    """Up to ``count`` lines at the start of a file, without an incomplete last one."""
    lines = head.split(b"\n", count)
    if not head_is_all or len(lines) > count:
        lines.pop()
    return lines


def write_lines(file, lines: Iterable[bytes]) -> None:
    """Write ``lines``, each followed by a newline, to ``file``."""
    remaining = iter(lines)
    while block := list(islice(remaining, BLOCK)):
        block.append(b"")
        file.write(b"\n".join(block))
