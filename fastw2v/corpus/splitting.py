"""Compiled splitting: a batch of text -> positions of tokens, by the rules of `corpus.blocks`.

All arithmetic is in uint64, with named constants: Numba converts mixed uint64 and int64 to float64.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.io.encoding import SENTENCE_END, to_bytes
from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.text_bytes import WINDOW, eight_bytes, lowest_bit, separators

_U = np.uint64
_0, _1 = _U(0), _U(1)
_BYTE = _U(0xFF)
_NEWLINE = _U(10)
_WINDOW = _U(WINDOW)

BATCH_BYTES = 1024
"""Bytes split at once: enough words to overlap memory accesses, few enough that their data stays
in the L1 cache."""

MOST_TOKENS = BATCH_BYTES + WINDOW
"""Maximum number of tokens in a batch: a newline is one, a word has a byte and a separator."""

_SENTENCE_END = to_bytes(SENTENCE_END)
_SENTENCE_END_LENGTH = _U(len(_SENTENCE_END))


class Tokens(NamedTuple):
    """Work arrays for the tokens of a batch; uint64, one entry per token."""

    ends: np.ndarray  # position in the text of every separator
    starts: np.ndarray  # address of the first byte
    lengths: np.ndarray  # bytes
    lows: np.ndarray  # see `fastw2v.corpus.table`
    highs: np.ndarray
    places: np.ndarray
    sentence_end: np.ndarray  # the bytes of the token that a newline stands for


def token_arrays() -> Tokens:
    """Work arrays for any batch."""
    arrays = [np.empty(MOST_TOKENS, np.uint64) for _ in Tokens._fields[:-1]]
    return Tokens(*arrays, np.frombuffer(_SENTENCE_END.ljust(16, b"\0"), np.uint64))


@compiled(inline=True)
def find_separators(text, position, stop, ends):
    """Write to ``ends`` the positions of separators from ``position`` up to ``stop``, rounded up to
    whole windows. Return their number."""
    found = _0
    while position < stop:
        bits = separators(text + position)
        while bits != _0:
            ends[found] = position + lowest_bit(bits)
            found += _1
            bits &= bits - _1
        position += _WINDOW
    return found


@compiled(inline=True)
def cut_tokens(text, start, found, tokens):
    """The tokens that end at the ``found`` separators; the first may begin at ``start``.

    Return their number, and where the next may begin.
    """
    ends, starts, lengths = tokens.ends, tokens.starts, tokens.lengths
    sentence_end = _U(tokens.sentence_end.ctypes.data)
    number = _0
    for separator in range(found):
        end = ends[separator]
        starts[number] = text + start
        lengths[number] = end - start
        number += _U(end != start)  # no branch: runs of spaces are hard to predict
        if eight_bytes(text + end) & _BYTE == _NEWLINE:
            starts[number] = sentence_end
            lengths[number] = _SENTENCE_END_LENGTH
            number += _1
        start = end + _1
    return number, start


@compiled(inline=True)
def shorten_as_c(number, most, at_nul, tokens):
    """Cut words as the C program does: at most ``most`` bytes, and up to the first NUL."""
    starts, lengths = tokens.starts, tokens.lengths
    for token in range(number):
        length = min(lengths[token], most)
        if at_nul:
            done = _0
            while done < length and eight_bytes(starts[token] + done) & _BYTE != _0:
                done += _1
            length = done
        lengths[token] = length
