"""Blocks of text that end between words, and the rules by which text is split into words.

The rules, the same for counting and for training, since the text is read once for both:

- Words are separated by spaces, tabs and newlines, and by nothing else. A carriage return is
  dropped wherever it stands. Every other byte is an ordinary byte of a word: NUL, vertical tab,
  no-break space (U+00A0), U+3000 and U+2028 too. Bytes that are not UTF-8 are kept as they are.
- Every newline ends a sentence and yields the token ``</s>``, a blank line's too. A word directly
  before a newline comes first. The word ``</s>`` in the text is that same token.
- Words are kept whole whatever their length, up to `LONGEST_WORD`, past which the file is
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

from fastw2v.corpus.streams import ByteStream
from fastw2v.errors import CorpusError

LONGEST_WORD = 1 << 24  # bytes; bounds the memory that text without separators takes
C_LONGEST_WORD = 98  # bytes, what the C program keeps of a word
_SEPARATORS = (b" ", b"\t", b"\n")
_PADDING = b" " * 64  # looked at by `scanning.scan`, which takes so many bytes at a time
_BLOCK_BYTES = 1 << 20  # with its ids it stays in the cache of a core
_LEAST_BLOCK_BYTES = 1 << 15


class Block(NamedTuple):
    """A piece of text that neither starts nor ends within a word."""

    text: np.ndarray  # uint8: the bytes without carriage returns, padded with spaces
    size: int  # bytes of text
    base: int  # position of the first byte in the text of all blocks
    cuts_words: bool  # whether what follows is looked at
    longest_word: int  # bytes after which words are cut
    cut_at_nul: bool


def block_bytes(total: int | None, threads: int) -> int:
    """A size of blocks such that every thread gets several, where ``total`` bytes are known."""
    if total is None:
        return _BLOCK_BYTES
    return min(_BLOCK_BYTES, max(_LEAST_BLOCK_BYTES, total // (8 * threads)))


def read_blocks(stream: ByteStream, size: int, c_rules: bool) -> Iterator[Block]:
    """The text of ``stream`` in blocks of about ``size`` bytes.

    Raises CorpusError where a word is longer than `LONGEST_WORD`.
    """
    base = 0
    parts: list[bytes] = []  # the word, so far, at the end of what was read
    held = 0  # bytes in parts
    for chunk in stream.chunks(size):
        end = max(map(chunk.rfind, _SEPARATORS)) + 1
        if end > 0:
            block = _block([*parts, chunk[:end]], base, c_rules)
            base += block.size
            yield block
            parts, held = [], 0
        parts.append(chunk[end:])
        held += len(chunk) - end
        if held > LONGEST_WORD:
            if not c_rules:
                raise CorpusError(
                    f"{stream.name}: a word of more than {LONGEST_WORD >> 20} MiB up to byte "
                    f"{stream.offset:,}: this is no text with words between blanks"
                )
            parts = [b"".join(parts).replace(b"\r", b"")[:C_LONGEST_WORD]]
            held = len(parts[0])
    if held and not c_rules:
        yield _block(parts, base, c_rules)


def _block(parts: list[bytes], base: int, c_rules: bool) -> Block:
    text = b"".join([*parts, _PADDING])
    if b"\r" in text:
        text = text.replace(b"\r", b"")
    size = len(text) - len(_PADDING)
    at_nul = c_rules and b"\0" in text
    return Block(np.frombuffer(text, np.uint8), size, base, c_rules, C_LONGEST_WORD, at_nul)
