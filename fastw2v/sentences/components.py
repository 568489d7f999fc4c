"""Principal components of many vectors, and vectors without them.

Arora, Liang, Ma 2017, "A simple but tough-to-beat baseline for sentence embeddings", algorithm 1:
the first left singular vectors of the matrix whose columns are the vectors, which are not centred.
"""

from collections.abc import Iterable

import numpy as np

from fastw2v.matrix.arrays import Array

_NOISE = 1e-6  # of a vector's norm: what rounding in float32 may leave of it


def principal_directions(blocks: Iterable[Array], dimensions: int, count: int) -> Array:
    """(k, D) float64, orthonormal: the first ``count`` components, at most D.

    blocks: (n, D) float32 each, read once; what is kept is (D, D).
    """
    moment = np.zeros((dimensions, dimensions))
    for block in blocks:
        wide = block.astype(np.float64)
        moment += wide.T @ wide
    _, directions = np.linalg.eigh(moment)  # by increasing eigenvalue
    first: Array = directions.T[::-1][:count]
    return first


def without(block: Array, directions: Array) -> Array:
    """(n, D) float64: the rows of ``block`` (n, D) minus their projections on ``directions``.

    Rows of which only rounding errors are left become zeros.
    """
    wide = block.astype(np.float64)
    rest: Array = wide - (wide @ directions.T) @ directions
    norms, left = np.linalg.norm(wide, axis=1), np.linalg.norm(rest, axis=1)
    rest[left <= _NOISE * norms] = 0
    return rest
