"""Sparse matrices as files: ``counts.npz``, as ``scipy.sparse.load_npz`` reads them, and beside it
``counts.words.txt``, with the word of each row and column.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from fastw2v.counts.weighting import SparseMatrix
from fastw2v.errors import OutputError
from fastw2v.formats.encode_words import encode_all
from fastw2v.formats.numpy_pair import word_problem
from fastw2v.io.atomic_pair import replacing_pair
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import ending_of
from fastw2v.standard_streams import DASH

ENDING = ".npz"
_NARROW = 2**31 - 1  # entries beyond which SciPy needs wide indices


def words_path(path: StrPath) -> Path:
    """The path of the word list of the matrix at ``path``."""
    return Path(path).with_suffix(".words.txt")


def is_sparse(path: StrPath) -> bool:
    """Whether a sparse matrix is written under this name."""
    return ending_of(path) == ENDING


def declare_sparse(uses: FileUses, path: StrPath | None, name: str) -> None:
    """Declare a sparse matrix and its word list as written.

    Raises OutputError unless the name has the extension ``.npz``.
    """
    if path is None:
        return
    if os.fspath(path) == DASH or not is_sparse(path):
        raise OutputError(
            f"cannot write {os.fspath(path)}: a sparse matrix is written to a .npz file; use a "
            "name with the extension .npz"
        )
    uses.writes(path, name)
    uses.writes(words_path(path), name, "the word list")


def write_sparse(path: StrPath, words: Sequence[str], matrix: SparseMatrix) -> None:
    """Write a matrix and its word list; old files are replaced once the new ones are complete.

    Raises OutputError if a word cannot be written to the list, or the system refuses.
    """
    encoded = encode_all(words, word_problem, os.fspath(path))
    kind = np.int32 if len(matrix.columns) <= _NARROW else np.int64
    with replacing_pair(path, words_path(path)) as (file, words_file):
        np.savez_compressed(
            file,
            indices=matrix.columns.astype(kind, copy=False),
            indptr=matrix.starts.astype(kind, copy=False),
            format=np.array(b"csr"),
            shape=np.array([matrix.side, matrix.side], np.int64),
            data=matrix.values,
        )
        words_file.write(b"".join([word + b"\n" for word in encoded]))


def one_hot(words: int) -> SparseMatrix:
    """One-hot vectors: row i has a 1 in column i. Every word's norm is 1, and the cosine of two
    different words is 0: they say nothing about similarity."""
    return SparseMatrix(
        np.arange(words + 1, dtype=np.int64),
        np.arange(words, dtype=np.int32),
        np.ones(words, np.float32),
    )
