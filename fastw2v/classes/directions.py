"""Vectors as directions: rows at length 1, made block by block; sums of them, class by class."""

from collections.abc import Iterator

import numpy as np

from fastw2v.matrix.norms import blocks, row_norms, to_unit


class Directions:
    """The V rows of a matrix at length 1. Only blocks of them are ever held.

    matrix: (V, D) float32; rows in a file stay there.
    sound: (V,) bool: whether all numbers of the row are finite.
    has_direction: (V,) bool: whether the row has a direction: sound and not zero.
    """

    def __init__(self, matrix):
        is_float32 = getattr(matrix, "dtype", None) == np.float32
        self.matrix = matrix if is_float32 else np.asarray(matrix, np.float32)
        if self.matrix.ndim != 2:
            raise ValueError(f"a matrix of shape {self.matrix.shape}: it must have two dimensions")
        norms = row_norms(self.matrix)
        self.sound = np.isfinite(norms)
        self.has_direction = self.sound & (norms > 0)

    def __len__(self) -> int:
        return len(self.matrix)

    def __getitem__(self, rows) -> np.ndarray:
        """(rows, D) float32: these rows at length 1, zeros for those without a direction.

        rows: a slice, or an array of row numbers.
        """
        return to_unit(self.matrix[rows])

    def blocks(self, beside: int = 0) -> Iterator[slice]:
        """All rows, in blocks for which D or ``beside`` numbers a row are not too many at once."""
        for start, stop in blocks(len(self), max(self.matrix.shape[1], beside)):
            yield slice(start, stop)


def add_by_class(sums: np.ndarray, unit: np.ndarray, classes: np.ndarray) -> None:
    """Add each row of ``unit`` (rows, D) to the row of ``sums`` (n, D) that is its class."""
    order = np.argsort(classes, kind="stable")
    present, starts = np.unique(classes[order], return_index=True)
    sums[present] += np.add.reduceat(unit[order], starts, axis=0, dtype=np.float64)


def describe(directions: Directions, classes: np.ndarray, n: int) -> dict:
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


def mean_cosine(directions: Directions, sums: np.ndarray) -> float:
    """The mean cosine of a word to its class's mean direction; 0 where no word has a direction.

    sums: (n, D), of the directions in each class. The cosines of a class's words to the direction
    of their sum add up to the length of that sum.
    """
    norms = np.sqrt(np.einsum("cd,cd->c", sums, sums))
    return float(norms.sum() / max(1, directions.has_direction.sum()))
