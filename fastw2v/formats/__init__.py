"""Files of word vectors: what they are is told by their content, how they are written by name.

Read: word2vec binary and text (fastText's ``.vec`` too), GloVe text, each also compressed with
gzip, bzip2, xz or zstandard, and ``.npy`` with its word list beside it.

Written: ``.bin`` word2vec binary; ``.npy`` NumPy matrix and word list; any other name word2vec
text. ``.gz``, ``.bz2`` or ``.xz`` behind ``.bin``, ``.txt`` or ``.vec`` compresses.
"""

import os
from contextlib import contextmanager

import numpy as np

from fastw2v import atomic
from fastw2v.errors import FormatError, OutputError
from fastw2v.formats import numpy_pair, word2vec_binary, word2vec_text
from fastw2v.formats.reading import Reading, opened
from fastw2v.formats.wording import encode_all
from fastw2v.words import to_word

FORMATS = {"binary": word2vec_binary, "text": word2vec_text, "npy": numpy_pair}
_COMPRESSED = (".gz", ".bz2", ".xz")
_FOREIGN = {  # first bytes -> what they tell, and what to do
    b"\xba\x16\x4f\x2f": "a fastText model, not plain vectors; give the .vec file beside it",
    **{
        bytes((0x80, protocol)): "a Python pickle, never opened here since it could run any code; "
        "save the vectors as word2vec text or binary (gensim: save_word2vec_format)"
        for protocol in (2, 3, 4, 5)
    },
    b"\xff\xfe": "text in UTF-16; save it as UTF-8",
    b"\xfe\xff": "text in UTF-16; save it as UTF-8",
    b"\x89HDF": "an HDF5 file; export it as word2vec text or binary",
}


def load(path, *, limit=None, strict=False, notes=None) -> tuple[list[str], np.ndarray]:
    """Read a file of word vectors of any known format, compressed or not.

    limit: read only the first so many rows; None for all.
    strict: fail at the first fault, also at those that lose no sound vector.
    notes: a list that gets a line for each such fault: a header that promises another number of
        words, words that come twice (the first wins), vectors with NaN or infinity.

    Returns words and matrix, (V, D) float32 C-contiguous, row i being the vector of word i. That
    of a ``.npy`` is mapped copy-on-write: changes to it stay in memory.

    Raises FormatError, one line, that names what the file is, or the place of the damage.
    """
    if limit is not None and limit < 1:
        raise FormatError(f"limit is {limit}; it must be at least 1, or None for all words")
    reading = Reading(os.fspath(path), limit, strict, [] if notes is None else notes)
    with opened(reading.path) as stream:
        _refuse_foreign(stream.head, reading.path)
        if stream.head.startswith(numpy_pair.MAGIC):
            if stream.kind is not None:
                raise FormatError(f"{reading.path}: a compressed .npy; unpack it first")
            words, matrix = numpy_pair.read(reading)
        elif word2vec_binary.recognised(stream.head):
            words, matrix = word2vec_binary.read(stream, reading)
        else:
            words, matrix = word2vec_text.read(stream, reading)
    words, matrix = _without_duplicates([to_word(word) for word in words], matrix, reading)
    _count_not_finite(words, matrix, reading)
    return words, matrix


def save(path, words, matrix, *, format=None) -> None:
    """Write words and their vectors; the old file stands until the new one is complete.

    words: V str. matrix: (V, D), written as float32.
    format: "binary", "text" or "npy"; None for what the name says (`format_of_name`).

    Raises OutputError for words that the format cannot express, and what the system refuses.
    """
    path = os.fspath(path)
    matrix = np.asarray(matrix, np.float32)
    if matrix.ndim != 2 or len(words) != len(matrix):
        raise ValueError(f"{len(words)} words and a matrix of shape {matrix.shape}")
    form = FORMATS[_format(path, format)]
    encoded = encode_all(words, form.problem_of, path)
    if form is numpy_pair:
        beside = numpy_pair.words_path(path)
        with atomic.replacing(path) as matrix_file, atomic.replacing(beside) as words_file:
            numpy_pair.write(matrix_file, words_file, encoded, matrix)
        return
    with atomic.replacing(path) as file, _compressing(file, path) as content:
        form.write(content, encoded, matrix)


def check_writable(path, words=(), *, format=None) -> None:
    """Raise OutputError if `save` would fail; touch nothing that is there.

    words: those that will be saved, where they are known already.
    """
    path = os.fspath(path)
    form = FORMATS[_format(path, format)]
    encode_all(words, form.problem_of, path)
    atomic.check_writable(path)
    if form is numpy_pair:
        atomic.check_writable(numpy_pair.words_path(path))


def format_of_name(path) -> str:
    """The format in which a file of that name is written: "binary", "text" or "npy"."""
    name = _bare_name(path)
    if name.endswith(".bin"):
        return "binary"
    return "npy" if name.endswith(".npy") else "text"


def _bare_name(path) -> str:
    name = os.path.basename(os.fspath(path)).lower()
    for ending in _COMPRESSED:
        name = name.removesuffix(ending)
    return name


def _format(path: str, format: str | None) -> str:
    chosen = format_of_name(path) if format is None else format
    if chosen not in FORMATS:
        raise OutputError(f"no format {chosen!r}; the formats are: {', '.join(FORMATS)}")
    if chosen == "npy" and not path.lower().endswith(".npy"):
        raise OutputError(f"cannot write {path}: the name of a NumPy matrix must end in .npy")
    return chosen


@contextmanager
def _compressing(file, path: str):
    """Enter a file whose content lands, compressed as the name ``path`` says, in ``file``."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in _COMPRESSED:
        yield file
        return
    import bz2
    import gzip
    import lzma

    if ending == ".gz":  # neither name nor time within: same vectors, same bytes
        content = gzip.GzipFile(filename="", mode="wb", compresslevel=3, fileobj=file, mtime=0)
    else:
        content = {".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile}[ending](file, "wb")
    with content:
        yield content


def _refuse_foreign(head: bytes, path: str) -> None:
    if not head:
        raise FormatError(f"{path}: an empty file; was the writing of it cut short?")
    for magic, what in _FOREIGN.items():
        if head.startswith(magic):
            raise FormatError(f"{path}: {what}")


def _without_duplicates(words: list[str], matrix: np.ndarray, reading: Reading):
    first_row: dict[str, int] = {}
    for row, word in enumerate(words):
        first_row.setdefault(word, row)
    dropped = len(words) - len(first_row)
    if dropped == 0:
        return words, matrix
    second = next(row for row, word in enumerate(words) if first_row[word] != row)
    reading.fault(
        f"{dropped} rows repeat a word (the first: {words[second]!r}, word number {second + 1}); "
        "of each word the first row was kept"
    )
    return list(first_row), np.ascontiguousarray(matrix[list(first_row.values())])


def _count_not_finite(words: list[str], matrix: np.ndarray, reading: Reading) -> None:
    rows = []
    for start in range(0, len(matrix), 4096):
        sound = np.isfinite(matrix[start : start + 4096]).all(axis=1)
        rows += (start + np.flatnonzero(~sound)).tolist()
    if rows:
        reading.fault(
            f"{len(rows)} vectors hold NaN or infinity (the first: {words[rows[0]]!r}); "
            "they are nobody's neighbours"
        )
