"""Sums of the vectors of sentences that come as word ids, in batches of any length."""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows, Matrix

UNKNOWN, END, NOTHING = -1, -2, -3
"""Ids of words without a vector, of the end of a sentence, and of no word at all."""
_NUMBERS = 1 << 20  # of vectors that are held at once


class Batch(NamedTuple):
    """N sentences."""

    means: Array  # (N, D) float64; zeros for sentences without a known word
    known: Array  # (N,) int64: words with a vector
    words: Array  # (N,) int64: all words


class SentenceSums:
    """Weighted means of the vectors of sentences.

    A sentence may be spread over several batches. The result is the same for any batches: numbers
    are added in float64, in the order of the words.
    """

    def __init__(self, matrix: Matrix, weights: Array) -> None:
        """matrix: (V, D) float32. weights: (V,) float64, the factor of each row."""
        self._matrix = matrix if isinstance(matrix, MappedRows) else np.asarray(matrix)
        self._weights = weights
        # Of the sentence that is not complete: the sum, the known words, all words.
        self._sum, self._counts = np.zeros(matrix.shape[1]), np.zeros(2, np.int64)
        self._at_once = max(1, _NUMBERS // matrix.shape[1])

    def add(self, ids: Array) -> Batch:
        """The sentences that are complete now.

        ids: (n,) int64, rows of the matrix, `UNKNOWN`, `END` or `NOTHING`.
        """
        starts = range(0, len(ids), self._at_once) or [0]
        parts = [self._add(ids[start : start + self._at_once]) for start in starts]
        if len(parts) == 1:
            return parts[0]
        return Batch(*[np.concatenate(each) for each in zip(*parts, strict=True)])

    def _add(self, ids: Array) -> Batch:
        ids, matrix, weights = ids.copy(), self._matrix, self._weights
        if isinstance(matrix, MappedRows):
            known = ids >= 0
            rows, ids[known] = np.unique(ids[known], return_inverse=True)
            matrix, weights = matrix[rows], weights[rows]
        count = np.count_nonzero(ids == END)
        batch = Batch(
            np.empty((count, matrix.shape[1])), np.empty(count, np.int64), np.empty(count, np.int64)
        )
        _add_words(ids, matrix, weights, self._sum, self._counts, *batch)
        return batch


@compiled
def _add_words(  # type: ignore[no-untyped-def]
    ids, matrix, weights, total, counts, means, known, words
):
    """Write the mean of each sentence that ends to a row of ``means`` (N, D), and its counts.

    total: (D,) float64. counts: (2,) int64, known and all words. Both are of the sentence that is
        not complete, before and after.
    """
    sentence = 0
    for word_id in ids:
        if word_id >= 0:
            counts += 1
            weight = weights[word_id]
            for d in range(total.shape[0]):
                total[d] += weight * matrix[word_id, d]
        elif word_id == UNKNOWN:
            counts[1] += 1
        elif word_id == END:
            divisor = max(counts[0], 1)
            for d in range(total.shape[0]):
                means[sentence, d] = total[d] / divisor
            known[sentence], words[sentence] = counts[0], counts[1]
            total[:] = 0
            counts[:] = 0
            sentence += 1
