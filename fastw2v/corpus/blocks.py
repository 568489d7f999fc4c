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

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fastw2v.corpus.streams import MIN_READ_BYTES, ByteStream
from fastw2v.errors import CorpusError
from fastw2v.matrix import pages

MAX_WORD_BYTES = 1 << 24  # bounds the memory for text without separators
C_MAX_WORD_BYTES = 98  # what the C program keeps of a word
_SEPARATORS = (b" ", b"\t", b"\n")
_PADDING = b" " * 64  # read by `scanning.scan`, which processes this many bytes at a time
_BLOCK_BYTES = 1 << 19  # together with its ids it fits in the cache of a core
_LEAST_BLOCK_BYTES = 1 << 15


class Block(NamedTuple):
    """A piece of text that neither starts nor ends within a word, and memory for its ids."""

    text: np.ndarray  # uint8: the bytes without carriage returns, then padding of spaces
    size: int  # bytes of text
    base: int  # position of the first byte in the text of all blocks
    cuts_words: bool  # whether the next two fields apply
    max_word_bytes: int  # bytes after which words are cut
    cut_at_nul: bool
    ids: np.ndarray  # int32, one for every byte


def block_bytes(total: int | None, threads: int) -> int:
    """Bytes of a block, so that every thread gets several; ``total`` bytes of text, or None."""
    if total is None:
        return _BLOCK_BYTES
    return min(_BLOCK_BYTES, max(_LEAST_BLOCK_BYTES, total // (8 * threads)))


class Blocks:
    """The text of a stream in blocks of about ``size`` bytes; can be iterated once.

    The memory of a block given to `release` is reused for a later block: the system would have to
    clear new memory first, which takes longer than reading into it.
    """

    def __init__(self, stream: ByteStream, size: int, c_rules: bool):
        self._stream, self._c_rules = stream, c_rules
        self._size = max(size, MIN_READ_BYTES)
        self._filling = _BlockMemory(self._size)
        self._held = 0  # bytes at its start: a word that may continue
        self._free: list[_BlockMemory] = []
        self._in_use: dict[int, _BlockMemory] = {}  # by the base of the block
        self._base = 0  # of the next block

    def __iter__(self) -> Iterator[Block]:
        """Raises CorpusError if a word is longer than `MAX_WORD_BYTES`."""
        for count in self._stream.reads(self._next_bytes):
            filled = self._held + count
            end = _end_of_words(self._filling.text, self._held, filled)
            if end:
                yield self._make_block(end, filled)
            else:
                self._held = filled
            if self._held > MAX_WORD_BYTES:
                self._cut_held()
        if self._held and not self._c_rules:
            yield self._make_block(self._held, self._held)

    def release(self, block: Block) -> None:
        """Reuse the memory of ``block``, which must no longer be accessed."""
        memory = self._in_use.pop(block.base)
        if memory.size == self._size:
            self._free.append(memory)

    def _next_bytes(self) -> memoryview:
        """Where the next bytes go: after those held; the memory grows for long words."""
        if self._filling.size - self._held < max(self._size // 2, MIN_READ_BYTES):
            larger = _BlockMemory(2 * self._held + self._size)
            larger.text[: self._held] = memoryview(self._filling.text)[: self._held]
            self._filling = larger
        return memoryview(self._filling.text)[self._held : self._filling.size]

    def _make_block(self, end: int, filled: int) -> Block:
        """A block of the first ``end`` of ``filled`` bytes; the rest starts the next one."""
        memory = self._in_use[self._base] = self._filling
        self._filling = self._free.pop() if self._free else _BlockMemory(self._size)
        self._held = filled - end
        self._filling.text[: self._held] = memoryview(memory.text)[end:filled]
        size = _drop_carriage_returns(memory.text, end)
        memory.text[size : size + len(_PADDING)] = _PADDING
        at_nul = self._c_rules and memory.text.find(b"\0", 0, size) >= 0
        base, self._base = self._base, self._base + size
        text = np.frombuffer(memory.text, np.uint8)
        return Block(text, size, base, self._c_rules, C_MAX_WORD_BYTES, at_nul, memory.ids)

    def _cut_held(self) -> None:
        if not self._c_rules:
            raise CorpusError(
                f"{self._stream.name}: a word of more than {MAX_WORD_BYTES >> 20} MiB up to byte "
                f"{self._stream.offset:,}: not a text; separate words by spaces or newlines"
            )
        size = _drop_carriage_returns(self._filling.text, self._held)
        self._held = min(size, C_MAX_WORD_BYTES)


class _BlockMemory:
    """Memory for a block."""

    def __init__(self, size: int):
        self.size = size
        self.text = bytearray(size + len(_PADDING))
        self.ids = pages.zeros(size, np.int32)


def _end_of_words(text: bytearray, start: int, stop: int) -> int:
    """The end of the last separator from ``start`` on; 0 if there is none."""
    end = 0
    for separator in _SEPARATORS:  # each search starts after the separators found before
        end = max(end, text.rfind(separator, max(start, end), stop) + 1)
    return end


def _drop_carriage_returns(text: bytearray, size: int) -> int:
    """Drop carriage returns from the first ``size`` bytes. Return the number of bytes left."""
    if text.find(b"\r", 0, size) < 0:
        return size
    left = text[:size].replace(b"\r", b"")
    text[: len(left)] = left
    return len(left)
