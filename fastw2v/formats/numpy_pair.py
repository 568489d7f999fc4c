"""A NumPy matrix and its word list: ``vectors.npy`` and, beside it, ``vectors.words.txt``.

The input of FAISS, hnswlib and Annoy. Line i of the list is the word of row i.
"""

import warnings
from pathlib import Path

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.reading import MAX_DIMENSIONS, Reading, Stream, read_list
from fastw2v.matrix.norms import blocks

MAGIC = b"\x93NUMPY"


def words_path(path) -> Path:
    """The path of the word list of the matrix at ``path``."""
    path = Path(path)
    name = path.stem if path.suffix.lower() == ".npy" else path.name
    return path.with_name(f"{name}.words.txt")


def word_problem(word: bytes) -> str | None:
    """Why the word list cannot express ``word``, or None."""
    if b"\n" in word or b"\r" in word:  # which ends a line for most readers of text
        return "a line end ends the word in the word list; replace it"
    return None


def write(matrix_file, words_file, words: list[bytes], matrix) -> None:
    """Write both files. matrix: (V, D) float32, or `MappedRows`."""
    words_file.write(b"".join([word + b"\n" for word in words]))
    header = {"descr": "<f4", "fortran_order": False, "shape": matrix.shape}
    np.lib.format.write_array_header_1_0(matrix_file, header)
    for start, stop in blocks(*matrix.shape):
        matrix_file.write(np.ascontiguousarray(matrix[start:stop], "<f4").data)


def matches(stream: Stream) -> bool:
    """Whether the content is a NumPy array. Raises FormatError if it is compressed or a pipe."""
    if not stream.head.startswith(MAGIC):
        return False
    stream.check_plain(".npy")
    return True


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 matrix.

    The matrix stays in the file, mapped into memory copy-on-write, if ``reading.mapped``, or if
    that is None and memory is short. Then the program ends if the file is truncated in its place.
    """
    path = reading.path
    matrix = _mapped(path)
    if matrix.ndim != 2 or matrix.dtype.kind != "f" or not 0 < matrix.shape[1] <= MAX_DIMENSIONS:
        raise FormatError(
            f"{path}: an array of shape {matrix.shape} and type {matrix.dtype}; word vectors must "
            "be a matrix of floating-point numbers with a row for each word"
        )
    words = _read_words(path)
    if len(words) != len(matrix):
        raise FormatError(
            f"{path}: {len(matrix)} rows, but {len(words)} words in {words_path(path)}; "
            "save both files together"
        )
    words, matrix = words[: reading.limit], matrix[: reading.limit]
    as_it_is = matrix.dtype == np.float32 and matrix.dtype.isnative and matrix.flags.c_contiguous
    if as_it_is and reading.stays_in_file(matrix.nbytes):
        return words, matrix
    return words, _loaded(stream, matrix)


def _loaded(stream: Stream, mapped: np.ndarray) -> np.ndarray:
    """The (V, D) rows of a mapped matrix, float32, read from its file.

    The map itself is not read: that would end the program if the file were truncated meanwhile.
    """
    rows, columns = mapped.shape
    begin = getattr(mapped, "offset", 0)  # an empty array is not mapped
    matrix = np.empty((rows, columns), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # overflow is infinity, noted later
        if mapped.flags.c_contiguous:
            for start, stop in blocks(rows, columns):
                part = np.empty((stop - start, columns), mapped.dtype)
                stream.read_at(begin + start * mapped.strides[0], memoryview(part).cast("B"))
                matrix[start:stop] = part
        else:
            for column in range(columns):
                part = np.empty(rows, mapped.dtype)
                stream.read_at(begin + column * mapped.strides[1], memoryview(part).cast("B"))
                matrix[:, column] = part
    return matrix


def _mapped(path: str) -> np.ndarray:
    """The array in a file, of any shape and type. Raises FormatError if it is invalid."""
    try:
        with warnings.catch_warnings():  # warnings about files of Python 2
            warnings.simplefilter("ignore")
            return np.load(path, mmap_mode="c", allow_pickle=False)
    except OSError:
        raise
    except Exception as error:  # hostile headers raise many types of error
        reason = str(error).split("\n", 1)[0][:200]
        raise FormatError(f"{path}: not a valid NumPy matrix: {reason}; save it again") from error


def _read_words(path: str) -> list[bytes]:
    lines = read_list(path, words_path(path), "its word list")
    return [line.removesuffix(b"\r") for line in lines]
