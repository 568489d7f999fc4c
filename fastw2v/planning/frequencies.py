"""How often the words of a text occur: groups of words that occur alike.

A vocabulary of 100 million words has a few thousand groups. They come from counts, or, where only
the number of words and the length of the text are known, from Zipf's law.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.matrix.arrays import Array

_STEP = 1.01  # counts of a group are at most this times each other, but for the first
_ALONE = 1_000  # the most frequent words are groups of their own
_HALVINGS = 30
_STEEPEST = 1.5
"""The largest exponent that is assumed: where a vocabulary has only the most frequent words of a
text (``--max-vocab``), the rarest of them occurs far more often than it must."""

_LARGEST_SHIFT = 100.0
TOP_SHARE = 0.06
"""The share of a text that its most frequent word is, where only the number of words is known: as
"the" in English."""

SENTENCE_WORDS = 20
"""Words of a sentence, where only the number of words is known."""


@dataclass(frozen=True, eq=False)
class Frequencies:
    """The words of a vocabulary by how often they occur, without the sentence end.

    counts: (K,) float64, occurrences of one word of each group, falling.
    repeats: (K,) float64, words of each group.
    ends: sentence ends.
    """

    counts: Array
    repeats: Array
    ends: float

    @property
    def words(self) -> int:
        """V, the rows of a matrix: with that of the sentence end."""
        return 1 + int(self.repeats.sum())

    @property
    def tokens(self) -> int:
        """Words of the text that are in the vocabulary."""
        return round(float(self.counts @ self.repeats))

    @property
    def ids(self) -> int:
        """Numbers that the text is encoded as: its words and sentence ends."""
        return self.tokens + round(self.ends)

    def expanded(self) -> Array:
        """(V,) int64, the count of each word, the sentence end first; 1 at least."""
        each = np.repeat(np.maximum(1, np.rint(self.counts)), self.repeats.astype(np.int64))
        return np.concatenate([[round(self.ends)], each]).astype(np.int64)


def of_counts(counts: Array) -> Frequencies:
    """The groups of a vocabulary. counts: (V,) int64, the sentence end first, others falling.

    >>> of_counts(np.array([3, 5, 2, 2])).repeats.tolist()
    [1.0, 2.0]
    """
    found, repeats = np.unique(counts[1:], return_counts=True)
    found, repeats = found[::-1].astype(np.float64), repeats[::-1].astype(np.float64)
    steps = np.floor(np.log(np.maximum(found, 1)) / np.log(_STEP))
    steps[:_ALONE] = -np.arange(1, 1 + len(steps[:_ALONE]))  # no step of the others
    groups = np.cumsum(np.diff(steps, prepend=steps[:1]) != 0)
    sizes = np.bincount(groups, repeats)
    tokens = np.bincount(groups, repeats * found)
    return Frequencies(tokens / sizes, sizes, float(counts[0]))


def of_numbers(tokens: int, words: int, least: int) -> Frequencies:
    """The groups of a text of so many ``tokens`` of a vocabulary of so many ``words``, of which the
    rarest is to occur ``least`` times: word r occurs in proportion to (r + b)^-a.

    a and b are such that the rarest word occurs that often, as far as a is from 0 to `_STEEPEST`,
    and that the most frequent one is not more than `TOP_SHARE` of the text. Source: Mandelbrot, "An
    informational theory of the statistical structure of language", 1953.

    Raises SettingsError if there are more words than tokens.
    """
    if words > tokens:
        raise SettingsError(
            f"{parameter('words')}: a text of {tokens:,} words cannot have a vocabulary of "
            f"{words:,}: give more {parameter('words')}, or a smaller {parameter('vocabulary')}"
        )
    begins = _first_ranks(words)
    ends = np.append(begins[1:], words + 1)

    def rarest(exponent: float) -> float:
        shares = _shares(begins, ends, exponent)
        return tokens * float(shares[-1] / (ends[-1] - begins[-1]))

    exponent = _largest(lambda each: rarest(each) > least, _STEEPEST)
    repeats = ends - begins
    counts = tokens * _shares(begins, ends, exponent) / repeats
    return Frequencies(counts, repeats, tokens / SENTENCE_WORDS)


def _largest(holds: Callable[[float], bool], most: float) -> float:
    """About the largest number from 0 to ``most`` for which a condition holds that holds for
    smaller ones."""
    low, high = 0.0, most
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low


def _first_ranks(words: int) -> Array:
    """The first rank of each group: (K,) float64, from 1."""
    alone = np.arange(1, min(words, _ALONE) + 1, dtype=np.float64)
    if words <= _ALONE:
        return alone
    count = int(np.log(words / _ALONE) / np.log(_STEP)) + 2
    others = np.unique(np.rint(np.geomspace(_ALONE + 1, words, count)))
    return np.concatenate([alone, others])


def _shares(begins: Array, ends: Array, exponent: float) -> Array:
    """The share of the text that the words of each group are."""
    shift = _largest(
        lambda each: _sums(begins, ends, exponent, each)[0] > TOP_SHARE, _LARGEST_SHIFT
    )
    return _sums(begins, ends, exponent, shift)


def _sums(begins: Array, ends: Array, exponent: float, shift: float) -> Array:
    """(r + shift)^-exponent added up over the ranks of each group, all together 1: groups of more
    than one word by the integral."""
    low, high = begins + (shift - 0.5), ends + (shift - 0.5)
    if abs(exponent - 1) < 1e-9:
        found = np.log(high / low)
    else:
        found = (high ** (1 - exponent) - low ** (1 - exponent)) / (1 - exponent)
    alone = ends - begins == 1
    found[alone] = (begins[alone] + shift) ** -exponent
    return np.asarray(found / found.sum())
