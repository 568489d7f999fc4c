"""Truncated singular value decomposition of a sparse matrix, by SciPy (extra ``svd``).

Three ways, by the size of the matrix: all of it in memory, ARPACK, or random projection.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.model.sparse import SparseMatrix, product
from fastw2v.progress import SILENT, Progress

DENSE = 400
"""Words up to which the whole matrix is decomposed."""

ARPACK = 5_000
"""Words up to which ARPACK is used, which is exact; beyond, random projection."""

_MORE = 20  # random vectors beyond the dimensions
_ROUNDS = 4  # of power iteration
_ROUNDING = 1e-6  # of float32: smaller shares of the largest singular value are noise


def check_available() -> None:
    """Raise SettingsError if SciPy is not installed."""
    if find_spec("scipy") is None:
        raise SettingsError(
            "reducing counts to vectors needs SciPy: pip install 'fastw2v[svd]', or write the "
            "matrix without reduction to a .npz file, which needs nothing else"
        )


def check_size(size: int, words: int) -> None:
    """Raise SettingsError if so many words cannot have so many dimensions."""
    if size > words:
        raise SettingsError(
            f"{parameter('size')} is {size}, but there are only {words} words, and no more "
            f"dimensions than words; use {parameter('size', words)} or less, or lower "
            f"{parameter('min_count')}"
        )


def reduce(
    matrix: SparseMatrix,
    size: int,
    eigenvalue_power: float = 0.5,
    *,
    seed: int = 1,
    threads: int = 1,
    progress: Progress = SILENT,
) -> np.ndarray:
    """Word vectors U S^p of ``size`` dimensions: (V, size) float32.

    U and S are the first left singular vectors and singular values, p ``eigenvalue_power`` (Levy,
    Goldberg, Dagan 2015, section 3.3). The largest value of each dimension is positive, so that
    signs do not depend on the method. The same ``seed`` gives the same vectors on one machine.

    Raises SettingsError if ``size`` exceeds the number of words, or SciPy is not installed.
    """
    check_size(size, matrix.side)
    check_available()
    if matrix.side <= DENSE or size >= matrix.side - 1:
        left, singular, _ = np.linalg.svd(_dense(matrix))
        left, singular = left[:, :size], singular[:size]
    elif matrix.side <= ARPACK:
        left, singular = _by_arpack(matrix, size, seed)
    else:
        left, singular = _by_projection(matrix, size, seed, threads, progress)
    _fix_signs(left)
    # What is 0 but for rounding, of a matrix of lower rank, is 0: its direction is arbitrary.
    singular = np.where(singular > _ROUNDING * singular[0], singular, 0.0)
    scale = np.where(singular > 0, singular**eigenvalue_power, 0.0)
    return np.ascontiguousarray(left * scale, np.float32)


def _dense(matrix: SparseMatrix) -> np.ndarray:
    dense = np.zeros((matrix.side, matrix.side))
    rows = np.repeat(np.arange(matrix.side), np.diff(matrix.starts))
    dense[rows, matrix.columns] = matrix.values
    return dense


def _by_arpack(matrix: SparseMatrix, size: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    from scipy.sparse import csr_array
    from scipy.sparse.linalg import svds

    values = matrix.values.astype(np.float64)
    sparse = csr_array((values, matrix.columns, matrix.starts), shape=(matrix.side, matrix.side))
    first = np.random.default_rng(seed).normal(size=matrix.side)
    left, singular, _ = svds(sparse, k=size, v0=first, solver="arpack")
    order = np.argsort(-singular, kind="stable")
    return left[:, order], singular[order]


def _by_projection(
    matrix: SparseMatrix, size: int, seed: int, threads: int, progress: Progress
) -> tuple[np.ndarray, np.ndarray]:
    """Randomised: Halko, Martinsson, Tropp 2011, "Finding structure with randomness", algorithms
    4.4 and 5.1."""
    from scipy.linalg import qr, svd

    def basis_of(product: np.ndarray) -> np.ndarray:
        return qr(product, mode="economic", overwrite_a=True, check_finite=False)[0]

    width = min(size + _MORE, matrix.side)
    with progress.stage("Decomposing", 2 * _ROUNDS + 2) as stage:
        basis = np.random.default_rng(seed).normal(size=(matrix.side, width))
        basis = basis_of(product(matrix, basis, threads))
        for done in range(1, 2 * _ROUNDS, 2):
            stage.update(done)
            # Not made orthogonal in between: rounding allows for two products.
            basis = product(matrix, basis, threads, transposed=True)
            stage.update(done + 1)
            basis = basis_of(product(matrix, basis, threads))
        small = product(matrix, basis, threads, transposed=True).T  # (width, V)
        rotation, singular, _ = svd(small, full_matrices=False, check_finite=False)
        stage.update(2 * _ROUNDS + 2)
    return basis @ rotation[:, :size], singular[:size]


def _fix_signs(left: np.ndarray) -> None:
    """Make the largest value of each column positive; of values equal but for rounding, the first.

    A dimension in which two words differ in sign alone would otherwise be given by rounding.
    """
    sizes = np.abs(left)
    near = sizes >= sizes.max(axis=0) * (1 - 1e-4)
    first = near.argmax(axis=0)
    left *= np.where(left[first, np.arange(left.shape[1])] < 0, -1.0, 1.0).astype(left.dtype)
