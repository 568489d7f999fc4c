"""Vectors as directions: unit rows, computed block by block, and their sums by class."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import blocks, row_norms, to_unit


class Directions:
    """The V rows of a matrix as unit vectors, of which only blocks are in memory.

    matrix: (V, D) float32, or `MappedRows`.
    finite: (V,) bool: whether all numbers of the row are finite.
    has_direction: (V,) bool: whether the row is finite and not zero.

    Raises ValueError for a matrix that is not two-dimensional.
    """

    def __init__(self, matrix: Matrix) -> None:
        is_float32 = getattr(matrix, "dtype", None) == np.float32
        self.matrix = matrix if is_float32 else np.asarray(matrix, np.float32)
        if self.matrix.ndim != 2:
            raise ValueError(f"a matrix of shape {self.matrix.shape}: it must have two dimensions")
        norms = row_norms(self.matrix)
        self.finite = np.isfinite(norms)
        self.has_direction = self.finite & (norms > 0)

    def __len__(self) -> int:
        return len(self.matrix)

    def __getitem__(self, rows: slice | Array) -> Array:
        """(rows, D) float32: these rows as unit vectors, zeros for those without a direction.

        rows: a slice, or an array of row numbers.
        """
        return to_unit(self.matrix[rows])

    def blocks(self, beside: int = 0) -> Iterator[slice]:
        """All rows in blocks, small enough for D or ``beside`` numbers per row."""
        for start, stop in blocks(len(self), max(self.matrix.shape[1], beside)):
            yield slice(start, stop)


def add_by_class(sums: Array, unit: Array, classes: Array) -> None:
    """Add each row of ``unit`` (rows, D) to the row of ``sums`` (n, D) that is its class."""
    order = np.argsort(classes, kind="stable")
    present, starts = np.unique(classes[order], return_index=True)
    sums[present] += np.add.reduceat(unit[order], starts, axis=0, dtype=np.float64)


def describe(directions: Directions, classes: ArrayLike, n: int) -> dict[str, Any]:
    """See `fastw2v.classes.describe_classes`."""
    classes = np.asarray(classes)
    classed = classes >= 0
    sizes = np.bincount(classes[classed], minlength=1)
    sums = np.zeros((len(sizes), directions.matrix.shape[1]))
    for rows in directions.blocks():
        # A row without a class has no direction either: it adds nothing to class 0.
        add_by_class(sums, directions[rows], np.maximum(classes[rows], 0))
    filled = sizes[sizes > 0] if classed.any() else np.zeros(1, int)
    return {
        "words": len(classes),
        "classes": n,
        "empty": n - int((sizes > 0).sum()),
        "left_out": int((~classed).sum()),
        "smallest": int(filled.min()),
        "median": float(np.median(filled)),
        "largest": int(filled.max()),
        "cosine": mean_cosine(directions, sums),
    }


def mean_cosine(directions: Directions, sums: Array) -> float:
    """The mean cosine of a word to its class's mean direction; 0 if no word has a direction.

    sums: (n, D), of the directions in each class. The cosines of the words of a class to the
    direction of their sum add up to the norm of that sum.
    """
    norms = np.sqrt(np.einsum("cd,cd->c", sums, sums))
    return float(norms.sum() / max(1, directions.has_direction.sum()))
