"""Which words a map shows, those most worth a label first."""

from collections.abc import Iterable
from itertools import zip_longest

import numpy as np

from fastw2v.errors import FormatError, SettingsError, UnknownWordError
from fastw2v.io.encoding import quoted

_SHOWN_UNKNOWN = 5  # unknown words that a message names


def choose_rows(vectors, *, words=None, near=None, number: int = 1000) -> list[int]:
    """Rows of ``vectors``, each once: those named, those near others, or the first ones.

    words, near, number: as `fastw2v.mapping.draw_map` says.

    Raises SettingsError, UnknownWordError, FormatError.
    """
    if words is not None and near is not None:
        raise SettingsError("words that are named, and words near others: ask for one of the two")
    if number < 1:
        raise SettingsError(f"number is {number}; a map shows at least 2 words")
    if near is not None:
        return _rows_near(vectors, _listed(near), number)
    if words is not None:
        return sorted(_rows_of(vectors, _listed(words)))
    # Of a file larger than memory only the rows that may be shown are looked at.
    return np.flatnonzero(np.isfinite(vectors.matrix[:number]).all(axis=1)).tolist()


def _listed(words: str | Iterable[str]) -> list[str]:
    return list(dict.fromkeys([words] if isinstance(words, str) else words))


def _rows_of(vectors, words: list[str]) -> list[int]:
    unknown = [word for word in words if word not in vectors]
    if len(unknown) == 1:
        vectors.row(unknown[0])  # raises, with the nearest spellings
    if unknown:
        named = ", ".join(map(quoted, unknown[:_SHOWN_UNKNOWN]))
        more = ", ..." if len(unknown) > _SHOWN_UNKNOWN else ""
        raise UnknownWordError(
            f"{len(unknown)} of {len(words)} words are not in the vocabulary: {named}{more}"
        )
    rows = [vectors.row(word) for word in words]
    for word, row in zip(words, rows, strict=True):
        if not np.isfinite(vectors.matrix[row]).all():
            raise FormatError(
                f"the vector of {quoted(word)} holds NaN or infinity: no place on a map"
            )
    return rows


def _rows_near(vectors, words: list[str], number: int) -> list[int]:
    """The words themselves, then in turns the nearest to each, so that each gets its share."""
    rows = _rows_of(vectors, words)
    found = [[vectors.row(near) for near, _ in vectors.similar(word, number)] for word in words]
    turns = [row for turn in zip_longest(*found) for row in turn if row is not None]
    return list(dict.fromkeys(rows + turns))[: max(number, len(rows))]
