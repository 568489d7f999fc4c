"""Near ties, resolved with the arithmetic of the other program.

The results of `search` are correct except for scores that nearly tie. Those are recomputed here, so
that the counts equal the other program's whatever the library for matrix products.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fastw2v.evaluation.search import Block, blocks_of
from fastw2v.matrix.arrays import Array
from fastw2v.vectors.c_rounding import sums, unit_rows
from fastw2v.vectors.sparse_vectors import AnyRows

_QUESTIONS = 256  # processed at once
_GENSIM_ROWS = 5  # of the list of nearest rows that gensim checks
_GENSIM_BLOCK = 8192  # rows multiplied at once
_SCORES = 1 << 23  # scores in memory at once


class Known(NamedTuple):
    """The rows that are searched: the first ``rows`` of ``matrix``.

    matrix: (V, D) float32, `MappedRows` or `SparseRows`.
    spellings: (rows,) int32, the spelling of each row; -1 if it is not in the questions.
    """

    matrix: AnyRows
    rows: int
    spellings: Array


class Ties(NamedTuple):
    """Questions whose best scores nearly tie.

    asked: (n, 3) int64, rows of a, b and c. spellings: (n, 3) int64, their spellings.
    floor: (n,) float32, the lowest score of a candidate.
    """

    asked: Array
    spellings: Array
    floor: Array


# --- the C program ----------------------------------------------------------------------------


def resolve_as_c(known: Known, ties: Ties) -> Array:
    """(n,) int64: the spelling of the C program's answer; -1 if it is not in the questions.

    As by its strict build: float32, summed sequentially. -1 also if no row scores above 0.
    """
    best = np.zeros(len(ties.asked), np.float32)
    row = np.full(len(ties.asked), -1)
    with np.errstate(all="ignore"):
        for block in blocks_of(known.matrix, known.rows):
            stop = block.start + len(block.unit)
            exact = unit_rows(known.matrix[block.start : stop])
            for first in range(0, len(row), _QUESTIONS):
                part = slice(first, first + _QUESTIONS)
                a, b, c = (unit_rows(known.matrix[rows]) for rows in ties.asked[part].T)
                some = Ties(*(each[part] for each in ties))
                _update_best_as_c(some, (b - a) + c, block, exact, best[part], row[part])
    return np.where(row >= 0, known.spellings[row], -1)


def _update_best_as_c(
    ties: Ties,
    wanted: Array,
    block: Block,
    exact: Array,
    best: Array,
    row: Array,
) -> None:
    """Update ``best`` and ``row`` of each question with a block of rows.

    wanted: (n, D) float32, b - a + c. exact: (m, D) float32, the rows as the C program scales them.
    """
    near = wanted @ block.unit.T >= ties.floor[:, None]
    for question in np.flatnonzero(near.any(axis=1)):
        places = np.flatnonzero(near[question])
        places = places[~np.isin(places, ties.asked[question] - block.start)]
        scores = sums(exact[places] * wanted[question])
        better = np.flatnonzero(scores > best[question])
        if len(better):
            first = better[scores[better].argmax()]  # ties: the first
            best[question], row[question] = scores[first], block.start + places[first]


# --- gensim -----------------------------------------------------------------------------------


def resolve_as_gensim(known: Known, ties: Ties) -> Array:
    """(n,) int64: the spelling of gensim's answer; -1 if it is not in the questions.

    gensim takes the first of the five nearest rows, excluding a, b and c, that is not spelled like
    one of them; otherwise the fifth.
    """
    answers = np.full(len(ties.asked), -1)
    together = max(1, _SCORES // max(1, known.rows))
    with np.errstate(all="ignore"):
        norms = _gensim_norms(known)
        directions = _gensim_directions(known, ties, norms)
        for first in range(0, len(answers), together):
            scores = _gensim_scores(known, directions[first : first + together], norms)
            for question, own in enumerate(scores, first):
                own[ties.asked[question]] = -np.inf
                answers[question] = _gensim_pick(known, own, ties.spellings[question])
    return answers


def _gensim_pick(known: Known, scores: Array, excluded: Array) -> int:
    """scores: (rows,) float32; overwritten. excluded: the spellings of a, b and c."""
    answer = -1
    for _ in range(_GENSIM_ROWS):
        row = scores.argmax()
        if scores[row] == -np.inf:
            break
        answer = known.spellings[row]
        if answer not in excluded:
            break
        scores[row] = -np.inf
    return answer


def _gensim_norms(known: Known) -> Array:
    """(rows,) float32: the norm of each row."""
    norms = [np.linalg.norm(block, axis=1) for _, block in _gensim_blocks(known)]
    return np.concatenate([np.empty(0, np.float32), *norms])


def _gensim_directions(known: Known, ties: Ties, norms: Array) -> Array:
    """(n, D) float32: the mean of the unit vectors b, c and -a, scaled to norm 1."""
    a, b, c = (known.matrix[rows] / norms[rows, None] for rows in ties.asked.T)
    mean = (b + c - a).astype(np.float64) / 3
    mean_norms = np.linalg.norm(mean, axis=1)
    scaled = mean * (1 / np.where(mean_norms > 0, mean_norms, 1))[:, None]
    return np.asarray(scaled, np.float32)


def _gensim_scores(known: Known, directions: Array, norms: Array) -> Array:
    """(n, rows) float32: cosines; minus infinity for zero rows and those with NaN."""
    scores = np.empty((len(directions), known.rows), np.float32)
    for start, block in _gensim_blocks(known):
        columns = slice(start, start + len(block))
        for own, direction in zip(scores, directions, strict=True):
            # One direction at a time: a matrix product rounds differently.
            own[columns] = block @ direction / norms[columns]
    scores[np.isnan(scores)] = -np.inf
    return scores


def _gensim_blocks(known: Known) -> Iterator[tuple[int, Array]]:
    for start in range(0, known.rows, _GENSIM_BLOCK):
        yield start, known.matrix[start : min(start + _GENSIM_BLOCK, known.rows)]
