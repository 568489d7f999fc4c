"""Matrices of quantised fastText models: each row is a code per group of columns.

Product quantisation: Jegou, Douze, Schmid 2011, "Product quantization for nearest neighbor search",
section 2; for fastText, Joulin et al. 2016, "FastText.zip: compressing text classification models",
section 3.
"""

import struct
from typing import Any

import numpy as np

from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows

_CENTROIDS = 256  # of each group of columns: a code is a byte
_WHAT = "its quantised matrix"


class QuantisedRows(MappedRows):
    """(R, D) float32 rows that are decoded when they are read. Indexed as `MappedRows`.

    codes: (R, G) uint8, for each group of columns.
    centroids: for each of the G groups (256, columns) float32.
    norms: (R,) float32, by which rows are multiplied; None: they are not.
    """

    def __init__(self, codes: Array, centroids: list[Array], norms: Array | None) -> None:
        self._codes, self._centroids, self._norms = codes, centroids, norms
        self.shape = (len(codes), sum(each.shape[1] for each in centroids))

    def __getitem__(self, rows: slice | int | Array | list[int]) -> Array:
        codes = self._codes[rows]
        groups = [table[codes[..., group]] for group, table in enumerate(self._centroids)]
        decoded = np.concatenate(groups, axis=-1)
        if self._norms is not None:
            with np.errstate(all="ignore"):
                decoded *= np.asarray(self._norms[rows])[..., None]
        return decoded

    def select(self, rows: slice | Array) -> "QuantisedRows":
        norms = None if self._norms is None else self._norms[rows]
        return QuantisedRows(self._codes[rows], self._centroids, norms)


def read_quantised(parts: Any, dimensions: int) -> QuantisedRows:
    """The matrix that comes next in a model.

    parts: see `fastw2v.formats.fasttext`. dimensions: of the vectors.

    Raises FormatError if the matrix is damaged.
    """
    has_norms, rows, columns, code_bytes = parts.take(struct.Struct("<?2qi"), _WHAT)
    if columns != dimensions or rows < 0 or code_bytes < 0:
        raise parts.damage(f"its quantised matrix is {rows} x {columns}")
    codes = parts.numbers("u1", code_bytes, _WHAT)
    centroids = _read_centroids(parts, dimensions)
    if code_bytes != rows * len(centroids):
        raise parts.damage(f"its quantised matrix has {code_bytes} codes for {rows} rows")
    norms = None
    if has_norms:
        norm_codes = parts.numbers("u1", rows, _WHAT)
        norms = _read_centroids(parts, 1)[0][norm_codes, 0]
    return QuantisedRows(codes.reshape(rows, len(centroids)), centroids, norms)


def _read_centroids(parts: Any, dimensions: int) -> list[Array]:
    """For each group of columns (256, columns) float32."""
    columns, groups, width, last_width = parts.take(struct.Struct("<4i"), _WHAT)
    sound = groups > 0 and width > 0 and 0 < last_width <= width
    if columns != dimensions or not sound or (groups - 1) * width + last_width != columns:
        raise parts.damage(f"its quantised matrix has {groups} groups of {width} columns")
    numbers = parts.numbers("<f4", _CENTROIDS * columns, _WHAT)
    whole = (groups - 1) * width * _CENTROIDS
    tables = list(numbers[:whole].reshape(groups - 1, _CENTROIDS, width))
    return [*tables, numbers[whole:].reshape(_CENTROIDS, last_width)]
