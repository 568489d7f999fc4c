"""Euclidean norms and unit vectors, without overflow or underflow of float32."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import DTypeLike

from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix

BLOCK = 4096  # rows processed at once, so that intermediates stay in the cache
_BLOCK_NUMBERS = 1 << 21  # fewer rows if they are long
_FLOAT32_RANGE = (1e-15, 1e15)  # norms whose squares float32 holds accurately


def blocks(rows: int, numbers_in_row: int) -> Iterator[tuple[int, int]]:
    """``(start, stop)`` of blocks of rows of bounded size."""
    step = max(1, min(BLOCK, _BLOCK_NUMBERS // max(1, numbers_in_row)))
    for start in range(0, rows, step):
        yield start, min(start + step, rows)


def row_norms(matrix: Matrix) -> Array:
    """(V,) float64: the norm of each row; NaN for rows with NaN or infinity.

    matrix: (V, D) float32, or `MappedRows`. Accurate to the rounding of float32 sums.
    """
    norms = np.empty(len(matrix))
    for start, stop in blocks(*matrix.shape):
        norms[start:stop] = _block_norms(matrix[start:stop])
    return norms


def in_float32_range(norms: Array) -> Array:
    """(n,) bool: which rows can be multiplied with unit vectors in float32 accurately."""
    return (norms > _FLOAT32_RANGE[0]) & (norms < _FLOAT32_RANGE[1])


def to_unit(block: Array, dtype: DTypeLike = np.float32) -> Array:
    """(n, D): the rows of ``block`` scaled to norm 1; zeros for rows that are zero or not finite.

    Norms are computed in float64, which holds the squares of any float32. Equal rows give equal
    results, whatever their position.
    """
    with np.errstate(invalid="ignore"):
        wide = block.astype(np.float64)
        norms = np.sqrt((wide * wide).sum(axis=1))
    valid = np.isfinite(norms) & (norms > 0)
    wide[~valid] = 0
    wide /= np.where(valid, norms, 1)[:, None]
    return wide.astype(dtype, copy=False)


def _block_norms(block: Array) -> Array:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->i", block, block), dtype=np.float64)
        # Out of the range of float32, zero, or not finite: recompute these few in float64.
        doubtful = np.flatnonzero(~in_float32_range(norms))
        wide = block[doubtful].astype(np.float64)
        norms[doubtful] = np.sqrt((wide * wide).sum(axis=1))
    norms[~np.isfinite(norms)] = np.nan
    return norms
