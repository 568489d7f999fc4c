"""Sound files of sparse matrices, and what must hold of any that is read."""

import random
import tempfile
from pathlib import Path

import numpy as np

from fastw2v.formats.sparse_matrix import write_sparse
from fastw2v.model.sparse import SparseMatrix
from fastw2v.vectors.sparse_vectors import SparseVectors

WORDS = ["</s>", "the", "naïve", "x" * 120, "New York", "", "3", "a\udcffb", "last"]


def sparse_files() -> list[dict[str, bytes]]:
    """A matrix and its word list, of two types."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kind in (np.float32, np.int64):
            columns = np.array([0, 2, 1, 0, 1, 8], np.int32)
            starts = np.array([0, 2, 2, 3, 3, 4, 4, 5, 6, 6])
            write_sparse(
                Path(folder, "m.npz"),
                WORDS,
                SparseMatrix(starts, columns, np.arange(6, dtype=kind)),
            )
            names = ("m.npz", "m.words.txt")
            found.append({name: Path(folder, name).read_bytes() for name in names})
    return found


def read_sparse_file(path: Path, chance: random.Random) -> None:
    """Read a file. Raises AssertionError for what cannot be."""
    vectors = SparseVectors.load(path, chance.choice((None, 1, 5)))
    rows = vectors.matrix[:20]
    assert rows.shape == (min(20, len(vectors)), vectors.matrix.shape[1])
    assert np.isfinite(vectors.matrix.unit(slice(None)).compressed.values).all()
