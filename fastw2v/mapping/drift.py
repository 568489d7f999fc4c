"""Which words changed between two models: fewer neighbours in common, another direction."""

from dataclasses import dataclass

import numpy as np

COMPARED = 50
"""Neighbours of a word that are compared, or a quarter of the words of a small map."""
LISTED = 100


@dataclass(frozen=True)
class Drift:
    """The words that changed most, first the one that changed most.

    words: (m,) int64, indices of the words on the map.
    changes: (m,) float64, fraction of the word's `compared` nearest neighbours in one model that
        are not among those in the other: 0 to 1.
    cosines: (m,) float64, of its vectors in the two models after alignment; None if the models
        have different numbers of dimensions.
    compared: neighbours that were compared.
    """

    words: np.ndarray
    changes: np.ndarray
    cosines: np.ndarray | None
    compared: int


def compared_neighbours(count: int) -> int:
    """How many neighbours of each of ``count`` words to compare."""
    return max(1, min(COMPARED, count // 4))


def measure_drift(
    first: np.ndarray, second: np.ndarray, cosines: np.ndarray | None, content: np.ndarray
) -> Drift:
    """Compare the neighbours of each word in two models.

    first, second: (n, k) int64, the k nearest neighbours of each word in either model. cosines:
    (n,), of the aligned vectors, or None; they decide between words with equally many in common.
    content: (n,) bool; other words are not listed, since stop words are near everything.

    Source: Gonen, Jawahar, Seddah and Goldberg, "Simple, interpretable and stable method for
    detecting words with usage change across corpora", ACL 2020, section 4; the cosines are those
    of Hamilton, Leskovec and Jurafsky, "Diachronic word embeddings reveal statistical laws of
    semantic change", ACL 2016, section 3.
    """
    both = zip(first, second, strict=True)
    changes = np.array([1 - len(np.intersect1d(*pair)) / first.shape[1] for pair in both])
    ties = np.zeros(len(first)) if cosines is None else cosines
    order = np.lexsort((ties, -changes))
    listed = order[content[order] & (changes[order] > 0)][:LISTED]
    found = None if cosines is None else cosines[listed]
    return Drift(listed, changes[listed], found, first.shape[1])
