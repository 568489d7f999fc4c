"""Selecting phrases: two scores of pairs, compared with a threshold."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.phrases.counting import Pairs
from fastw2v.phrases.spellings import SpellingCounts
from fastw2v.phrases.table import split_keys


class Phrases(NamedTuple):
    """Pairs to be joined."""

    keys: np.ndarray  # (K,) uint64, increasing
    counts: np.ndarray  # (K,) int64
    scores: np.ndarray  # (K,) float32 or float64


def original(
    pairs: np.ndarray, firsts: np.ndarray, seconds: np.ndarray, words: int, min_count: int
) -> np.ndarray:
    """The C program's scores, float32, rounded after every operation in its order.

    pairs, firsts, seconds: (P,) int64, counts of pairs and of their words. words: tokens of the
        text.

    Returns (P,) float32, 0 if a word or the pair has less than ``min_count`` occurrences.

    Source: Mikolov et al. (2013), section 4, equation 6, times the number of words.
    """
    counts = (pairs - min_count).astype(np.float32)
    scores = counts / firsts.astype(np.float32) / seconds.astype(np.float32) * np.float32(words)
    rare = np.minimum(np.minimum(firsts, seconds), pairs) < min_count
    return np.where(rare, np.float32(0), scores)


def npmi(
    pairs: np.ndarray, firsts: np.ndarray, seconds: np.ndarray, words: int, min_count: int
) -> np.ndarray:
    """Normalised pointwise mutual information, from -1 to 1: ln(p(ab) / p(a)p(b)) / -ln p(ab).

    Arguments as of `original`. Returns (P,) float64, minus infinity if the pair has less than
    ``min_count`` occurrences. Source: Bouma (2009), section 3.2.
    """
    share, first_share, second_share = pairs / words, firsts / words, seconds / words
    with np.errstate(divide="ignore", invalid="ignore"):  # a share of 1 gives 0 / 0
        scores = np.log(share / (first_share * second_share)) / -np.log(share)
    return np.where(pairs < min_count, -np.inf, scores)


SCORINGS = {"original": original, "npmi": npmi}


def select_phrases(
    pairs: Pairs, totals: SpellingCounts, words: int, scoring: str, min_count: int, threshold: float
) -> Phrases:
    """The pairs with a score above ``threshold``."""
    frequent = np.flatnonzero(totals.pairs >= min_count)
    keys, counts = pairs.keys[frequent], totals.pairs[frequent]
    firsts, seconds = (totals.words[word_ids] for word_ids in split_keys(keys))
    scores = SCORINGS[scoring](counts, firsts, seconds, words, min_count)
    chosen = np.flatnonzero(scores > scores.dtype.type(threshold))
    chosen = chosen[np.argsort(keys[chosen])]
    return Phrases(keys[chosen], counts[chosen], scores[chosen])
