"""word2vec text: ``V D\\n``, then lines of a word and D numbers. GloVe's form has no header.

Blanks and tabs part the fields, and nothing else does: a no-break space is part of a word. The
last D fields are the vector, what stands before is the word, blanks within it included. A word
of nothing but blanks, or of nothing at all, is kept; around any other word blanks are dropped.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.reading import MOST_DIMENSIONS, Reading, Rows, Stream, parse_header
from fastw2v.words import to_word

_BLOCK = 1024  # rows written or read at once
_SAMPLE_LINES = 1000  # by which the number of dimensions is told where there is no header
_FIELD = re.compile(rb"[^ \t]+")


class _Layout(NamedTuple):
    promised: int | None  # words, if there is a header
    dimensions: int
    start: int  # byte at which the rows start
    header_lines: int


def problem_of(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b"\n" in word:
        return "in a text file a newline ends the row; replace it"
    bare = word.strip(b" \t")
    if bare and bare != word:
        return "blanks around a word are lost in a text file; save as .npy, or strip them"
    return None


def write(file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write the C program's form, a blank after each number, to ``file``.

    matrix: (V, D) float32. Nine digits are enough for each number to be read back bit for bit.
    """
    rows, dimensions = matrix.shape
    file.write(b"%d %d\n" % (rows, dimensions))
    pattern = "%.9g " * dimensions
    for start in range(0, rows, _BLOCK):
        lines = []
        block = matrix[start : start + _BLOCK].tolist()
        for word, vector in zip(words[start : start + _BLOCK], block, strict=True):
            lines += (word, b" ", (pattern % tuple(vector)).encode("ascii"), b"\n")
        file.write(b"".join(lines))


def holds_row(text: bytes, dimensions: int) -> bool:
    """Whether one of the first lines of ``text`` is a word and so many numbers."""
    lines = text.split(b"\n", 8)[:8]
    return any(_parse(line, dimensions) is not None for line in lines)


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 matrix, V being the rows that are there, or the first wanted.

    Raises FormatError that names the line and the word number of a row that is none.
    """
    layout = _layout(stream, reading)
    dimensions = layout.dimensions
    most = None if stream.size is None else stream.size // (2 * dimensions) + 1
    expected = _BLOCK if layout.promised is None else layout.promised
    rows = Rows(dimensions, min(expected, reading.limit or expected), most)
    words: list[bytes] = []
    block = np.empty((_BLOCK, dimensions), np.float32)
    filled = 0
    for number, line in enumerate(_lines(stream, layout.start), 1 + layout.header_lines):
        if not reading.wants_more(len(words)):
            break
        row = _parse(line, dimensions)
        if row is None:
            if not line.strip():  # nothing is lost with an empty line
                continue
            raise _damaged(reading, layout, number, len(words), line)
        words.append(row[0])
        block[filled] = row[1]
        filled += 1
        if filled == _BLOCK:
            rows.extend(block)
            filled = 0
    rows.extend(block[:filled])
    reading.check_promise(layout.promised, len(words))
    return words, rows.finish()


def _layout(stream: Stream, reading: Reading) -> _Layout:
    """Header or none, and the number of dimensions, as told by the first lines."""
    head = stream.head
    header = parse_header(head)
    lines = head.split(b"\n", _SAMPLE_LINES)
    if not stream.head_is_all or len(lines) > _SAMPLE_LINES:
        lines.pop()  # it may go on
    counts = [len(_FIELD.findall(line.rstrip(b"\r"))) for line in lines]
    if header is not None and header.dimensions <= MOST_DIMENSIONS:
        below = zip(lines[1:], counts[1:], strict=True)
        fits = (n > header.dimensions or _no_word(line, n, header.dimensions) for line, n in below)
        if any(fits) or not any(counts[1:]):
            return _Layout(header.words, header.dimensions, header.length, 1)
    common = Counter(count for count in counts if count).most_common(1)
    if not common or common[0][0] < 2:
        raise FormatError(
            f"{reading.path}: not a file of word vectors: its lines are not a word and numbers; "
            "give word2vec text or binary, GloVe text, or .npy"
        )
    mark = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    return _Layout(None, common[0][0] - 1, mark, 0)


def _no_word(line: bytes, fields: int, dimensions: int) -> bool:
    """Whether a row has its D numbers, but an empty or blank word before them."""
    return fields == dimensions and line[:1] in (b" ", b"\t")


def _lines(stream: Stream, start: int) -> Iterator[bytes]:
    """All lines from byte ``start`` of the content on, without their newlines."""
    rest = b""
    for chunk in stream.chunks():
        lines = (rest + chunk[start:]).split(b"\n")
        start = 0
        rest = lines.pop()
        yield from lines
    if rest:
        yield rest


def _parse(line: bytes, dimensions: int) -> tuple[bytes, np.ndarray] | None:
    """The word and the (D,) float32 vector of a row; None if it is none."""
    blank = line.find(b" ")
    fields = line[blank + 1 :].rstrip(b" \t\r").split(b" ")
    if blank <= 0 or len(fields) != dimensions or not fields[0]:
        return _parse_irregular(line, dimensions)
    try:
        vector = _numbers(fields)
    except ValueError:
        return _parse_irregular(line, dimensions)
    word = line[:blank]
    return word.strip(b"\t") or word, vector


def _parse_irregular(line: bytes, dimensions: int) -> tuple[bytes, np.ndarray] | None:
    """As `_parse`, for words with blanks in them, tabs, and runs of blanks."""
    line = line.rstrip(b" \t\r")
    fields = list(_FIELD.finditer(line))[-dimensions:]
    if len(fields) < dimensions or fields[0].start() == 0:
        return None
    try:
        vector = _numbers([field[0] for field in fields])
    except ValueError:
        return None
    before = line[: fields[0].start()]
    return before.strip(b" \t") or before[:-1], vector


def _numbers(fields: list[bytes]) -> np.ndarray:
    if b"_" in b" ".join(fields):  # Python would read 1_0 as 10
        raise ValueError("an underscore in a number")
    with np.errstate(over="ignore"):  # 1e39 is infinity, and counted as such later
        return np.array(fields, dtype=np.float32)


def _damaged(reading: Reading, layout: _Layout, number: int, rows: int, line: bytes) -> FormatError:
    fields = [field.rstrip(b"\r") for field in _FIELD.findall(line)]
    word = to_word(fields[0][:80])
    expected = f"expected a word and {layout.dimensions} numbers"
    if rows == 0 and layout.promised is None:
        return FormatError(
            f"{reading.path}: not a file of word vectors: line {number} starts with {word!r} and "
            f"has {len(fields)} fields where the others have {layout.dimensions + 1}; "
            "give word2vec text or binary, GloVe text, or .npy"
        )
    return reading.damaged(
        f"line {number} (word number {rows + 1}, {word!r})",
        rows,
        f"{expected}, found {len(fields)} fields",
    )
