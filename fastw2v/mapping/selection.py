"""Selecting the words of a map, by decreasing priority of labels."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, zip_longest

import numpy as np

from fastw2v.errors import FormatError, SettingsError, UnknownWordError, parameter
from fastw2v.io.encoding import quoted

_SHOWN_UNKNOWN = 5  # unknown words listed in a message
_BLOCK = 4096  # rows looked at at once


def choose_rows(
    vectors, *, words=None, near=None, number: int = 1000, others: Sequence = ()
) -> list[int]:
    """Distinct rows of ``vectors``: of given words, of words near others, or the first ones.

    words, near, number: as of `fastw2v.mapping.draw_map`. others: further models, which must have
    the given words; words that one of them lacks are not chosen otherwise.

    Raises SettingsError for contradicting arguments, UnknownWordError, and FormatError for a given
    word whose vector has NaN or infinity.
    """
    if words is not None and near is not None:
        raise SettingsError(
            f"{parameter('words')} and {parameter('near')} are exclusive: use one of the two"
        )
    if number < 1:
        raise SettingsError(f"{parameter('number')} is {number}; a map shows at least 2 words")
    given = near if words is None else words
    if given is not None:
        for other in others:
            _rows_of(other, _listed(given))
    if near is not None:
        return _rows_near(vectors, _listed(near), number, others)
    if words is not None:
        return sorted(_rows_of(vectors, _listed(words)))
    if others:
        return list(islice(_shared(vectors, range(len(vectors)), others), number))
    # Read only the rows that may be shown: the file may be larger than memory.
    return np.flatnonzero(np.isfinite(vectors.matrix[:number]).all(axis=1)).tolist()


def _shared(vectors, rows: Sequence[int], others: Sequence) -> Iterator[int]:
    """Those rows whose words all models have, with finite vectors."""
    for start in range(0, len(rows), _BLOCK):
        part = [
            row
            for row in rows[start : start + _BLOCK]
            if all(vectors.words[row] in other for other in others)
        ]
        finite = np.isfinite(vectors.matrix[part]).all(axis=1)
        for other in others:
            places = other.rows([vectors.words[row] for row in part])
            finite &= np.isfinite(other.matrix[places]).all(axis=1)
        yield from np.array(part, int)[finite].tolist()


def _listed(words: str | Iterable[str]) -> list[str]:
    return list(dict.fromkeys([words] if isinstance(words, str) else words))


def _rows_of(vectors, words: list[str]) -> list[int]:
    unknown = [word for word in words if word not in vectors]
    if len(unknown) == 1:
        vectors.row(unknown[0])  # raises, with similar spellings
    if unknown:
        named = ", ".join(map(quoted, unknown[:_SHOWN_UNKNOWN]))
        more = ", ..." if len(unknown) > _SHOWN_UNKNOWN else ""
        raise UnknownWordError(
            f"{len(unknown)} of {len(words)} words are not in the vocabulary: {named}{more}"
        )
    rows = [vectors.row(word) for word in words]
    for word, row in zip(words, rows, strict=True):
        if not np.isfinite(vectors.matrix[row]).all():
            raise FormatError(f"the vector of {quoted(word)} has NaN or infinity; use another word")
    return rows


def _rows_near(vectors, words: list[str], number: int, others: Sequence) -> list[int]:
    """The words themselves, then in turn the nearest to each, for equal shares."""
    rows = _rows_of(vectors, words)
    wanted = len(vectors) if others else number  # words that others lack are dropped below
    found = [[vectors.row(near) for near, _ in vectors.similar(word, wanted)] for word in words]
    if others:
        found = [list(islice(_shared(vectors, each, others), number)) for each in found]
    turns = [row for turn in zip_longest(*found) for row in turn if row is not None]
    return list(dict.fromkeys(rows + turns))[: max(number, len(rows))]
