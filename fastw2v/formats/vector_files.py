"""Files of word vectors: the input format is detected from the content, the output format
selected by the name.

Read: word2vec binary and text (also fastText's ``.vec``), GloVe text, each also compressed with
gzip, bzip2, xz or zstandard; ``.npy`` with its word list beside it; the two files of TensorBoard's
projector; checkpoints of trainings; models of fastText.

Written: ``.bin`` word2vec binary; ``.npy`` NumPy matrix and word list; ``.tsv`` the projector's two
files; GloVe or spaCy text if a part of the name says so (``vectors.glove.txt``); word2vec text for
``.txt``, ``.vec`` and no extension. Others are refused: none of these formats is meant by ``.pkl``.
``.gz``, ``.bz2`` or ``.xz`` after the name of a text or ``.bin`` compresses it. ``-`` is standard
output.

A format is a module with ``word_problem(word)``, ``write`` and ``read``. Some also have
``first_word_problem(word)`` and ``matrix_problem(matrix)``; those of two files
``words_path(path)``.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.errors import FormatError, OutputError, parameter
from fastw2v.formats import (
    checkpoint,
    fasttext,
    glove,
    numpy_pair,
    projector,
    spacy_text,
    word2vec_binary,
    word2vec_text,
)
from fastw2v.formats.encode_words import encode_all
from fastw2v.formats.reading import Reading, Stream, open_stream
from fastw2v.formats.validated import ValidatedVectors, validate
from fastw2v.io import atomic
from fastw2v.io.atomic_pair import replacing_pair
from fastw2v.io.files import StrPath
from fastw2v.io.names import COMPRESSED, ending_of
from fastw2v.io.sniff import unsupported_kind
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows, Matrix
from fastw2v.standard_streams import DASH, on_terminal

FORMATS: dict[str, ModuleType] = {
    "binary": word2vec_binary,
    "text": word2vec_text,
    "npy": numpy_pair,
    "glove": glove,
    "projector": projector,
    "spacy": spacy_text,
}
READABLE = FORMATS | {"checkpoint": checkpoint, "fasttext": fasttext}
_TEXT_ENDINGS = ("", ".txt", ".vec", ".text")
_NEEDED_ENDINGS = {"npy": ("a NumPy matrix", ".npy"), "projector": ("projector vectors", ".tsv")}


def load(
    path: StrPath,
    *,
    limit: int | None = None,
    strict: bool = False,
    notes: list[str] | None = None,
) -> tuple[list[str], Array]:
    """Words and matrix, (V, D) float32 C-contiguous, of a file of any known format.

    As `read`, with all vectors in memory.
    """
    contents = read(path, limit=limit, strict=strict, notes=notes)
    assert not isinstance(contents.matrix, MappedRows)  # `read` maps rows only if asked to
    return contents.words, contents.matrix


def read(
    path: StrPath,
    *,
    limit: int | None = None,
    strict: bool = False,
    notes: list[str] | None = None,
    mapped: bool | None = False,
) -> ValidatedVectors:
    """Read a file of word vectors of any known format, compressed or not.

    limit: read only the first ``limit`` rows; None for all.
    strict: fail at the first fault, also at those that lose no valid vector.
    notes: a list that receives a line for each such fault: a header that declares another number
        of words, repeated words (the first row is kept), vectors with NaN or infinity.
    mapped: keep vectors in their file and read them on demand, which word2vec binary and ``.npy``
        of float32 allow; None: if they would take more than half of the free memory. Those of a
        ``.npy`` are then mapped copy-on-write: changes stay in memory. Those of a fastText model
        are made on demand, for True only if memory is short, too.

    Raises FormatError that says what else the file is, or where it is damaged.
    """
    if limit is not None and limit < 1:
        raise FormatError(
            f"{parameter('limit')} is {limit}; it must be at least 1, or None for all words"
        )
    reading = Reading(os.fspath(path), limit, strict, [] if notes is None else notes, mapped)
    with open_stream(reading.path) as stream:
        form = READABLE[detect_format(stream, reading.path)]
        words, matrix = form.read(stream, reading)
    return validate(words, matrix, reading)


def detect_format(stream: Stream, path: str) -> str:
    """The format of the content, a name of `READABLE`; "text" also for GloVe text.

    Raises FormatError if it is known not to be word vectors.
    """
    what = unsupported_kind(stream.head)
    if what is not None:
        raise FormatError(f"{path}: {what}")
    if checkpoint.matches(stream):
        return "checkpoint"
    if fasttext.matches(stream):
        return "fasttext"
    if numpy_pair.matches(stream):
        return "npy"
    if word2vec_binary.matches(stream.head):
        return "binary"
    return "projector" if projector.matches(stream, path) else "text"


def save(
    path: StrPath,
    words: Sequence[str],
    matrix: Matrix | ArrayLike,
    *,
    format: str | None = None,
) -> None:
    """Write words and their vectors; an old file is replaced once the new one is complete.

    words: V str. matrix: (V, D), written as float32, or `MappedRows`.
    format: a name of `FORMATS`; None for that of the name (`format_of_name`).

    Raises OutputError if the format cannot express them or the file cannot be written, ValueError
    for a matrix of another shape.
    """
    path = os.fspath(path)
    if not isinstance(matrix, MappedRows):  # written as they are
        matrix = np.asarray(matrix, np.float32)
    if matrix.ndim != 2 or matrix.shape[1] == 0 or len(words) != len(matrix):
        raise ValueError(f"{len(words)} words and a matrix of shape {matrix.shape}")
    form = FORMATS[_format(path, format)]
    encoded = _encoded(words, form, path)
    problem = form.matrix_problem(matrix) if hasattr(form, "matrix_problem") else None
    if problem is not None:
        raise OutputError(f"cannot write {path}: {problem}")
    if hasattr(form, "words_path"):
        with replacing_pair(path, form.words_path(path)) as (matrix_file, words_file):
            form.write(matrix_file, words_file, encoded, matrix)
        return
    with atomic.replacing(path) as file, compressing(file, path) as content:
        form.write(content, encoded, matrix)


def check_writable(path: StrPath, words: Sequence[str] = (), *, format: str | None = None) -> None:
    """Raise OutputError if `save` would fail; change no existing file.

    words: those that will be saved, if already known.
    """
    path = os.fspath(path)
    chosen = _format(path, format)
    if path == DASH and chosen == "binary" and on_terminal():
        raise OutputError(
            "binary data is not written to a terminal: redirect standard output to a file or a pipe"
        )
    _encoded(words, FORMATS[chosen], path)
    atomic.check_writable(path)
    beside = words_path(path, format=format)
    if beside is not None:
        atomic.check_writable(beside)


def words_path(path: StrPath, *, format: str | None = None) -> Path | None:
    """The word list that `save` writes beside ``path``; None if the format is a single file."""
    form = FORMATS[format_of_name(path) if format is None else _format(os.fspath(path), format)]
    beside: Path | None = form.words_path(path) if hasattr(form, "words_path") else None
    return beside


def format_of_name(path: StrPath) -> str:
    """The format of a file written under that name, a name of `FORMATS`."""
    name = _bare_name(path)
    for ending, format in ((".bin", "binary"), (".npy", "npy"), (".tsv", "projector")):
        if name.endswith(ending):
            return format
    parts = name.split(".")
    return next((format for format in ("glove", "spacy") if format in parts), "text")


def _bare_name(path: StrPath) -> str:
    name = os.path.basename(os.fspath(path)).lower()
    for ending in COMPRESSED:
        name = name.removesuffix(ending)
    return name


def _format(path: str, format: str | None) -> str:
    if format is None:
        chosen = format_of_name(path)
        _check_ending(path, chosen)
    else:
        chosen = format
    if chosen not in FORMATS:
        raise OutputError(f"no format {chosen!r}; the formats are: {', '.join(FORMATS)}")
    what, ending = _NEEDED_ENDINGS.get(chosen, ("", ""))
    if not path.lower().endswith(ending):
        raise OutputError(f"cannot write {path}: the name of {what} must end in {ending}")
    if chosen == "spacy" and path.lower().endswith((".bz2", ".xz")):
        raise OutputError(f"cannot write {path}: spaCy reads no compression but .gz; use that")
    return chosen


def _check_ending(path: str, format: str) -> None:
    """Raise OutputError for a name that does not tell which format is meant."""
    ending = ending_of(_bare_name(path))
    if format == "text" and ending not in _TEXT_ENDINGS:
        raise OutputError(
            f"cannot write {path}: unknown extension {ending}; use .bin, .txt, .vec, .npy or .tsv, "
            f"or choose the format with {parameter('format')}"
        )


def _encoded(words: Sequence[str], form: Any, path: str) -> list[bytes]:
    """The bytes of all words. Raises OutputError for one that the format cannot express."""
    encoded = encode_all(words, form.word_problem, path)
    if encoded and hasattr(form, "first_word_problem"):
        encode_all(words[:1], form.first_word_problem, path)
    return encoded


@contextmanager
def compressing(file: IO[bytes], path: str) -> Iterator[IO[bytes]]:
    """Context manager: a file that compresses into ``file`` by the extension of ``path``."""
    ending = os.path.splitext(path)[1].lower()
    if ending not in COMPRESSED:
        yield file
        return
    import bz2
    import gzip
    import lzma

    if ending == ".gz":  # no name or time: reproducible
        content: Any = gzip.GzipFile(filename="", mode="wb", compresslevel=3, fileobj=file, mtime=0)
    else:
        content = {".bz2": bz2.BZ2File, ".xz": lzma.LZMAFile}[ending](file, "wb")
    with content:
        yield content
