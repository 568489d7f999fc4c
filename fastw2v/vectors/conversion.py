"""Word vectors from one file into another: in other formats, fewer words, of length 1."""

import os
from collections.abc import Iterable

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, OutputError
from fastw2v.formats.reading import Reading
from fastw2v.formats.validated import ValidatedVectors
from fastw2v.io.encoding import quoted
from fastw2v.io.word_lists import read_words
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import blocks, to_unit


def convert(
    source,
    target,
    *,
    format: str | None = None,
    limit: int | None = None,
    words=None,
    normalise: bool = False,
    strict: bool = False,
    notes: list[str] | None = None,
) -> int:
    """Write the word vectors of the file ``source`` to ``target``, which may be the same file.

    format: a name of `fastw2v.formats.FORMATS`; None for what the name of ``target`` says.
    limit: read only the first so many words.
    words: take only these words, in this order: a file with one a line, or words. Those that have
        no vector are left out and noted.
    normalise: scale vectors to length 1; those of zeros, or with NaN or infinity, stay.
    strict, notes: as for `fastw2v.formats.read`; words without a vector are a fault, too.

    Returns the number of words written. Until all is written the old ``target`` stays.

    Raises FormatError for what cannot be read, OutputError for what cannot be written or what the
    format cannot express: where that can be told beforehand, before anything is read.
    """
    _refuse_overlap(source, target, format)
    formats.check_writable(target, format=format)
    wanted, place = _listed(words)
    contents = formats.read(source, limit=limit, strict=strict, notes=notes, mapped=None)
    found, matrix = contents.words, contents.matrix
    if wanted is not None:
        reading = Reading(place, strict=strict, notes=[] if notes is None else notes)
        rows = _rows_of(wanted, contents, reading, source)
        found = [found[row] for row in rows.tolist()]
        matrix = matrix.select(rows) if isinstance(matrix, MappedRows) else matrix[rows]
    if normalise:
        matrix = _normalised(matrix)
    formats.save(target, found, matrix, format=format)
    return len(found)


def _refuse_overlap(source, target, format: str | None) -> None:
    """The second file of a pair must not fall upon what is read, nor be all that is written."""
    beside_target = formats.words_path(target, format=format)
    if beside_target is not None and _same(beside_target, source):
        raise OutputError(
            f"cannot write {target}: its words would take the place of {source}, which is to be "
            "converted; choose another name"
        )
    # Of the source only the name is known here; where it misleads, nothing is lost but time.
    beside_source = formats.words_path(source)
    if beside_source is not None and _same(beside_source, target):
        raise OutputError(
            f"cannot write {target}: it holds the words of {source}; choose another name"
        )


def _same(first, second) -> bool:
    try:
        return os.path.samefile(first, second)
    except OSError:  # one of them is not there
        return False


def _listed(words) -> tuple[list[str] | None, str]:
    """The words wanted, each once, and where they come from."""
    if words is None:
        return None, ""
    if isinstance(words, (str, os.PathLike)):
        return list(dict.fromkeys(read_words(words))), os.fspath(words)
    if not isinstance(words, Iterable):
        raise TypeError("words must be a file of words or words themselves")
    return list(dict.fromkeys(words)), "words"


def _rows_of(wanted: list[str], contents: ValidatedVectors, reading: Reading, source) -> np.ndarray:
    """(n,) int64, the rows of those words that have one."""
    unknown = [word for word in wanted if word not in contents.index]
    if len(unknown) == len(wanted):
        raise FormatError(
            f"{reading.path}: none of its {len(wanted):,} words has a vector in {source}"
        )
    if unknown:
        reading.fault(
            f"{len(unknown):,} of {len(wanted):,} words have no vector in {source} and were left "
            f"out (the first: {quoted(unknown[0])})"
        )
    return np.array([contents.index[word] for word in wanted if word in contents.index], np.int64)


def _normalised(matrix) -> np.ndarray:
    """(V, D) float32: rows of length 1; those that cannot be scaled as they are."""
    unit = np.empty(matrix.shape, np.float32)
    for start, stop in blocks(*matrix.shape):
        block = matrix[start:stop]
        sound = np.isfinite(block).all(axis=1)
        unit[start:stop] = np.where(sound[:, None], to_unit(block), block)
    return unit
