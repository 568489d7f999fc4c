"""Sparse matrices in compressed rows, and their products with dense ones."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled


class SparseMatrix(NamedTuple):
    """R rows in compressed form: starts (R + 1,) int64; columns (n,) int32, ascending within each
    row; and values (n,), float32, or as the counts are."""

    starts: np.ndarray
    columns: np.ndarray
    values: np.ndarray

    @property
    def side(self) -> int:
        """R."""
        return len(self.starts) - 1


def product(
    matrix: SparseMatrix, dense: np.ndarray, threads: int = 1, transposed: bool = False
) -> np.ndarray:
    """(R, width) float32: the matrix times ``dense``, (columns, width) float32.

    transposed: the transpose of a square matrix, instead. Every thread has some columns of the
    result, so that the order of sums does not depend on the number of threads.
    """
    values = matrix.values.astype(np.float32, copy=False)
    multiply = _add_transposed_product if transposed else _add_product

    def work(part: np.ndarray) -> np.ndarray:
        part = np.ascontiguousarray(part, np.float32)
        out = np.zeros((matrix.side, part.shape[1]), np.float32)
        multiply(matrix.starts, matrix.columns, values, part, out)
        return out

    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(work, np.array_split(dense, threads, axis=1)))
    return np.concatenate(parts, axis=1)


@compiled
def _add_product(starts, columns, values, dense, out):
    for row in range(out.shape[0]):
        target = out[row]
        for place in range(starts[row], starts[row + 1]):
            value, source = values[place], dense[columns[place]]
            for dimension in range(source.size):
                target[dimension] += value * source[dimension]


@compiled
def _add_transposed_product(starts, columns, values, dense, out):
    for row in range(out.shape[0]):
        source = dense[row]
        for place in range(starts[row], starts[row + 1]):
            value, target = values[place], out[columns[place]]
            for dimension in range(source.size):
                target[dimension] += value * source[dimension]
