"""word2vec binary: ``V D\\n``, then word, blank, D little-endian float32, and maybe a newline.

The C program writes a newline after each vector; gensim and the Google News file do not. The
format cannot say where a word with a blank ends. Such words are refused when writing. When
reading the C program's form they are recovered, since there a newline must follow the vector.
"""

import re

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.reading import MOST_DIMENSIONS, Header, Reading, Rows, Stream, parse_header
from fastw2v.formats.word2vec_text import holds_row

_BLOCK = 4096  # rows written at once
_NEWLINE = 10
_LONGEST_WORD = 10_000  # bytes; how far to look for the blank that ends a word with blanks
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # no text has them; numbers nearly always
_NOT_NUMBERS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f-\xff]")


def recognised(head: bytes) -> bool:
    """Whether a file that starts with ``head`` is word2vec binary rather than text."""
    header = parse_header(head)
    if header is None or holds_row(head[header.length :], header.dimensions):
        return False
    blank = head.find(b" ", header.length)
    if blank < 0:
        return False
    end = blank + 1 + 4 * header.dimensions
    if _NOT_NUMBERS.search(head[blank + 1 : end]) or _CONTROL.search(head, header.length):
        return True
    return head[end : end + 1] == b"\n"  # numbers whose bytes happen to be letters


def problem_of(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b" " in word or b"\n" in word:
        return "in word2vec binary a blank ends the word; save as .txt, or join its parts by _"
    return None


def write(file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write the C program's form to ``file``. matrix: (V, D) float32."""
    rows, dimensions = matrix.shape
    file.write(b"%d %d\n" % (rows, dimensions))
    width = 4 * dimensions
    for start in range(0, rows, _BLOCK):
        block = np.ascontiguousarray(matrix[start : start + _BLOCK], "<f4").tobytes()
        parts = []
        for row, word in enumerate(words[start : start + _BLOCK]):
            parts += (word, b" ", block[row * width : (row + 1) * width], b"\n")
        file.write(b"".join(parts))


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 matrix, V being the rows that are there, or the first wanted.

    Raises FormatError that names word number and byte offset where the file ends within a vector
    or words and vectors are out of step.
    """
    header = _sound_header(stream, reading)
    records = _Records(header, stream.size, reading)
    first = stream.head[header.length :]
    records.newline = _newline_follows(first, header, stream.head_is_all)
    skip = header.length
    for chunk in stream.chunks():
        records.take(chunk[skip:])
        skip = 0
        if not reading.wants_more(len(records.words)):
            break
    else:
        records.take(b"", at_end=True)
        records.check_end()
    return records.words, records.rows.finish()


class _Records:
    """Takes words and vectors off the bytes as they come."""

    def __init__(self, header: Header, size: int | None, reading: Reading):
        self.header, self.reading = header, reading
        self.width = 4 * header.dimensions
        self.newline = False  # whether a newline must follow each vector
        self.words: list[bytes] = []
        expected = header.words if reading.limit is None else min(header.words, reading.limit)
        most = None if size is None else size // (self.width + 1)
        self.rows = Rows(header.dimensions, expected, most)
        self.rest = b""  # bytes not taken yet
        self.offset = header.length  # where in the file they start

    def take(self, chunk: bytes, at_end: bool = False) -> None:
        """Take all records that are complete with ``chunk``. at_end: no more will come."""
        buffer = self.rest + chunk
        words, starts, end = self._split(buffer, at_end)
        if starts:
            # A view of the buffer with an entry for every byte at which a vector might start.
            vectors = np.ndarray(
                (len(buffer) - self.width + 1,), f"V{self.width}", buffer, strides=(1,)
            )
            block = vectors[np.array(starts)].view("<f4")
            self.rows.extend(block.reshape(-1, self.header.dimensions))
            self.words += self._checked(words, starts)
        self.rest, self.offset = buffer[end:], self.offset + end

    def check_end(self) -> None:
        """What remains after the last complete record must be nothing."""
        rest, promised = self.rest.lstrip(b"\n"), self.header.words
        if rest and len(self.words) < promised:
            raise self._damaged(0, 0, "the file ends within this vector")
        if rest:
            self.reading.fault(f"{len(rest)} bytes after the last vector are none: left out")
        self.reading.check_promise(promised, len(self.words))

    def _split(self, buffer: bytes, at_end: bool) -> tuple[list[bytes], list[int], int]:
        """Words as they stand, where their vectors start, and where the last record ends."""
        words, starts, position = [], [], 0
        find, width, newline = buffer.find, self.width, self.newline
        # The byte after a vector must be there to be looked at, unless no more will come.
        size = len(buffer) - (newline and not at_end)
        limit = self.reading.limit
        wanted = len(buffer) if limit is None else limit - len(self.words)
        while len(starts) < wanted:
            blank = find(b" ", position)
            end = blank + 1 + width
            if blank < 0 or end > size:
                break
            if newline and end < len(buffer) and buffer[end] != _NEWLINE:
                if not at_end and len(buffer) < position + _LONGEST_WORD + width + 2:
                    break
                blank = _later_blank(buffer, position, width)
                if blank < 0:
                    raise self._damaged(len(starts), position, "no newline after this vector")
                end = blank + 1 + width
            words.append(buffer[position:blank])
            starts.append(blank + 1)
            position = end
        return words, starts, position

    def _checked(self, words: list[bytes], starts: list[int]) -> list[bytes]:
        words = [word.lstrip(b"\n") for word in words]
        for row, word in enumerate(words):
            if b"\n" in word:
                problem = "a newline within the word: words and vectors are out of step"
                raise self._damaged(row, starts[row], problem)
        return words

    def _damaged(self, row: int, position: int, problem: str) -> FormatError:
        before = len(self.words) + row
        place = f"word number {before + 1}, byte {self.offset + position}"
        return self.reading.damaged(place, before, problem)


def _later_blank(buffer: bytes, position: int, width: int) -> int:
    """The blank that ends a word with blanks in it: a newline follows the vector. Or -1."""
    last = position + _LONGEST_WORD
    blank = buffer.find(b" ", position, last)
    while blank >= 0:
        end = blank + 1 + width
        if buffer[end : end + 1] in (b"\n", b"") and end <= len(buffer):
            return blank if _plausible(buffer[position:blank]) else -1
        blank = buffer.find(b" ", blank + 1, last)
    return -1


def _plausible(word: bytes) -> bool:
    """Whether it may be a word with blanks, and not a word and the start of its vector."""
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(word.lstrip(b"\n")) is None and b"\n" not in word.lstrip(b"\n")


def _newline_follows(first: bytes, header: Header, at_end: bool) -> bool:
    """Whether this is the C program's form, as far as its first records (``first``) tell."""
    end = first.find(b" ") + 1 + 4 * header.dimensions
    if first[end : end + 1] == b"\n":
        return True
    # Unless the first word has a blank in it: then several records in a row must be in step.
    records = _Records(header, len(first), Reading("", limit=8))
    records.newline = True
    try:
        records.take(first, at_end)
    except FormatError:
        return False
    return records.rows.count > 0


def _sound_header(stream: Stream, reading: Reading) -> Header:
    header = parse_header(stream.head)
    size = stream.size
    if header.dimensions > MOST_DIMENSIONS or (size is not None and 4 * header.dimensions > size):
        raise FormatError(
            f"{reading.path}: its header promises vectors of {header.dimensions} dimensions, "
            "more than it can hold: damaged, or no file of word vectors"
        )
    return header
