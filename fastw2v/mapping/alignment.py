"""How far the vectors of words turned between two models, once the models are aligned."""

from collections.abc import Sequence

import numpy as np

from fastw2v.vectors.word_vectors import WordVectors


def aligned_cosines(
    first: WordVectors, second: WordVectors, words: Sequence[str]
) -> np.ndarray | None:
    """(n,) float64: the cosine of each word's vectors in two models, the second one rotated.

    None if the models have different numbers of dimensions. The rotation is the orthogonal one that
    brings the unit vectors of these words closest together (Schönemann, "A generalized solution of
    the orthogonal Procrustes problem", Psychometrika 31, 1966).
    """
    if first.matrix.shape[1] != second.matrix.shape[1]:
        return None
    target, source = (
        WordVectors(words, model[list(words)]).unit_rows().astype(np.float64)
        for model in (first, second)
    )
    left, _, right = np.linalg.svd(source.T @ target)
    return np.einsum("nd,nd->n", source @ (left @ right), target)
