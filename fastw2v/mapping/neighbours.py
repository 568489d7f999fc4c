"""The nearest neighbours of each of some unit vectors among themselves."""

from collections.abc import Callable

import numpy as np

_BLOCK = 512  # words compared with all others at once


def nearest_among(
    unit: np.ndarray, count: int, report: Callable[[int], None] = lambda done: None
) -> tuple[np.ndarray, np.ndarray]:
    """For each of n unit vectors its nearest ``count`` (at most n - 1) others among them.

    unit: (n, D) float32. report: called with the number of vectors that are done.

    Returns (n, count) int64, nearest first, and their cosines, float32.
    """
    count = min(count, len(unit) - 1)
    neighbours = np.empty((len(unit), count), np.int64)
    cosines = np.empty((len(unit), count), np.float32)
    for start in range(0, len(unit) if count > 0 else 0, _BLOCK):
        scores = unit[start : start + _BLOCK] @ unit.T
        each = np.arange(len(scores))
        scores[each, start + each] = -np.inf
        best = _best(scores, count)
        neighbours[start + each] = best
        cosines[start + each] = np.take_along_axis(scores, best, axis=1)
        report(start + len(scores))
    return neighbours, cosines.clip(-1, 1)


def _best(scores: np.ndarray, count: int) -> np.ndarray:
    """(n, count) int64: the columns of the largest scores, decreasing; ties by lower column."""
    least = np.partition(scores, -count, axis=1)[:, -count]
    rows, columns = np.nonzero(scores >= least[:, None])
    order = np.lexsort((columns, -scores[rows, columns], rows))
    starts = np.searchsorted(rows, np.arange(len(scores)))
    return columns[order[starts[:, None] + np.arange(count)]]
