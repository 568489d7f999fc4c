"""The content of a map: words, their points, and their nearest neighbours."""

from dataclasses import dataclass

import numpy as np

from fastw2v.mapping.escape import escape_unprintable
from fastw2v.mapping.projection import project
from fastw2v.vectors.word_vectors import WordVectors

NEIGHBOURS = 10
_BLOCK = 512  # words compared with all others at once


@dataclass(frozen=True)
class WordMap:
    """n words of V, with their points on a plane.

    words: list of n str, by decreasing priority of labels.
    rows: (n,) int64, the row of each word in the vectors.
    points: (n, 2) float64, from -1 to 1; the longer side spans this range.
    neighbours: (n, k) int64, for each word the indices in ``words`` of its k nearest ones, nearest
        first; k is 10, or n - 1 if that is less.
    cosines: (n, k) float32, of the neighbours.
    vocab_size, size: V and D of the vectors.
    projection: description of the projection.
    """

    words: list[str]
    rows: np.ndarray
    points: np.ndarray
    neighbours: np.ndarray
    cosines: np.ndarray
    vocab_size: int
    size: int
    projection: str

    @property
    def title(self) -> str:
        return f"{len(self.words):,} words"

    @property
    def caption(self) -> str:
        """One line that describes the map."""
        return (
            f"{len(self.words):,} of {self.vocab_size:,} words, {self.size:,} dimensions; "
            f"{self.projection}"
        )

    @property
    def labels(self) -> list[str]:
        """The words with unprintable characters escaped."""
        return [escape_unprintable(word) for word in self.words]


def lay_out(vectors: WordVectors, rows: list[int], projection: str, seed: int) -> WordMap:
    """Project the words of these rows; see `fastw2v.mapping.projection.project`."""
    shown = WordVectors([vectors.words[row] for row in rows], vectors.matrix[rows])
    unit = shown.unit_rows()
    points, settings = project(unit, projection, seed)
    neighbours, cosines = nearest_among(unit, NEIGHBOURS)
    return WordMap(
        words=shown.words,
        rows=np.array(rows, np.int64),
        points=_fitted(points),
        neighbours=neighbours,
        cosines=cosines,
        vocab_size=len(vectors),
        size=vectors.matrix.shape[1],
        projection=settings,
    )


def nearest_among(unit: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """For each of n unit vectors its nearest ``count`` (at most n - 1) others among them.

    unit: (n, D) float32. Returns (n, count) int64, nearest first, and their cosines, float32.
    """
    count = min(count, len(unit) - 1)
    neighbours = np.empty((len(unit), count), np.int64)
    cosines = np.empty((len(unit), count), np.float32)
    for start in range(0, len(unit), _BLOCK):
        scores = unit[start : start + _BLOCK] @ unit.T
        each = np.arange(len(scores))
        scores[each, start + each] = -np.inf
        best = _best(scores, count)
        neighbours[start + each] = best
        cosines[start + each] = np.take_along_axis(scores, best, axis=1)
    return neighbours, cosines.clip(-1, 1)


def _best(scores: np.ndarray, count: int) -> np.ndarray:
    """(n, count) int64: the columns of the largest scores, decreasing; ties by lower column."""
    least = np.partition(scores, -count, axis=1)[:, -count]
    rows, columns = np.nonzero(scores >= least[:, None])
    order = np.lexsort((columns, -scores[rows, columns], rows))
    starts = np.searchsorted(rows, np.arange(len(scores)))
    return columns[order[starts[:, None] + np.arange(count)]]


def _fitted(points: np.ndarray) -> np.ndarray:
    """The points shifted and uniformly scaled to the range -1 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = (high - low).max() / 2
    return (points - (low + high) / 2) / (half if half > 0 else 1)
