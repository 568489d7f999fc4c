"""What a file of word vectors holds, once it was read and looked over."""

from dataclasses import dataclass

import numpy as np

from fastw2v.formats.lookup import Lookup, count_repeats
from fastw2v.formats.reading import Reading
from fastw2v.io.encoding import quoted
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import row_norms


@dataclass(frozen=True)
class ValidatedVectors:
    """V words, each once, and their vectors."""

    words: list[str]
    matrix: np.ndarray | MappedRows  # (V, D) float32; row i is the vector of word i
    lookup: Lookup  # of the words
    norms: np.ndarray  # (V,) float64, of the vectors; NaN for those with NaN or infinity

    @property
    def index(self) -> dict[str, int]:
        """From word to row."""
        return self.lookup.index


def validate(spelled: list[bytes] | list[str], matrix, reading: Reading) -> ValidatedVectors:
    """The contents, without rows that repeat a word; what was wrong is told to ``reading``.

    spelled: the words, as bytes or decoded already.
    """
    words = spelled if spelled and isinstance(spelled[0], str) else _decoded(spelled)
    if repeated := count_repeats(words):
        words, matrix = _without_repeats(words, matrix, repeated, reading)
    norms = row_norms(matrix)
    unsound = np.flatnonzero(np.isnan(norms))
    if len(unsound):
        first = quoted(words[unsound[0]])
        reading.fault(
            f"{len(unsound)} vectors hold NaN or infinity (the first: {first}); "
            "they are nobody's neighbours"
        )
    return ValidatedVectors(words, matrix, Lookup(words), norms)


def _decoded(spelled: list[bytes]) -> list[str]:
    """As `to_word`, but all at once. No format has words with a newline in them."""
    if not spelled:
        return []
    return b"\n".join(spelled).decode("utf-8", "surrogateescape").split("\n")


def _without_repeats(words: list[str], matrix, repeated: int, reading: Reading):
    first_row: dict[str, int] = {}
    for row, word in enumerate(words):
        first_row.setdefault(word, row)
    second = next(row for row, word in enumerate(words) if first_row[word] != row)
    reading.fault(
        f"{repeated} rows repeat a word (the first: {quoted(words[second])}, "
        f"word number {second + 1}); of each word the first row was kept"
    )
    rows = np.fromiter(first_row.values(), np.int64, len(first_row))
    kept = matrix.select(rows) if isinstance(matrix, MappedRows) else matrix[rows]
    return list(first_row), kept
