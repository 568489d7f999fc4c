"""Blocks of text that end between words, and the rules by which text is split into words.

The rules, the same for counting and for training, since the text is read once for both:

- Words are separated by spaces, tabs and newlines, and by nothing else. A carriage return is
  dropped wherever it stands. Every other byte is an ordinary byte of a word: NUL, vertical tab,
  no-break space (U+00A0), U+3000 and U+2028 too. Bytes that are not UTF-8 are kept as they are.
- Every newline ends a sentence and yields the token ``</s>``, a blank line's too. A word directly
  before a newline comes first. The word ``</s>`` in the text is that same token.
- Words are kept whole whatever their length, up to `MAX_WORD_BYTES`, past which the file is
  certainly no text. The last word counts without a separator behind it.
- A byte order mark (UTF-8) at the start of a file is dropped. Where a file does not end with a
  newline and another one follows, a newline is put between them.

With the rules of the C program (``c_rules``) there is this difference: a word is cut to its first
98 bytes and at its first NUL byte; a last word with no separator behind it is lost; a byte order
mark is part of the first word.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fastw2v.corpus import pages
from fastw2v.corpus.streams import MIN_READ_BYTES, ByteStream
from fastw2v.errors import CorpusError

MAX_WORD_BYTES = 1 << 24  # bytes; bounds the memory that text without separators takes
C_MAX_WORD_BYTES = 98  # bytes, what the C program keeps of a word
_SEPARATORS = (b" ", b"\t", b"\n")
_PADDING = b" " * 64  # looked at by `scanning.scan`, which takes so many bytes at a time
_BLOCK_BYTES = 1 << 19  # with its ids it stays in the cache of a core
_LEAST_BLOCK_BYTES = 1 << 15


class Block(NamedTuple):
    """A piece of text that neither starts nor ends within a word, and room for its ids."""

    text: np.ndarray  # uint8: the bytes without carriage returns, and behind them spaces
    size: int  # bytes of text
    base: int  # position of the first byte in the text of all blocks
    cuts_words: bool  # whether what follows is looked at
    max_word_bytes: int  # bytes after which words are cut
    cut_at_nul: bool
    ids: np.ndarray  # int32, one for every byte


def block_bytes(total: int | None, threads: int) -> int:
    """A size of blocks such that every thread gets several, where ``total`` bytes are known."""
    if total is None:
        return _BLOCK_BYTES
    return min(_BLOCK_BYTES, max(_LEAST_BLOCK_BYTES, total // (8 * threads)))


class Blocks:
    """The text of a stream in blocks of about ``size`` bytes; iterated once.

    A block that was `returned` lends its memory to one that comes later: new memory would have to
    be cleared by the system first, which takes longer than reading into it.
    """

    def __init__(self, stream: ByteStream, size: int, c_rules: bool):
        self._stream, self._c_rules = stream, c_rules
        self._size = max(size, MIN_READ_BYTES)
        self._room = _Room(self._size)  # being filled
        self._held = 0  # bytes at its start: a word of which there may be more
        self._free: list[_Room] = []
        self._lent: dict[int, _Room] = {}  # by the base of the block
        self._base = 0  # of the next block

    def __iter__(self) -> Iterator[Block]:
        """Raises CorpusError where a word is longer than `MAX_WORD_BYTES`."""
        for count in self._stream.reads(self._next_bytes):
            filled = self._held + count
            end = _end_of_words(self._room.text, self._held, filled)
            if end:
                yield self._lend(end, filled)
            else:
                self._held = filled
            if self._held > MAX_WORD_BYTES:
                self._cut_held()
        if self._held and not self._c_rules:
            yield self._lend(self._held, self._held)

    def release(self, block: Block) -> None:
        """Take the memory of ``block`` back, at which nobody looks any more."""
        room = self._lent.pop(block.base)
        if room.size == self._size:
            self._free.append(room)

    def _next_bytes(self) -> memoryview:
        """Where the next bytes go: behind those held, into what is left of the room."""
        if self._room.size - self._held < max(self._size // 2, MIN_READ_BYTES):
            larger = _Room(2 * self._held + self._size)
            larger.text[: self._held] = memoryview(self._room.text)[: self._held]
            self._room = larger
        return memoryview(self._room.text)[self._held : self._room.size]

    def _lend(self, end: int, filled: int) -> Block:
        """A block of the first ``end`` bytes of the room, of which ``filled`` are text."""
        room = self._lent[self._base] = self._room
        self._room = self._free.pop() if self._free else _Room(self._size)
        self._held = filled - end
        self._room.text[: self._held] = memoryview(room.text)[end:filled]
        size = _drop_carriage_returns(room.text, end)
        room.text[size : size + len(_PADDING)] = _PADDING
        at_nul = self._c_rules and room.text.find(b"\0", 0, size) >= 0
        base, self._base = self._base, self._base + size
        text = np.frombuffer(room.text, np.uint8)
        return Block(text, size, base, self._c_rules, C_MAX_WORD_BYTES, at_nul, room.ids)

    def _cut_held(self) -> None:
        if not self._c_rules:
            raise CorpusError(
                f"{self._stream.name}: a word of more than {MAX_WORD_BYTES >> 20} MiB up to byte "
                f"{self._stream.offset:,}: this is no text with words between blanks"
            )
        size = _drop_carriage_returns(self._room.text, self._held)
        self._held = min(size, C_MAX_WORD_BYTES)


class _Room:
    """Memory for a block."""

    def __init__(self, size: int):
        self.size = size
        self.text = bytearray(size + len(_PADDING))
        self.ids = pages.zeros(size, np.int32)


def _end_of_words(text: bytearray, start: int, stop: int) -> int:
    """Where the last separator from ``start`` on ends; 0: there is none."""
    end = 0
    for separator in _SEPARATORS:  # each is looked for only behind those found before
        end = max(end, text.rfind(separator, max(start, end), stop) + 1)
    return end


def _drop_carriage_returns(text: bytearray, size: int) -> int:
    """Drop them from the first ``size`` bytes. Return how many bytes are left."""
    if text.find(b"\r", 0, size) < 0:
        return size
    left = text[:size].replace(b"\r", b"")
    text[: len(left)] = left
    return len(left)
