"""Compiled splitting: a batch of text -> where its tokens stand, by `fastw2v.corpus.blocks`' rules.

All arithmetic is in uint64, with named constants: Numba turns a mixture of uint64 and int64 into
float64.
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
"""Bytes split at a time: enough words that memory is waited for together, few enough that what is
known of them stays in the nearest cache."""

_SENTENCE_END = to_bytes(SENTENCE_END)
_SENTENCE_END_LENGTH = _U(len(_SENTENCE_END))


class Tokens(NamedTuple):
    """Room for the tokens of a batch; uint64, of which as many as there are tokens are in use."""

    ends: np.ndarray  # position in the text of every separator
    starts: np.ndarray  # address of the first byte
    lengths: np.ndarray  # bytes
    lows: np.ndarray  # see `fastw2v.corpus.table`
    highs: np.ndarray
    places: np.ndarray
    sentence_end: np.ndarray  # the bytes of the token that a newline stands for


def token_arrays() -> Tokens:
    """A newline is one token, a word has at least one byte and a separator."""
    rooms = [np.empty(BATCH_BYTES + WINDOW, np.uint64) for _ in Tokens._fields[:-1]]
    return Tokens(*rooms, np.frombuffer(_SENTENCE_END.ljust(16, b"\0"), np.uint64))


@compiled(inline=True)
def find_separators(text, position, stop, ends):
    """Write to ``ends`` where separators stand from ``position`` on, up to ``stop`` and at most
    63 bytes further, in whole windows. Return how many there are."""
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
        number += _U(end != start)  # no branch: where blanks follow blanks is hard to foresee
        if eight_bytes(text + end) & _BYTE == _NEWLINE:
            starts[number] = sentence_end
            lengths[number] = _SENTENCE_END_LENGTH
            number += _1
        start = end + _1
    return number, start


@compiled(inline=True)
def shorten_as_c(number, most, at_nul, tokens):
    """Cut words to what the C program sees: at most ``most`` bytes, and up to the first NUL."""
    starts, lengths = tokens.starts, tokens.lengths
    for token in range(number):
        length = min(lengths[token], most)
        if at_nul:
            done = _0
            while done < length and eight_bytes(starts[token] + done) & _BYTE != _0:
                done += _1
            length = done
        lengths[token] = length
