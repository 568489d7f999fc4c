"""word2vec binary: ``V D\n``, then word, space, D little-endian float32, and optionally a newline.

The C program writes a newline after each vector; gensim and the Google News file do not. The
format cannot express words with spaces, which are refused when writing. When reading the C
program's form they are recovered, since a newline must follow the vector.
"""

import itertools
import mmap
import re

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.reading import (
    MAX_DIMENSIONS,
    Header,
    Reading,
    RowBuffer,
    Stream,
    parse_header,
)
from fastw2v.formats.word2vec_text import contains_row
from fastw2v.io.encoding import to_word
from fastw2v.io.files import MAX_WORD_BYTES
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import blocks

_BLOCK = 4096  # rows written at once
_NEWLINE = 10
_WINDOW = 1 << 19  # bytes of a mapped file processed at once: they fit in the cache
_MAX_SPACED_WORD_BYTES = 10_000  # search limit for words with spaces
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # not in texts, but in nearly all numbers
_NOT_NUMBERS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f-\xff]")


def matches(head: bytes) -> bool:
    """Whether a file that starts with ``head`` is word2vec binary rather than text."""
    header = parse_header(head)
    if header is None or contains_row(head[header.length :], header.dimensions):
        return False
    space = head.find(b" ", header.length)
    if space < 0:
        return False
    end = space + 1 + 4 * header.dimensions
    if _NOT_NUMBERS.search(head[space + 1 : end]) or _CONTROL.search(head, header.length):
        return True
    return head[end : end + 1] == b"\n"  # numbers whose bytes are all letters


def word_problem(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b" " in word or b"\n" in word:
        return "a space ends the word in word2vec binary; save as .txt, or join its parts with _"
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


def read(stream: Stream, reading: Reading) -> tuple[list[str], np.ndarray | MappedRows]:
    """Words and (V, D) float32 matrix, V rows, or as many as ``reading.limit``.

    The matrix stays in the file if ``reading.mapped``, or if that is None and memory is short.

    Raises FormatError, with word number and byte offset, if the file ends within a vector, or words
    and vectors are misaligned.
    """
    header = _sound_header(stream, reading)
    newline = _newline_follows(stream.head[header.length :], header, stream.head_is_all)
    records = _Records(header, newline, reading)
    content = stream.mapped()
    if content is None:
        return records.words, _read_stream(stream, records)
    rows = _find_rows(content, records)
    return records.words, rows if reading.stays_in_file(rows.nbytes) else _loaded(rows)


def _find_rows(content: mmap.mmap, records: "_Records") -> MappedRows:
    """Find the rows of a mapped file, to its end or the limit."""
    starts = [np.empty(0, np.int64)]
    position, window, at_end = records.header.length, _WINDOW, False
    while not at_end and records.wants_more:
        before, stop = position, min(position + window, len(content))
        at_end = stop == len(content)
        found, position = records.take(content, before, stop, at_end)
        starts.append(found)
        if position == before:
            records.check_word(content, position)
            window *= 2  # until a record fits
    if records.wants_more:
        records.check_end(content[position:], position)
    return MappedRows(content, np.concatenate(starts), records.header.dimensions)


def _read_stream(stream: Stream, records: "_Records") -> np.ndarray:
    """Read the rows of content that comes in chunks, to its end or the limit."""
    header = records.header
    expected = min(header.words, records.reading.limit or header.words)
    rows = RowBuffer(header.dimensions, expected, None)
    position, rest = header.length, b""
    for chunk in itertools.chain(stream.chunks(), [b""]):
        buffer = rest + chunk
        found, position = records.take(buffer, position, len(buffer), at_end=not chunk)
        rows.extend(MappedRows(buffer, found, header.dimensions)[:])
        rest = buffer[position:]
        records.offset += position
        records.check_word(rest, 0)
        position = 0
        if not records.wants_more:
            break
    else:
        records.check_end(rest, records.offset)
    return rows.finish()


class _Records:
    """Splits bytes into words and positions of vectors."""

    def __init__(self, header: Header, newline: bool, reading: Reading):
        """newline: whether one follows each vector."""
        self.header, self.newline, self.reading = header, newline, reading
        self.width = 4 * header.dimensions
        self.words: list[str] = []
        self.offset = 0  # of the buffer in the file
        # A regular record, or the rest of the buffer from the first irregular one on.
        end = "\n" if newline else ""
        self._record = re.compile(rf"([^ \n]*) (?s:.{{{self.width}}}){end}|(?s:.+)")

    @property
    def wants_more(self) -> bool:
        return self.reading.wants_more(len(self.words))

    def take(self, buffer, start: int, stop: int, at_end: bool) -> tuple[np.ndarray, int]:
        """Split all records that are complete within ``buffer[start:stop]``.

        at_end: nothing follows ``stop``. Returns the positions of vectors in the buffer, (n,)
        int64, and the end of the last of them.
        """
        found = []
        for split in (self._split_regular, self._split):
            words, starts = split(buffer, start, stop, at_end)
            if self.reading.limit is not None:
                wanted = self.reading.limit - len(self.words)
                words, starts = words[:wanted], starts[:wanted]
            if words:
                self.words += words
                start = int(starts[-1]) + self.width
            found.append(starts)
        return np.concatenate(found), start

    def check_word(self, buffer, position: int) -> None:
        """Raise FormatError if the incomplete word at ``position`` is too long."""
        last = position + MAX_WORD_BYTES + 2  # with a newline before and the space after
        if len(buffer) > last and buffer.find(b" ", position, last) < 0:
            raise self._damaged(0, position, "no space after the word")

    def check_end(self, rest: bytes, offset: int) -> None:
        """Check that nothing but newlines follows the last record. offset: of ``rest``."""
        rest, declared_words = rest.lstrip(b"\n"), self.header.words
        if rest and len(self.words) < declared_words:
            self.offset = offset
            raise self._damaged(0, 0, "the file ends within this vector")
        if rest:
            self.reading.fault(f"ignored {len(rest)} trailing bytes")
        self.reading.check_row_count(declared_words, len(self.words))

    def _split_regular(self, buffer, start: int, stop: int, at_end: bool):
        """Words and positions of their vectors, up to the first irregular record."""
        start += buffer[start : start + 1] == b"\n"
        # As latin-1, one character per byte, so that words are not copied twice. The copy also
        # brings the bytes into the cache, which is much faster than jumping from word to word.
        text = str(memoryview(buffer)[start:stop], "latin-1")
        words = self._record.findall(text)
        after = self.width + self.newline
        sizes = np.fromiter(map(len, words), np.int64, len(words)) + 1 + after
        ends = start + np.cumsum(sizes)
        if words and not words[-1]:  # an empty word, or not a record
            last = self._record.match(text, int(ends[-1] - sizes[-1]) - start)
            if last.lastindex is None:
                words.pop()
        return _decoded(words), ends[: len(words)] - after

    def _split(self, buffer, position: int, stop: int, at_end: bool):
        """As `_split_regular`, one by one, with words that contain spaces or follow newlines."""
        words: list[str] = []
        starts: list[int] = []
        find, width, newline = buffer.find, self.width, self.newline
        # The byte after a vector is needed, except at the end.
        last_end = stop - (newline and not at_end)
        limit = self.reading.limit
        wanted = stop if limit is None else limit - len(self.words)
        while len(starts) < wanted:
            space = find(b" ", position, stop)
            end = space + 1 + width
            if space < 0 or end > last_end:
                break
            if newline and end < stop and buffer[end] != _NEWLINE:
                if not at_end and stop < position + _MAX_SPACED_WORD_BYTES + width + 2:
                    break
                space = _space_after_spaced_word(buffer, position, width)
                if space < 0:
                    raise self._damaged(len(starts), position, "no newline after this vector")
                end = space + 1 + width
            word = buffer[position:space].lstrip(b"\n")
            if b"\n" in word:
                problem = "a newline within the word: words and vectors are misaligned"
                raise self._damaged(len(starts), space + 1, problem)
            words.append(to_word(word))
            starts.append(space + 1)
            position = end
        return words, np.array(starts, np.int64)

    def _damaged(self, row: int, position: int, problem: str) -> FormatError:
        before = len(self.words) + row
        place = f"word number {before + 1}, byte {self.offset + position}"
        return self.reading.damage_error(place, before, problem)


def _decoded(words: list[str]) -> list[str]:
    """Decode words of one character per byte, without newlines."""
    text = "\n".join(words)
    return words if text.isascii() else to_word(text.encode("latin-1")).split("\n")


def _loaded(rows: MappedRows) -> np.ndarray:
    matrix = np.empty(rows.shape, np.float32)
    for start, stop in blocks(*rows.shape):
        matrix[start:stop] = rows[start:stop]
    return matrix


def _space_after_spaced_word(buffer: bytes, position: int, width: int) -> int:
    """The space after a word with spaces, such that a newline follows the vector; or -1."""
    last = position + _MAX_SPACED_WORD_BYTES
    space = buffer.find(b" ", position, last)
    while space >= 0:
        end = space + 1 + width
        if buffer[end : end + 1] in (b"\n", b"") and end <= len(buffer):
            return space if _plausible(buffer[position:space]) else -1
        space = buffer.find(b" ", space + 1, last)
    return -1


def _plausible(word: bytes) -> bool:
    """Whether it may be a word with spaces, rather than a word and the start of its vector."""
    try:
        word.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _CONTROL.search(word.lstrip(b"\n")) is None and b"\n" not in word.lstrip(b"\n")


def _newline_follows(first: bytes, header: Header, at_end: bool) -> bool:
    """Whether a newline follows each vector, judged by the first records (``first``)."""
    end = first.find(b" ") + 1 + 4 * header.dimensions
    if first[end : end + 1] == b"\n":
        return True
    # The first word may contain a space: then several records must be aligned.
    records = _Records(header, True, Reading("", limit=8))
    try:
        return len(records.take(first, 0, len(first), at_end)[0]) > 0
    except FormatError:
        return False


def _sound_header(stream: Stream, reading: Reading) -> Header:
    header = parse_header(stream.head)
    size = stream.size
    if header.dimensions > MAX_DIMENSIONS or (size is not None and 4 * header.dimensions > size):
        raise FormatError(
            f"{reading.path}: its header declares vectors of {header.dimensions} dimensions, "
            "more than fit in it: it is damaged, or not a file of word vectors"
        )
    return header
