"""Blocks of text that end between words, and the rules for splitting text into words.

The rules, which are the same for counting and training since the text is read once for both:

- Words are separated by spaces, tabs and newlines, and by nothing else. A carriage return is
  dropped wherever it occurs. Every other byte is an ordinary byte of a word, including NUL,
  vertical tab, no-break space (U+00A0), U+3000 and U+2028. Bytes that are not UTF-8 are preserved.
- Every newline ends a sentence and yields the token ``</s>``, also on an empty line. A word
  directly before a newline comes first. The word ``</s>`` in the text is that same token.
- Words are never cut. A word longer than `MAX_WORD_BYTES` is an error: the file is not text. The
  last word counts without a separator after it.
- A UTF-8 byte order mark at the start of a file is dropped. If a file does not end with a newline
  and another file follows, a newline is inserted between them.

The rules of the C program (``c_rules``) differ: a word is cut to its first 98 bytes and at its
first NUL byte; a last word without a separator after it is lost; a byte order mark is part of the
first word.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import numpy as np

from fastw2v.corpus.pieces import Piece

MAX_WORD_BYTES = 1 << 24  # bounds the memory for text without separators
C_MAX_WORD_BYTES = 98  # what the C program keeps of a word
_SEPARATORS = (b" ", b"\t", b"\n")
_SEPARATOR = re.compile(rb"[ \t\n]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_PADDING = b" " * 64  # read by `scanning.scan`, which processes this many bytes at a time
_BLOCK_BYTES = 1 << 19  # fits in the cache of a core
_LEAST_BLOCK_BYTES = 1 << 15
_PAGE = 4096
_PLACE = 256  # in a page
_MIN_READ_BYTES = len(BYTE_ORDER_MARK)


class Block(NamedTuple):
    """A piece of text that neither starts nor ends within a word."""

    text: np.ndarray  # uint8: the bytes without carriage returns, then padding of spaces
    size: int  # bytes of text
    base: int  # of the first byte; bytes later in the text of all blocks have larger ones
    cuts_words: bool  # whether the next two fields apply
    max_word_bytes: int  # bytes after which words are cut
    cut_at_nul: bool


def block_bytes(total: int | None, threads: int) -> int:
    """Bytes of a block, so that every thread gets several; ``total`` bytes of text, or None."""
    if total is None:
        return _BLOCK_BYTES
    return min(_BLOCK_BYTES, max(_LEAST_BLOCK_BYTES, total // (8 * threads)))


class TextMemory:
    """Memory for the text of a block, which is read into it again and again: the system would have
    to clear new memory first, which takes longer than reading into it.

    ``text`` is valid until the next call of `room_after`.
    """

    def __init__(self, size: int):
        """size: bytes read at once."""
        self._size = max(size, _MIN_READ_BYTES)
        self._allocate(2 * self._size)

    def _allocate(self, size: int) -> None:
        """Memory that does not begin at the start of a page, as parts of files do: if it begins up
        to 31 bytes later in a page, AMD's processors copy at a fifth of the speed."""
        self.text = bytearray(size + len(_PADDING) + _PAGE)
        address = np.frombuffer(self.text, np.uint8).ctypes.data
        del self.text[: (_PLACE - address) % _PAGE]  # moves nothing
        self._view, self._array = memoryview(self.text), np.frombuffer(self.text, np.uint8)

    def room_after(self, filled: int) -> memoryview:
        """Room for the next read, after the first ``filled`` bytes, which are kept."""
        if len(self.text) - len(_PADDING) < filled + self._size:
            old = self._view
            self._allocate(2 * filled + self._size)
            self.text[:filled] = old[:filled]
        return self._view[filled : filled + self._size]

    def put(self, data: bytes) -> int:
        """Begin with ``data``; return its length."""
        if len(data) > self._size:
            self._allocate(2 * len(data) + self._size)
        self.text[: len(data)] = data
        return len(data)

    def block(self, start: int, end: int, base: int, c_rules: bool) -> Block:
        """The words from ``start`` to ``end``; what follows them is overwritten."""
        size = _drop_carriage_returns(self.text, start, end)
        end = start + size
        self.text[end : end + len(_PADDING)] = _PADDING
        at_nul = c_rules and self.text.find(b"\0", start, end) >= 0
        return Block(self._array[start:], size, base, c_rules, C_MAX_WORD_BYTES, at_nul)


class Part(NamedTuple):
    """What was read of a piece at once.

    head: the end of a word that began in an earlier piece, with the separator after it; None if
        this part has none.
    block: whole words. tail: a word that may continue in the next piece; empty before the end.
    size: bytes of text. last_byte: of the text, None if there is none.
    ended: whether the piece ends here.
    """

    head: bytes | None
    block: Block
    tail: bytes
    size: int
    last_byte: int | None
    ended: bool


class PieceText:
    """The text of a piece in parts; read by one thread at a time."""

    def __init__(self, piece: Piece, c_rules: bool):
        self._stream, self._base, self._c_rules = piece.stream, piece.base, c_rules
        self._skip_mark = piece.first and piece.source.start == 0 and not c_rules
        self._complete = piece.first  # False: what comes next may be the end of a word
        self._held = b""  # a word that may continue

    def read(self, memory: TextMemory) -> Part:
        """Read on until a word is complete, or to the end of the piece.

        Raises CorpusError if the piece cannot be read.
        """
        offset = self._stream.offset
        base = self._base + 1 + offset - len(self._held)  # `base` itself is for the joined word
        filled, start, end = memory.put(self._held), 0, 0
        last_byte, ended = None, False
        while not end and not ended:
            count = self._stream.readinto(memory.room_after(filled))
            if self._skip_mark and memory.text.startswith(BYTE_ORDER_MARK, 0, count):
                start = len(BYTE_ORDER_MARK)
            self._skip_mark = False
            end = _end_of_words(memory.text, filled, filled + count)
            filled += count
            last_byte = memory.text[filled - 1] if count and filled > start else last_byte
            ended = not count or self._stream.exhausted
            if not end and filled - start > MAX_WORD_BYTES:
                start, filled = 0, _keep_start(memory.text, start, filled, self._c_rules)
                ended = ended or not self._c_rules  # `seams` refuses the word
        head = None
        if end and not self._complete:
            after = _SEPARATOR.search(memory.text, start, end).end()
            head, start, self._complete = bytes(memory.text[start:after]), after, True
        end = max(start, end)
        rest = bytes(memory.text[end:filled])
        self._held, tail = (b"", rest) if ended else (rest, b"")
        block = memory.block(start, end, base + start, self._c_rules)
        return Part(head, block, tail, self._stream.offset - offset, last_byte, ended)


def shortened(word: bytes) -> bytes:
    """The start of a word that is as good as all of it by the rules of the C program."""
    return word.replace(b"\r", b"")[:C_MAX_WORD_BYTES]


def _keep_start(text: bytearray, start: int, end: int, c_rules: bool) -> int:
    """Move the start of a long word to the start of ``text``; return how much of it is left."""
    word = bytes(text[start:end])
    kept = shortened(word) if c_rules else word
    text[: len(kept)] = kept
    return len(kept)


def _end_of_words(text: bytearray, start: int, stop: int) -> int:
    """The end of the last separator from ``start`` on; 0 if there is none."""
    end = 0
    for separator in _SEPARATORS:  # each search starts after the separators found before
        end = max(end, text.rfind(separator, max(start, end), stop) + 1)
    return end


def _drop_carriage_returns(text: bytearray, start: int, end: int) -> int:
    """Drop carriage returns between ``start`` and ``end``. Return the number of bytes left."""
    if text.find(b"\r", start, end) < 0:
        return end - start
    left = text[start:end].replace(b"\r", b"")
    text[start : start + len(left)] = left
    return len(left)
