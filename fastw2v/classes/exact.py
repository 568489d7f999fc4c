"""The k-means of the C program, bit for bit: order of sums, rounding, and peculiarities.

Every sum is sequential in float32, as in the loops of the C program. Independent sums are
vectorised, over all centroids for one word, and words are distributed over threads, which does not
change the result.

Peculiarities: vectors are not normalised, only centroids are; a class counts one word more than it
has (which normalisation cancels, except for rounding); an empty class has a centroid of NaN, with
which comparisons are false, and stays empty.
"""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.system.cores import usable_cores

_ROUNDS = 10
_WORST = np.float32(-10)  # a class needs a higher score, or the word gets class 0


def cluster_as_c(matrix, n: int) -> np.ndarray:
    """See `fastw2v.classes.assign_classes_exactly`."""
    matrix = np.ascontiguousarray(matrix, np.float32)
    # Classes beyond the number of words would start and stay empty.
    n = max(1, min(n, len(matrix)))
    classes = (np.arange(len(matrix)) % n).astype(np.int32)
    threads = usable_cores()
    bounds = [len(matrix) * part // threads for part in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(_ROUNDS):
            columns = _columns(matrix, classes, n)
            pending = [
                pool.submit(_assign_best, first, end, matrix, columns, classes)
                for first, end in pairwise(bounds)
            ]
            for each in pending:
                each.result()
    return classes


def _columns(matrix: np.ndarray, classes: np.ndarray, n: int) -> np.ndarray:
    """(D, n) float32: the centroid of each class in a column."""
    sums = np.zeros((n, matrix.shape[1]), np.float32)
    _add_rows(sums, matrix, classes)
    counts = np.bincount(classes, minlength=n) + 1
    with np.errstate(all="ignore"):  # 0 / 0 for an empty class, as in C
        columns = np.ascontiguousarray(sums.T) / counts.astype(np.float32)
        squares = np.zeros(n, np.float32)
        for column in columns:  # not `sum`, which is pairwise
            squares += column * column
        columns /= np.sqrt(squares)
    return columns


@compiled
def _add_rows(sums, matrix, classes):
    """Add every row of ``matrix`` to the row of ``sums`` that is its class, first row first."""
    for row in range(matrix.shape[0]):
        its_class = classes[row]
        for d in range(matrix.shape[1]):
            sums[its_class, d] += matrix[row, d]


@compiled
def _assign_best(first, end, matrix, columns, classes):
    """Write the best class of the rows from ``first`` up to ``end``; ties to the lowest."""
    scores = np.empty(columns.shape[1], np.float32)
    for row in range(first, end):
        scores[:] = np.float32(0)
        for d in range(columns.shape[0]):
            _add_scaled(scores, columns[d], matrix[row, d])
        best, closest = 0, _WORST
        for candidate in range(scores.shape[0]):
            if scores[candidate] > closest:
                best, closest = candidate, scores[candidate]
        classes[row] = best


@compiled(inline=True)
def _add_scaled(scores, column, factor):
    """Add with separate rounding of product and sum: no fused multiply-add."""
    for i in range(scores.shape[0]):
        scores[i] += column[i] * factor
