"""How far the vectors of words turned between two models, once the models are aligned."""

from collections.abc import Sequence

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.vectors.alignment import align
from fastw2v.vectors.word_vectors import WordVectors


def aligned_cosines(
    first: WordVectors, second: WordVectors, words: Sequence[str]
) -> np.ndarray | None:
    """(n,) float64: the cosine of each word's vectors in two models, the second one rotated by
    `fastw2v.vectors.alignment.align`, which uses these words.

    None if the models cannot be aligned: with different numbers of dimensions, or fewer words.
    """
    own, other = (WordVectors(words, model.matrix[model.rows(words)]) for model in (first, second))
    try:
        rotation = align(own, other, normalise=True).rotation
    except FormatError:
        return None
    target, source = (each.unit_rows().astype(np.float64) for each in (own, other))
    return np.einsum("nd,nd->n", source @ rotation, target)
