"""A matrix whose rows stay in a file, with other bytes between them, and are read on demand."""

import mmap

import numpy as np
from numpy.typing import DTypeLike

from fastw2v.matrix.arrays import Array


class MappedRows:
    """(V, D) float32 rows in a memory-mapped file; never loaded as a whole.

    Indexed by a slice, an array of row numbers or one row number; returns a copy, float32 and
    C-contiguous. ``np.asarray`` reads all rows.
    """

    dtype = np.dtype(np.float32)
    ndim = 2

    def __init__(self, content: mmap.mmap, offsets: Array, dimensions: int) -> None:
        """content: the bytes of the file (an mmap). offsets: (V,) int64, in bytes, of the rows."""
        self._content = content
        self._offsets = np.asarray(offsets, np.int64)
        self.shape = (len(self._offsets), dimensions)
        width = 4 * dimensions
        places = max(0, len(content) - width + 1)
        # A view with one entry per byte at which a row might start.
        record = np.dtype(f"V{width}")
        view = np.ndarray((places,), record, content, strides=(1,)) if places else None
        self._records = np.empty(0, record) if view is None else view

    @property
    def nbytes(self) -> int:
        """The size of the matrix if loaded into memory."""
        return 4 * self.shape[0] * self.shape[1]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | int | Array | list[int]) -> Array:
        """(n, D) float32; (D,) for one row number."""
        offsets = self._offsets[rows]
        numbers = self._records[np.atleast_1d(offsets)].view("<f4").astype(np.float32, copy=False)
        return numbers.reshape(*offsets.shape, self.shape[1])

    def __array__(self, dtype: DTypeLike = None, copy: bool | None = None) -> Array:
        if copy is False:
            raise ValueError("rows in a file cannot become an array without a copy")
        return self[:].astype(dtype or np.float32, copy=False)

    def select(self, rows: slice | Array) -> "MappedRows":
        """A view of some rows, still in the file. rows: slice or array of row numbers."""
        return MappedRows(self._content, self._offsets[rows], self.shape[1])


Matrix = Array | MappedRows
"""(V, D) float32, in memory or in a file."""
