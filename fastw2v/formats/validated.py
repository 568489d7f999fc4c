"""Validation of words and vectors after reading."""

from dataclasses import dataclass

import numpy as np

from fastw2v.formats.lookup import Lookup, count_repeats
from fastw2v.formats.reading import Reading
from fastw2v.formats.subwords import Subwords
from fastw2v.io.encoding import quoted
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import row_norms


@dataclass(frozen=True)
class ValidatedVectors:
    """V distinct words and their vectors."""

    words: list[str]
    matrix: np.ndarray | MappedRows  # (V, D) float32; row i is the vector of word i
    lookup: Lookup  # of the words
    norms: np.ndarray  # (V,) float64, of the vectors; NaN for those with NaN or infinity
    subwords: Subwords | None = None  # makes vectors of words that are not among them

    @property
    def index(self) -> dict[str, int]:
        """Row by word."""
        return self.lookup.index


def validate(spelled: list[bytes] | list[str], matrix, reading: Reading) -> ValidatedVectors:
    """Words and vectors without rows that repeat a word; faults are noted in ``reading``.

    spelled: the words, as bytes or already decoded. matrix: (V, D) float32, or `MappedRows`.

    Raises FormatError for a fault if ``reading.strict``.
    """
    words = spelled if spelled and isinstance(spelled[0], str) else _decoded(spelled)
    if repeated := count_repeats(words):
        words, matrix = _without_repeats(words, matrix, repeated, reading)
    norms = row_norms(matrix)
    not_finite = np.flatnonzero(np.isnan(norms))
    if len(not_finite):
        first = quoted(words[not_finite[0]])
        reading.fault(
            f"{len(not_finite)} vectors hold NaN or infinity (the first: {first}); "
            "they are excluded from searches"
        )
    return ValidatedVectors(words, matrix, Lookup(words), norms, reading.subwords)


def _decoded(spelled: list[bytes]) -> list[str]:
    """As `to_word`, for all at once. No format has words with a newline."""
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
        f"word number {second + 1}); the first row of each word was kept"
    )
    rows = np.fromiter(first_row.values(), np.int64, len(first_row))
    kept = matrix.select(rows) if isinstance(matrix, MappedRows) else matrix[rows]
    return list(first_row), kept
