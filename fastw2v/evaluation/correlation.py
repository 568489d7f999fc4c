"""Similarity: correlation of cosines with human scores of pairs of words."""

import math
from dataclasses import dataclass

import numpy as np

from fastw2v.evaluation.pairs import Pairs, read_pairs
from fastw2v.evaluation.rules import USUAL, find_spellings, get_rule, known_rows
from fastw2v.evaluation.text import Source
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.vectors.sparse_vectors import AnyRows, AnyVectors


@dataclass(frozen=True)
class SimilarityResult:
    """Correlations of cosines with human scores; NaN for fewer than two pairs or no variance.

    >>> result = fastw2v.evaluation.similarity(vectors, "pairs.tsv")
    >>> isinstance(result, fastw2v.evaluation.SimilarityResult)
    True
    """

    spearman: float
    pearson: float
    covered: int  # pairs of two known words
    total: int

    @property
    def skipped(self) -> int:
        """Pairs that are not covered."""
        return self.total - self.covered


def similarity(
    vectors: AnyVectors, pairs: Pairs | Source, limit: int | str | None = USUAL, rule: str = "c"
) -> SimilarityResult:
    """Correlate cosines with human scores of similarity (Spearman and Pearson).

    pairs: a path, or the result of `read_pairs`, to read them only once.
    limit: use only the first ``limit`` rows; 0 or None for all. "usual" is all, with rule "gensim"
        300,000.
    rule: how words are compared, "c" or "gensim", as in `analogies`.

    A word is the first row of its spelling. Pairs with an unknown word, or one whose vector has NaN
    or infinity, are skipped. A zero vector has cosine 0 to everything.

    Raises FormatError for a file without pairs, SettingsError for a limit below 0 or an unknown
    rule.

        >>> round(fastw2v.evaluation.similarity(vectors, "pairs.tsv").spearman, 3)
        1.0
    """
    counting = get_rule(rule)
    rows = known_rows(len(vectors), limit, counting.pair_limit)
    if not isinstance(pairs, Pairs):
        pairs = read_pairs(pairs)
    spellings = find_spellings(vectors.words[:rows], pairs.words, counting)
    asked = spellings.first_row[spellings.of_word[pairs.asked]]  # (n, 2)
    covered: Array = np.asarray((asked >= 0).all(axis=1))
    covered[covered] = finite_pairs(vectors.matrix, asked[covered])
    cosines = cosines_of(vectors.matrix, asked[covered])
    scores = pairs.scores[covered]
    return SimilarityResult(
        spearman=_correlation(average_ranks(cosines), average_ranks(scores)),
        pearson=_correlation(cosines, scores),
        covered=len(scores),
        total=len(covered),
    )


def average_ranks(values: Array) -> Array:
    """(n,) float64: ranks from 1 for the smallest; equal values share the mean of their ranks.

    >>> fastw2v.evaluation.average_ranks(np.array([3.0, 1.0, 3.0])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[which]


def finite_pairs(matrix: AnyRows, asked: Array) -> Array:
    """(n,) bool: whether both vectors of a pair are finite. asked: (n, 2) rows."""
    rows, which = np.unique(asked, return_inverse=True)
    finite = np.empty(len(rows), bool)
    for start, stop in blocks(len(rows), matrix.shape[1]):
        finite[start:stop] = np.isfinite(matrix[rows[start:stop]]).all(axis=1)
    return np.asarray(finite[which].reshape(asked.shape).all(axis=1))


def cosines_of(matrix: AnyRows, asked: Array) -> Array:
    """(n,) float64, rounded to float32 so that pairs of equal words tie. asked: (n, 2) rows."""
    cosines = np.empty(len(asked))
    for start, stop in blocks(len(asked), matrix.shape[1]):
        first, second = (to_unit(matrix[rows], np.float64) for rows in asked[start:stop].T)
        cosines[start:stop] = (first * second).sum(axis=1).astype(np.float32)
    return cosines


def _correlation(first: Array, second: Array) -> float:
    """Pearson's correlation; NaN if either has no variance."""
    if len(first) < 2:
        return math.nan
    first, second = first - first.mean(), second - second.mean()
    deviation = math.sqrt((first @ first) * (second @ second))
    return float(first @ second) / deviation if deviation > 0 else math.nan
