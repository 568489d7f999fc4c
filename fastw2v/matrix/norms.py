"""Lengths of vectors, and vectors scaled to length 1, whatever the size of their numbers."""

from collections.abc import Iterator

import numpy as np

BLOCK = 4096  # rows looked at together, so that what is made of them stays in the cache
_BLOCK_NUMBERS = 1 << 21  # of long rows fewer
_FLOAT32_RANGE = (1e-15, 1e15)  # norms whose squares float32 holds without loss


def blocks(rows: int, numbers_in_row: int) -> Iterator[tuple[int, int]]:
    """Where blocks of rows start and stop, so that no block is large."""
    step = max(1, min(BLOCK, _BLOCK_NUMBERS // max(1, numbers_in_row)))
    for start in range(0, rows, step):
        yield start, min(start + step, rows)


def row_norms(matrix) -> np.ndarray:
    """(V,) float64: the length of each row; NaN for rows with NaN or infinity.

    matrix: (V, D) float32, or rows in a file. Ordinary norms are as exact as float32 sums are.
    """
    norms = np.empty(len(matrix))
    for start, stop in blocks(*matrix.shape):
        norms[start:stop] = _block_norms(matrix[start:stop])
    return norms


def in_float32_range(norms: np.ndarray) -> np.ndarray:
    """(n,) bool: which rows float32 can multiply with vectors of length 1 without loss."""
    return (norms > _FLOAT32_RANGE[0]) & (norms < _FLOAT32_RANGE[1])


def to_unit(block: np.ndarray, dtype=np.float32) -> np.ndarray:
    """Rows of ``block`` scaled to length 1; zeros where that cannot be.

    Lengths are float64: squares of float32 fit in there, however large or small. Equal rows give
    equal results, wherever they stand.
    """
    with np.errstate(invalid="ignore"):
        wide = block.astype(np.float64)
        norms = np.sqrt((wide * wide).sum(axis=1))
    sound = np.isfinite(norms) & (norms > 0)
    wide[~sound] = 0
    wide /= np.where(sound, norms, 1)[:, None]
    return wide.astype(dtype, copy=False)


def _block_norms(block: np.ndarray) -> np.ndarray:
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norms = np.sqrt(np.einsum("ij,ij->i", block, block), dtype=np.float64)
        # Too large or too small for float32, zero, or not finite: these few anew, and exactly.
        doubtful = np.flatnonzero(~in_float32_range(norms))
        wide = block[doubtful].astype(np.float64)
        norms[doubtful] = np.sqrt((wide * wide).sum(axis=1))
    norms[~np.isfinite(norms)] = np.nan
    return norms
