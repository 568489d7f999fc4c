"""word2vec text: ``V D\\n``, then lines of a word and D numbers. GloVe text has no header.

Fields are separated by spaces and tabs only: a no-break space is part of a word. The last D fields
are the vector, everything before is the word, including spaces within it. An empty word, or one of
spaces only, is kept; spaces around any other word are dropped.
"""

import re
from collections import Counter
from typing import NamedTuple

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.decimals import row_texts
from fastw2v.formats.lines import BLOCK, first_lines, line_blocks, write_lines
from fastw2v.formats.parsing import MAX_NUMBER_LENGTH, parse_rows
from fastw2v.formats.reading import MAX_DIMENSIONS, Reading, RowBuffer, Stream, parse_header
from fastw2v.io.encoding import quoted, to_word
from fastw2v.io.sniff import MARK

_SAMPLE_LINES = 1000  # used to determine the dimensions without a header
_FIELD = re.compile(rb"[^ \t]+")
_SPACES_ONLY = bytes.maketrans(b"\t\r\n\v\f", b" ????")  # other whitespace of Python
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # not in texts
_CHECKED_BYTES = 4096  # bytes checked for control characters


class Layout(NamedTuple):
    """The layout of a text file, by its first lines."""

    declared_words: int | None  # of the header; None without one (GloVe)
    dimensions: int
    start: int  # byte offset of the first row


def word_problem(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b"\n" in word:
        return "a newline ends the row in a text file; replace it"
    bare = word.strip(b" \t")
    if bare and bare != word:
        return "spaces around a word are lost in a text file; save as .npy, or remove them"
    return None


def write(file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write to ``file`` as the C program does, with a space after each number.

    matrix: (V, D) float32; its numbers are read back bit for bit.
    """
    file.write(b"%d %d\n" % matrix.shape)
    rows = zip(words, row_texts(matrix), strict=True)
    write_lines(file, (b"%b%b " % row for row in rows))


def contains_row(text: bytes, dimensions: int) -> bool:
    """Whether one of the first lines of ``text`` is a word and ``dimensions`` numbers."""
    lines = text.split(b"\n", 8)[:8]
    return dimensions <= MAX_DIMENSIONS and any(
        _parse(line, dimensions) is not None for line in lines
    )


def detect_layout(stream: Stream, reading: Reading) -> Layout:
    """The header, if any, and the number of dimensions, by the first lines.

    Raises FormatError if this is not a text of vectors.
    """
    head = stream.head
    header = parse_header(head)
    lines = first_lines(head, _SAMPLE_LINES, stream.head_is_all)
    counts = [count_fields(line.rstrip(b"\r")) for line in lines]
    if header is not None and header.dimensions <= MAX_DIMENSIONS:
        below = zip(lines[1:], counts[1:], strict=True)
        fits = (n > header.dimensions or _no_word(line, n, header.dimensions) for line, n in below)
        if any(fits) or not any(counts[1:]):
            return Layout(header.words, header.dimensions, header.length)
    if header is not None and header.dimensions > MAX_DIMENSIONS and set(counts[1:]) - {0, 2}:
        raise FormatError(
            f"{reading.path}: its header declares vectors of {header.dimensions} dimensions: "
            "it is damaged, or not a file of word vectors"
        )
    common = Counter(count for count in counts if count).most_common(1)
    if not common or common[0][0] < 2:
        raise _no_vectors(head, reading, "its lines are not a word and numbers")
    return Layout(None, common[0][0] - 1, len(MARK) if head.startswith(MARK) else 0)


def count_fields(line: bytes) -> int:
    """The number of fields, separated by spaces and tabs, of a line."""
    padded = np.frombuffer(b" %b" % line, np.uint8)
    space = (padded == ord(" ")) | (padded == ord("\t"))
    return int(np.count_nonzero(space[:-1] & ~space[1:]))


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 matrix, V rows, or as many as ``reading.limit``.

    Raises FormatError, with line and word number, for an invalid row.
    """
    layout = detect_layout(stream, reading)
    dimensions = layout.dimensions
    most = None if stream.size is None else stream.size // (2 * dimensions) + 1
    expected = BLOCK if layout.declared_words is None else layout.declared_words
    rows = RowBuffer(dimensions, min(expected, reading.limit or expected), most)
    words: list[bytes] = []
    number = 1 if layout.declared_words is None else 2  # of the next line, from 1
    for lines in line_blocks(stream, layout.start, dimensions):
        held = [line for line in lines if line.strip()]  # skip empty lines
        if reading.limit is not None:
            held = held[: reading.limit - len(words)]
        found, block = _parse_rows(held, dimensions)
        words += found
        rows.extend(block)
        if len(found) < len(held):
            numbers = [i for i, line in enumerate(lines, number) if line.strip()]
            place = numbers[len(found)]
            raise _damaged(reading, layout, place, len(words), held[len(found)])
        number += len(lines)
        if not reading.wants_more(len(words)):
            break
    reading.check_row_count(layout.declared_words, len(words))
    return words, rows.finish()


def _no_word(line: bytes, fields: int, dimensions: int) -> bool:
    """Whether a row has D numbers after an empty word or one of spaces."""
    return fields == dimensions and line[:1] in (b" ", b"\t")


def _parse_rows(lines: list[bytes], dimensions: int) -> tuple[list[bytes], np.ndarray]:
    """Words and (n, D) float32 vectors of all rows, or of those before the first invalid one."""
    words, texts, one_by_one = [], [], []
    for row, line in enumerate(lines):
        space = line.find(b" ")
        text = line[space + 1 :].rstrip(b" \t\r")
        word = line[:space]
        words.append(word.strip(b"\t") or word)
        if space > 0 and text.count(b" ") == dimensions - 1:
            texts.append(text)
        else:
            one_by_one.append(row)
    numbers = parse_rows(texts, dimensions)
    if numbers is not None and not one_by_one:
        return words, numbers
    block = np.empty((len(lines), dimensions), np.float32)
    if numbers is None:
        one_by_one = range(len(lines))
    else:
        block[np.delete(np.arange(len(lines)), one_by_one)] = numbers
    for row in one_by_one:
        parsed = _parse(lines[row], dimensions)
        if parsed is None:
            return words[:row], block[:row]
        words[row], block[row] = parsed
    return words, block


def _parse(line: bytes, dimensions: int) -> tuple[bytes, np.ndarray] | None:
    """The word and the (D,) float32 vector of a row; None if it is invalid."""
    space = line.find(b" ")
    fields = line[space + 1 :].rstrip(b" \t\r").split(b" ")
    if space <= 0 or len(fields) != dimensions or not fields[0]:
        return _parse_irregular(line, dimensions)
    try:
        vector = _numbers(fields)
    except ValueError:
        return _parse_irregular(line, dimensions)
    word = line[:space]
    return word.strip(b"\t") or word, vector


def _parse_irregular(line: bytes, dimensions: int) -> tuple[bytes, np.ndarray] | None:
    """As `_parse`, for words with spaces, tabs, and repeated spaces."""
    line = line.rstrip(b" \t\r")
    # From the end, and only as many as needed: a hostile line may have millions.
    fields = line.translate(_SPACES_ONLY).rsplit(None, dimensions)
    if len(fields) > dimensions:
        word = line[: len(fields.pop(0))].strip(b" \t")
    elif len(fields) == dimensions and line[:1] in (b" ", b"\t"):
        word = line[: len(line) - len(line.lstrip(b" \t")) - 1]
    else:
        return None
    try:
        vector = _numbers(fields)
    except ValueError:
        return None
    return word, vector


def _numbers(fields: list[bytes]) -> np.ndarray:
    if b"_" in b" ".join(fields):  # Python would read 1_0 as 10
        raise ValueError("an underscore in a number")
    if max(map(len, fields)) > MAX_NUMBER_LENGTH:
        raise ValueError("too long for a number")
    with np.errstate(over="ignore"):  # 1e39 is infinity, noted later
        return np.array(fields, dtype=np.float32)


def _damaged(reading: Reading, layout: Layout, number: int, rows: int, line: bytes) -> FormatError:
    word = quoted(to_word(_FIELD.search(line)[0][:200].rstrip(b"\r")))
    if rows == 0 and layout.declared_words is None:
        place = f"line {number}, which starts with {word}, is not a word and numbers"
        return _no_vectors(line, reading, place)
    return reading.damage_error(
        f"line {number} (word number {rows + 1}, {word})",
        rows,
        f"expected a word and {layout.dimensions} numbers, found {count_fields(line)} fields",
    )


def _no_vectors(sample: bytes, reading: Reading, reason: str) -> FormatError:
    looks = "" if _CONTROL.search(sample[:_CHECKED_BYTES]) else " but apparently plain text"
    return FormatError(
        f"{reading.path}: not a file of word vectors{looks}: {reason}; "
        "use word2vec text or binary, GloVe text, or .npy"
    )
