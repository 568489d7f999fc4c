"""Files of word vectors: what they are is told by their content, how they are written by name.

Read: word2vec binary and text (fastText's ``.vec`` too), GloVe text, each also compressed with
gzip, bzip2, xz or zstandard; ``.npy`` with its word list beside it; the two files of TensorBoard's
projector; checkpoints of trainings.

Written: ``.bin`` word2vec binary; ``.npy`` NumPy matrix and word list; ``.tsv`` the projector's two
files; GloVe's and spaCy's text where a part of the name says so (``vectors.glove.txt``); any other
name word2vec text. ``.gz``, ``.bz2`` or ``.xz`` behind a name of text or ``.bin`` compresses.

A format is a module with ``word_problem(word)``, ``write`` and ``read``. Some also have
``first_word_problem(word)`` and ``matrix_problem(matrix)``; those of two files
``words_path(path)``.
"""

import os
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from fastw2v.errors import FormatError, OutputError
from fastw2v.formats import (
    checkpoint,
    glove,
    numpy_pair,
    projector,
    spacy_text,
    word2vec_binary,
    word2vec_text,
)
from fastw2v.formats.encode_words import encode_all
from fastw2v.formats.reading import Reading, Stream, open_stream
from fastw2v.formats.sniff import unsupported_kind
from fastw2v.formats.validated import ValidatedVectors, validate
from fastw2v.io import atomic
from fastw2v.matrix.mapped_rows import MappedRows

FORMATS = {
    "binary": word2vec_binary,
    "text": word2vec_text,
    "npy": numpy_pair,
    "glove": glove,
    "projector": projector,
    "spacy": spacy_text,
}
READABLE = FORMATS | {"checkpoint": checkpoint}
COMPRESSED = (".gz", ".bz2", ".xz")
_NEEDED_ENDINGS = {"npy": ("a NumPy matrix", ".npy"), "projector": ("projector vectors", ".tsv")}


def load(path, *, limit=None, strict=False, notes=None) -> tuple[list[str], np.ndarray]:
    """Words and matrix, (V, D) float32 C-contiguous, of a file of any known format.

    As `read`, all vectors in memory; but those of a ``.npy`` are mapped copy-on-write.
    """
    contents = read(path, limit=limit, strict=strict, notes=notes)
    return contents.words, contents.matrix


def read(path, *, limit=None, strict=False, notes=None, mapped=False) -> ValidatedVectors:
    """Read a file of word vectors of any known format, compressed or not.

    limit: read only the first so many rows; None for all.
    strict: fail at the first fault, also at those that lose no sound vector.
    notes: a list that gets a line for each such fault: a header that declares another number of
        words, words that come twice (the first wins), vectors with NaN or infinity.
    mapped: whether vectors stay in their file, which word2vec binary allows, and are read when
        asked for; None: if they would take more than half of the memory that is free. Those of a
        ``.npy`` are always mapped, copy-on-write: changes to them stay in memory.

    Raises FormatError, one line, that names what the file is, or the place of the damage.
    """
    if limit is not None and limit < 1:
        raise FormatError(f"limit is {limit}; it must be at least 1, or None for all words")
    reading = Reading(os.fspath(path), limit, strict, [] if notes is None else notes, mapped)
    with open_stream(reading.path) as stream:
        form = READABLE[detect_format(stream, reading.path)]
        words, matrix = form.read(stream, reading)
    return validate(words, matrix, reading)


def detect_format(stream: Stream, path: str) -> str:
    """What the content is, as a name of `READABLE`: "text" for GloVe's form too.

    Raises FormatError where it is known to be something else than word vectors.
    """
    what = unsupported_kind(stream.head)
    if what is not None:
        raise FormatError(f"{path}: {what}")
    if checkpoint.matches(stream):
        return "checkpoint"
    if numpy_pair.matches(stream):
        return "npy"
    if word2vec_binary.matches(stream.head):
        return "binary"
    return "projector" if projector.matches(stream, path) else "text"


def save(path, words, matrix, *, format=None) -> None:
    """Write words and their vectors; the old file stands until the new one is complete.

    words: V str. matrix: (V, D), written as float32, or rows in a file.
    format: a name of `FORMATS`; None for what the name says (`format_of_name`).

    Raises OutputError for what the format cannot express, and what the system refuses.
    """
    path = os.fspath(path)
    if not isinstance(matrix, MappedRows):  # those are written as they are read
        matrix = np.asarray(matrix, np.float32)
    if matrix.ndim != 2 or matrix.shape[1] == 0 or len(words) != len(matrix):
        raise ValueError(f"{len(words)} words and a matrix of shape {matrix.shape}")
    form = FORMATS[_format(path, format)]
    encoded = _encoded(words, form, path)
    problem = form.matrix_problem(matrix) if hasattr(form, "matrix_problem") else None
    if problem is not None:
        raise OutputError(f"cannot write {path}: {problem}")
    if hasattr(form, "words_path"):
        _save_pair(path, form, encoded, matrix)
        return
    with atomic.replacing(path) as file, compressing(file, path) as content:
        form.write(content, encoded, matrix)


def check_writable(path, words=(), *, format=None) -> None:
    """Raise OutputError if `save` would fail; touch nothing that is there.

    words: those that will be saved, where they are known already.
    """
    path = os.fspath(path)
    _encoded(words, FORMATS[_format(path, format)], path)
    atomic.check_writable(path)
    beside = words_path(path, format=format)
    if beside is not None:
        atomic.check_writable(beside)


def words_path(path, *, format=None) -> Path | None:
    """The second file, of words, that `save` writes beside ``path``; None where it writes one."""
    form = FORMATS[_format(os.fspath(path), format)]
    return form.words_path(path) if hasattr(form, "words_path") else None


def format_of_name(path) -> str:
    """The format in which a file of that name is written, a name of `FORMATS`."""
    name = _bare_name(path)
    for ending, format in ((".bin", "binary"), (".npy", "npy"), (".tsv", "projector")):
        if name.endswith(ending):
            return format
    parts = name.split(".")
    return next((format for format in ("glove", "spacy") if format in parts), "text")


def _bare_name(path) -> str:
    name = os.path.basename(os.fspath(path)).lower()
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    return name


def _format(path: str, format: str | None) -> str:
    chosen = format_of_name(path) if format is None else format
    if chosen not in FORMATS:
        raise OutputError(f"no format {chosen!r}; the formats are: {', '.join(FORMATS)}")
    what, ending = _NEEDED_ENDINGS.get(chosen, ("", ""))
    if not path.lower().endswith(ending):
        raise OutputError(f"cannot write {path}: the name of {what} must end in {ending}")
    if chosen == "spacy" and path.lower().endswith((".bz2", ".xz")):
        raise OutputError(f"cannot write {path}: spaCy reads .gz, and no other compression")
    return chosen


def _encoded(words, form, path: str) -> list[bytes]:
    """The bytes of all words; OutputError for one that the format cannot express."""
    encoded = encode_all(words, form.word_problem, path)
    if encoded and hasattr(form, "first_word_problem"):
        encode_all(words[:1], form.first_word_problem, path)
    return encoded


def _save_pair(path: str, form, words: list[bytes], matrix: np.ndarray) -> None:
    """Write the matrix to ``path`` and the words beside it, both or none."""
    beside = form.words_path(path)
    with atomic.replacing(path) as matrix_file, atomic.replacing(beside) as words_file:
        try:
            form.write(matrix_file, words_file, words, matrix)
            # What a full disk can refuse is done before either takes its place.
            for file in (matrix_file, words_file):
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:  # of which of the two, it does not tell
            reason = error.strerror or error
            raise OutputError(f"cannot write {path} and {beside}: {reason}") from error


@contextmanager
def compressing(file, path: str):
    """Enter a file whose content lands, compressed as the name ``path`` says, in ``file``."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in COMPRESSED:
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
