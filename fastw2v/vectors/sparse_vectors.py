"""Words and sparse rows: co-occurrence counts and one-hot vectors, which are as wide as the
vocabulary. They can be evaluated; other queries need vectors of fewer dimensions.

    from fastw2v import evaluation
    from fastw2v.vectors.sparse_vectors import SparseVectors

    evaluation.similarity(SparseVectors.load("counts.npz"), "wordsim353.tsv").spearman
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.sparse_matrix import read_sparse
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.model.sparse import SparseMatrix, product
from fastw2v.vectors.word_vectors import WordVectors

_COLUMNS = 64  # dense vectors that are multiplied at once: rows of 256 bytes


class SparseRows:
    """(R, D) float32 in compressed rows, indexed as an array is: the result is dense.

    matrix: R rows. width: D.

        >>> from fastw2v.model.sparse import SparseMatrix
        >>> starts, columns = np.array([0, 1, 3]), np.array([1, 0, 2], np.int32)
        >>> values = np.array([5, 3, 4], np.float32)
        >>> SparseRows(SparseMatrix(starts, columns, values), 3)[1].tolist()
        [3.0, 0.0, 4.0]
    """

    dtype = np.dtype(np.float32)
    ndim = 2

    def __init__(self, matrix: SparseMatrix, width: int) -> None:
        self.compressed = matrix._replace(values=matrix.values.astype(np.float32, copy=False))
        self.shape = (matrix.side, width)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice | int | Array | list[int]) -> Array:
        """(n, D) float32; (D,) for one row number."""
        numbers = np.arange(len(self))[rows]
        dense = np.zeros((numbers.size, self.shape[1]), np.float32)
        starts, columns, values = self.compressed
        for place, row in enumerate(np.atleast_1d(numbers).tolist()):
            part = slice(starts[row], starts[row + 1])
            dense[place, columns[part]] = values[part]
        return dense.reshape(*numbers.shape, self.shape[1])

    def unit(self, rows: Sequence[int] | Array | slice) -> SparseRows:
        """Some rows, scaled to norm 1; empty where they are zero, or have NaN or infinity."""
        starts, columns, values = self.compressed
        numbers = np.arange(len(self))[rows]
        sizes = np.diff(starts)[numbers]
        ends = np.cumsum(sizes)
        owners = np.repeat(np.arange(len(numbers)), sizes)
        places = np.arange(len(owners)) + np.repeat(starts[numbers] - (ends - sizes), sizes)
        wide = values[places].astype(np.float64)
        with np.errstate(invalid="ignore"):
            norms = np.sqrt(np.bincount(owners, wide * wide, len(numbers)))
        valid = np.isfinite(norms) & (norms > 0)
        kept = valid[owners]
        scaled = (wide[kept] / norms[owners[kept]]).astype(np.float32)
        ends = np.cumsum(np.where(valid, sizes, 0))
        matrix = SparseMatrix(np.append(0, ends), columns[places[kept]], scaled)
        return SparseRows(matrix, self.shape[1])

    def any(self, axis: int = 1) -> Array:
        """(R,) bool: whether a row has values."""
        return np.asarray(np.diff(self.compressed.starts) > 0)

    def products(self, others: SparseRows) -> Array:
        """(n, R) float32: the scalar products of ``others``, n rows, with these."""
        out = np.empty((len(others), len(self)), np.float32)
        for start in range(0, len(others), _COLUMNS):
            dense = others[start : start + _COLUMNS].T
            out[start : start + _COLUMNS] = product(self.compressed, dense).T
        return out


class SparseVectors:
    """R words and their sparse vectors, which `fastw2v.evaluation` takes in place of `WordVectors`.

    >>> from fastw2v.model.sparse import SparseMatrix
    >>> one_hot = SparseMatrix(np.arange(3), np.arange(2, dtype=np.int32), np.ones(2, np.float32))
    >>> SparseVectors(["king", "queen"], SparseRows(one_hot, 2)).index["queen"]
    1
    """

    def __init__(self, words: list[str], matrix: SparseRows) -> None:
        """Raises FormatError unless there is a row for each word."""
        if len(words) != len(matrix):
            raise FormatError(f"{len(words):,} words and {len(matrix):,} rows: give one for each")
        self.words, self.matrix = words, matrix

    @classmethod
    def load(cls, path: StrPath, limit: int | None = None) -> SparseVectors:
        """Read a ``.npz`` and its word list, see `fastw2v.formats.sparse_matrix.read_sparse`."""
        found = read_sparse(os.fspath(path), limit)
        return cls(found.words, SparseRows(found.matrix, found.width))

    def __len__(self) -> int:
        return len(self.words)

    @cached_property
    def index(self) -> dict[str, int]:
        """Row by word; of a repeated word the first."""
        return {word: row for row, word in reversed([*enumerate(self.words)])}

    def nearest_spellings(self, word: str, n: int = 3) -> list[str]:
        """Up to ``n`` words with the most similar spelling, best first."""
        from fastw2v.vectors.suggestions import nearest_spellings

        return nearest_spellings(word, self.words, n)


AnyRows = Matrix | SparseRows
AnyVectors = WordVectors | SparseVectors
"""What can be evaluated."""
