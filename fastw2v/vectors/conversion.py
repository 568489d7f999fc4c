"""Conversion of files of word vectors: other formats, fewer words, unit vectors."""

import os
from collections.abc import Iterable

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, parameter
from fastw2v.formats.reading import Reading
from fastw2v.formats.validated import ValidatedVectors
from fastw2v.io.encoding import quoted
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.word_lists import read_words
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows, Matrix
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.system import posix


def convert(
    source: StrPath,
    target: StrPath,
    *,
    format: str | None = None,
    limit: int | None = None,
    words: StrPath | Iterable[str] | None = None,
    normalise: bool = False,
    strict: bool = False,
    notes: list[str] | None = None,
) -> int:
    """Write the word vectors of the file ``source`` to ``target``, which may be the same file.

    format: a name of `fastw2v.formats.FORMATS`; None for that of the name of ``target``.
    limit: read only the first ``limit`` words.
    words: keep only these words, in this order: a file with one word per line, or an iterable.
        Words without a vector are left out and noted; a fastText model has vectors of other words
        than those of its vocabulary, made from their n-grams, which is noted.
    normalise: scale vectors to norm 1; zero vectors and those with NaN or infinity do not change.
    strict, notes: as for `fastw2v.formats.read`; a word without a vector is a fault, too.

    Returns the number of words written. An old ``target`` is replaced once the file is complete.

    Raises FormatError if ``source`` cannot be read, OutputError if ``target`` cannot be written or
    the format cannot express the words; before reading, if possible.

        >>> fastw2v.vectors.conversion.convert("vectors.bin", "vectors.txt", limit=2)
        2
        >>> len(fastw2v.load("vectors.txt"))
        2
    """
    formats.check_writable(target, format=format)
    uses = FileUses()
    formats.declare_read(uses, source, "the source")
    uses.reads(words if isinstance(words, (str, os.PathLike)) else None, parameter("words"))
    formats.declare_written(uses, target, "the output", format=format, over=source)
    uses.check()
    wanted, place = _listed(words)
    mapped = None if posix.REPLACES_OPEN_FILES or not _same(source, target) else False
    contents = formats.read(source, limit=limit, strict=strict, notes=notes, mapped=mapped)
    found, matrix = contents.words, contents.matrix
    if wanted is not None:
        reading = Reading(place, strict=strict, notes=[] if notes is None else notes)
        found, matrix = _chosen(wanted, contents, reading, source)
    if normalise:
        matrix = _normalised(matrix)
    formats.save(target, found, matrix, format=format)
    return len(found)


def _same(source: StrPath, target: StrPath) -> bool:
    """Whether both paths are of one file."""
    try:
        return os.path.samefile(source, target)
    except (OSError, ValueError):  # one of them does not exist, or is a standard stream
        return False


def _listed(words: StrPath | Iterable[str] | None) -> tuple[list[str] | None, str]:
    """The distinct words to keep, and their source."""
    if words is None:
        return None, ""
    if isinstance(words, (str, os.PathLike)):
        return list(dict.fromkeys(read_words(words))), os.fspath(words)
    if not isinstance(words, Iterable):
        raise TypeError("words must be a path or an iterable of words")
    return list(dict.fromkeys(words)), "words"


def _chosen(
    wanted: list[str], contents: ValidatedVectors, reading: Reading, source: StrPath
) -> tuple[list[str], Matrix]:
    """The words that have a vector, and (n, D) float32 their vectors."""
    made = _made(wanted, contents)
    found = [word for word in wanted if word in contents.index or word in made]
    _note_unknown(wanted, found, made, reading, source)
    matrix = contents.matrix
    if made:
        chosen = np.empty((len(found), matrix.shape[1]), np.float32)
        for place, word in enumerate(found):
            chosen[place] = made[word] if word in made else matrix[contents.index[word]]
        return found, chosen
    rows = np.array([contents.index[word] for word in found], np.int64)
    return found, matrix.select(rows) if isinstance(matrix, MappedRows) else matrix[rows]


def _made(wanted: list[str], contents: ValidatedVectors) -> dict[str, Array]:
    """(D,) float32 for each word that is not in the vocabulary, if n-grams make it."""
    if contents.subwords is None:
        return {}
    unknown = [word for word in wanted if word not in contents.index]
    made = [(word, contents.subwords.make(word)) for word in unknown]
    return {word: vector for word, vector in made if vector is not None}


def _note_unknown(
    wanted: list[str],
    found: list[str],
    made: dict[str, Array],
    reading: Reading,
    source: StrPath,
) -> None:
    """Note words that are not in the vocabulary. Raises FormatError if none has a vector."""
    if made:
        reading.notes.append(
            f"{reading.path}: {len(made):,} of {len(wanted):,} words are not in the vocabulary of "
            f"{source}: their vectors are made from n-grams (the first: {quoted(next(iter(made)))})"
        )
    have = set(found)
    unknown = [word for word in wanted if word not in have]
    if len(unknown) == len(wanted):
        raise FormatError(
            f"{reading.path}: none of its {len(wanted):,} words has a vector in {source}"
        )
    if unknown:
        reading.fault(
            f"{len(unknown):,} of {len(wanted):,} words have no vector in {source} and were "
            f"left out (the first: {quoted(unknown[0])})"
        )


def _normalised(matrix: Matrix) -> Array:
    """(V, D) float32: unit rows; zero rows and those with NaN or infinity unchanged."""
    unit = np.empty(matrix.shape, np.float32)
    for start, stop in blocks(*matrix.shape):
        block = matrix[start:stop]
        finite = np.asarray(np.isfinite(block).all(axis=1))
        unit[start:stop] = np.where(finite[:, None], to_unit(block), block)
    return unit
