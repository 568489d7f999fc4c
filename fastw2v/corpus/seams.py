"""Words that begin in one piece and end in a later one, and the ends of sources."""

from __future__ import annotations

from fastw2v.corpus.blocks import (
    BYTE_ORDER_MARK,
    MAX_WORD_BYTES,
    Block,
    Part,
    TextMemory,
    shortened,
)
from fastw2v.corpus.pieces import OpenSource, Piece
from fastw2v.errors import CorpusError

_NEWLINE = 10
_AFTER_ALL = 1 << 62  # larger than the base of any block


class Seams:
    """Joins what pieces leave at their ends; takes all parts in the order of the text."""

    def __init__(self, c_rules: bool):
        self._c_rules = c_rules
        self._memory = TextMemory(1 << 10)
        self._word = b""  # begun, not complete
        self._began = 0  # where, in its source
        self._line_ended = True  # False: text was read, and its last byte is not a newline
        self._source: OpenSource | None = None
        self._offset = 0  # bytes of text read from it
        self._empty = True  # no text was read from it but `_mark`
        self._mark = b""  # its first bytes, if these may be a byte order mark
        self._any_text = False

    def join(self, piece: Piece, part: Part) -> Block | None:
        """What comes directly before ``part.block``: the words that end here; None without any.

        Raises CorpusError if a word is longer than `MAX_WORD_BYTES`.
        """
        before = b""
        if piece.source is not self._source:
            before = self._end_source()
            self._source, self._offset, self._empty = piece.source, piece.source.start, True
        if self._empty and part.head is None and not part.block.size and self._may_be_mark(part):
            self._mark += part.tail
            self._offset += part.size
            return self._block(before, piece.base - len(before)) if before else None
        before += self._begin_text()
        ended = b"" if part.head is None else self._completed(part.head)
        base = piece.base - len(before)  # ends before that of `part.block`
        self._offset += part.size
        if part.last_byte is not None:
            self._line_ended = part.last_byte == _NEWLINE
        if not self._word:
            self._began = self._offset - len(part.tail)
        self._word = self._checked(self._word + part.tail)
        return self._block(before + ended, base) if before or ended else None

    def last_word(self) -> Block | None:
        """The last word of the text, if no separator follows it."""
        word = self._end_source() + self._completed(b"")
        return self._block(word, _AFTER_ALL) if word and not self._c_rules else None

    def open_line(self) -> bool | None:
        """Whether the text ends within a line; None if there is no text. After `last_word`."""
        return not self._line_ended if self._any_text else None

    def _may_be_mark(self, part: Part) -> bool:
        """Whether the text of the source, to the end of this part, is the start of a byte order
        mark, which `PieceText` did not see, or nothing."""
        if not part.tail:
            return True
        mark = self._mark + part.tail
        is_all = self._offset + part.size == len(mark)
        return is_all and not self._c_rules and BYTE_ORDER_MARK.startswith(mark)

    def _begin_text(self) -> bytes:
        """What comes before the first text of a source, which starts on a new line."""
        if not self._empty:
            return b""
        before = b"" if self._line_ended else self._completed(b"\n")
        if self._mark and self._mark != BYTE_ORDER_MARK:
            self._word, self._began, self._line_ended = self._mark, 0, False
        self._empty, self._mark, self._any_text = False, b"", True
        return before

    def _end_source(self) -> bytes:
        """What is still to come of a source whose text may be less than a byte order mark."""
        if self._mark == BYTE_ORDER_MARK:
            self._mark = b""
        return self._begin_text() if self._mark else b""

    def _completed(self, end: bytes) -> bytes:
        """The word, with its end."""
        began = self._began if self._word else self._offset
        word, self._word = self._checked(self._word) + end, b""
        if began == 0 and not self._c_rules:
            word = word.removeprefix(BYTE_ORDER_MARK)  # if `PieceText` did not see all of it
        return word

    def _block(self, word: bytes, base: int) -> Block:
        return self._memory.block(0, self._memory.put(word), base, self._c_rules)

    def _checked(self, word: bytes) -> bytes:
        if len(word) <= MAX_WORD_BYTES:
            return word
        if self._c_rules:
            return shortened(word)
        raise CorpusError(
            f"{self._source.name}: a word of more than {MAX_WORD_BYTES >> 20} MiB up to byte "
            f"{self._began + MAX_WORD_BYTES:,}: not a text; separate words by spaces or newlines"
        )
