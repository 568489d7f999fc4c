"""Sparse matrices as files: ``counts.npz``, as ``scipy.sparse.load_npz`` reads them, and beside it
``counts.words.txt``, with the word of each row (and, of counts, of each column).
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fastw2v.errors import FormatError, OutputError, one_line
from fastw2v.formats.encode_words import encode_all
from fastw2v.formats.numpy_pair import word_problem
from fastw2v.formats.reading import MIN_BOMB_BYTES, read_list
from fastw2v.io.atomic_pair import replacing_pair
from fastw2v.io.compression import is_bomb
from fastw2v.io.encoding import to_word
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import ending_of
from fastw2v.io.regular import open_regular
from fastw2v.model.sparse import SparseMatrix
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


class SparseFile(NamedTuple):
    """What a file holds: R words, a matrix of R rows, and its number of columns."""

    words: list[str]
    matrix: SparseMatrix
    width: int


def holds_sparse(path: StrPath) -> bool:
    """Whether a file is a ``.npz`` with a sparse matrix in compressed rows, by its content."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            return _member("indptr") in archive.namelist()
    except (OSError, ValueError, zipfile.BadZipFile):
        return False


def read_sparse(path: StrPath, limit: int | None = None) -> SparseFile:
    """Read a sparse matrix, as `write_sparse` or ``scipy.sparse.save_npz`` wrote it, and the word
    list beside it.

    limit: read only the first ``limit`` rows; None for all. Values become float32.

    Raises FormatError if it is damaged, of another form than compressed rows, or has not as many
    rows as words.
    """
    path = os.fspath(path)
    starts, columns, values, width = _read_arrays(path)
    words = [to_word(line.removesuffix(b"\r")) for line in _read_words(path)]
    if len(words) != len(starts) - 1:
        raise FormatError(
            f"{path}: {len(starts) - 1:,} rows, but {len(words):,} words in {words_path(path)}; "
            "save both files together"
        )
    rows = len(range(len(words))[:limit])
    end = int(starts[rows])
    with np.errstate(over="ignore"):  # overflow is infinity: such rows have no direction
        numbers = values[:end].astype(np.float32)
    return SparseFile(
        words[:rows],
        SparseMatrix(starts[: rows + 1], columns[:end].astype(np.int32), numbers),
        width,
    )


def _read_words(path: str) -> list[bytes]:
    return read_list(path, words_path(path), "its word list")


def _member(name: str) -> str:
    return f"{name}.npy"


def _read_arrays(path: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Checked starts, columns and values, and the number of columns."""
    try:
        with open_regular(path) as file, zipfile.ZipFile(file) as archive:
            sizes = [(each.file_size, each.compress_size) for each in archive.infolist()]
            unpacked, packed = map(sum, zip(*sizes, strict=True))
            if is_bomb(unpacked, packed, MIN_BOMB_BYTES):
                raise ValueError("it unpacks to more than 500 times its size")
            found = {name: _read_array(archive, name) for name in _KINDS}
        form = found["format"].reshape(-1)[:1].astype("S").tolist()
        if form != [b"csr"]:
            raise ValueError("it is not in compressed rows; convert it with SciPy's tocsr()")
        return _checked(found)
    except Exception as error:  # hostile archives raise many types of error
        reason = one_line(str(error).split("\n", 1)[0])[:200]
        raise FormatError(f"{path}: not a valid sparse matrix: {reason}") from error


_KINDS = {"indptr": "iu", "indices": "iu", "data": "iufb", "shape": "iu", "format": "SU"}
"""Arrays of a file, and the kinds of their types."""


def _read_array(archive: zipfile.ZipFile, name: str) -> Any:
    """An array, whose size is checked before memory is taken for it."""
    if _member(name) not in archive.namelist():
        raise ValueError(f"it has no array {name!r}")
    info = archive.getinfo(_member(name))
    with archive.open(info) as member:
        version = np.lib.format.read_magic(member)
        read_header = {
            (1, 0): np.lib.format.read_array_header_1_0,
            (2, 0): np.lib.format.read_array_header_2_0,
        }[version]
        shape, _, kind = read_header(member)
    most = 0 if name == "format" else 1
    if kind.kind not in _KINDS[name] or len(shape) > most:
        raise ValueError(f"its array {name!r} is of shape {shape} and type {kind}")
    if (shape[0] if shape else 1) * kind.itemsize > info.file_size:
        raise ValueError(f"its array {name!r} ends early")
    with archive.open(info) as member:
        return np.lib.format.read_array(member, allow_pickle=False)


def _checked(found: dict[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    starts, columns, values = (found[name] for name in ("indptr", "indices", "data"))
    rows, width = (int(each) for each in found["shape"])
    if not 0 < rows < _NARROW or not 0 < width < _NARROW or len(starts) != rows + 1:
        raise ValueError("its shape and its rows do not match")
    starts = starts.astype(np.int64)
    if starts[0] != 0 or starts[-1] != len(columns) or len(columns) != len(values):
        raise ValueError("its rows and its values do not match")
    if (np.diff(starts) < 0).any() or (columns < 0).any() or (columns >= width).any():
        raise ValueError("its rows or columns are out of range")
    is_first = np.zeros(len(columns) + 1, bool)
    is_first[starts] = True
    if not ((columns[1:] > columns[:-1]) | is_first[1:-1]).all():
        raise ValueError(
            "the columns of a row are not in ascending order, or repeat; use SciPy's "
            "sum_duplicates() before saving"
        )
    return starts, columns, values, width
