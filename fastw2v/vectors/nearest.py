"""The rows nearest to questions: all rows are compared, and the answers are exact.

Cosines are first computed in float32, for blocks of rows and questions. What rounding can change
decides nothing: every row that may be among the best by that is scored again in float64. Memory is
bounded by the blocks, however many rows and questions there are, and rows in a file are read
block by block.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.matrix.norms import blocks, in_float32_range, to_unit

QUERIES = 512  # vectors of questions compared with a block of rows at once
_LOWEST = -2.0  # below any score


class Space(NamedTuple):
    """The rows that are compared."""

    matrix: np.ndarray  # (V, D) float32, or rows in a file
    norms: np.ndarray  # (V' <= V,) float64 of `row_norms`; only the first V' rows are compared


class Queries(NamedTuple):
    """Q questions of T vectors each."""

    vectors: np.ndarray  # (Q, T, D) float64, of length 1 or 0
    excluded: list[list[int]]  # for each question the rows that cannot be its answer


class Answer(NamedTuple):
    """The best rows for one question: falling scores, of equal ones the lower row first."""

    rows: np.ndarray  # (n,) int64
    scores: np.ndarray  # (n,) float64


@dataclass(frozen=True)
class Cosine:
    """The score of a row is its cosine to the question's only vector."""

    def approximate(self, cosines: np.ndarray, error: float):
        """Scores, and how far they may be off.

        cosines: (Q, 1, R) float32, none further from the truth than ``error``.
        """
        return cosines[:, 0], error

    def exact(self, cosines: np.ndarray) -> np.ndarray:
        """(K,) float64 scores. cosines: (K, 1) float64."""
        return cosines[:, 0]


@dataclass(frozen=True)
class Product:
    """The score is a product of cosines divided by another, all shifted to between 0 and 1.

    3CosMul: Levy, Goldberg 2014, "Linguistic regularities in sparse and explicit word
    representations", section 6.

    multiplied: so many of the question's vectors, the first, are multiplied; the others divide.
    epsilon: added to the divisor, so that it is never 0.
    """

    multiplied: int
    epsilon: float = 0.001

    def approximate(self, cosines: np.ndarray, error: float):
        """As `Cosine.approximate`. cosines: (Q, T, R)."""
        above, below = self._parts(np.moveaxis(cosines, 1, 0))
        scores = above / below
        # No factor is above 1: a product of k of them is off by k times what each is. What the
        # arithmetic here rounds is little beside it.
        off_above = error / 2 * self.multiplied
        off_below = error / 2 * (cosines.shape[1] - self.multiplied)
        slack = (off_above + scores * off_below) / np.maximum(below - off_below, self.epsilon)
        return scores, slack

    def exact(self, cosines: np.ndarray) -> np.ndarray:
        """As `Cosine.exact`. cosines: (K, T)."""
        above, below = self._parts(cosines.T)
        return above / below

    def _parts(self, cosines: np.ndarray):
        """Dividend and divisor. cosines: (T, ...)."""
        factors = [np.maximum(0.5 * term + 0.5, 0) for term in cosines]
        above = math.prod(factors[: self.multiplied])
        return above, math.prod(factors[self.multiplied :]) + self.epsilon


COSINE = Cosine()


def nearest(space: Space, questions: Queries, n: int, rule=COSINE) -> list[Answer]:
    """The ``n`` best rows for each question, fewer where there are not so many.

    Zero rows have cosine 0 to everything; rows with NaN or infinity are never an answer.
    """
    at_once = max(1, QUERIES // max(1, questions.vectors.shape[1]))
    answers: list[Answer] = []
    for start in range(0, len(questions.vectors), at_once):
        part = Queries(*(each[start : start + at_once] for each in questions))
        best = _Best(space, part, n, rule)
        for first_row, scores, slack in _scores(space, part, rule):
            best.take(first_row, scores, slack)
        answers += best.answers()
    return answers


def all_scores(space: Space, vectors: np.ndarray, rule=COSINE) -> np.ndarray:
    """(V,) float32: the scores of all rows for one question; NaN for rows with NaN or infinity.

    vectors: (T, D) float64, of length 1 or 0. The scores are as exact as float32 products are.
    """
    result = np.empty(len(space.norms), np.float32)
    for start, scores, _ in _scores(space, Queries(vectors[None], [[]]), rule):
        result[start : start + scores.shape[1]] = scores[0]
    result[np.isnan(space.norms)] = np.nan
    return result


def exact_cosines(matrix, rows: np.ndarray, vectors: np.ndarray, which: np.ndarray) -> np.ndarray:
    """(K, T) float64: cosines of row ``rows[k]`` to the vectors of question ``which[k]``.

    vectors: (Q, T, D) float64. Equal rows get equal cosines, wherever they stand.
    """
    count, terms, dimensions = len(rows), *vectors.shape[1:]
    cosines = np.empty((count, terms))
    for start, stop in blocks(count, terms * dimensions):
        unit = to_unit(matrix[rows[start:stop]], np.float64)
        # Not a matrix product: that sums a row in an order that depends on where it stands.
        products = unit[:, None] * vectors[which[start:stop]]
        cosines[start:stop] = products.sum(axis=2)
    return cosines.clip(-1.0, 1.0)


def _scores(space: Space, questions: Queries, rule) -> Iterator[tuple]:
    """Blocks of rows: the first row, scores (Q, R), and how far off they may be at most.

    Rows that cannot be an answer have minus infinity.
    """
    count, terms, dimensions = questions.vectors.shape
    vectors = questions.vectors.reshape(count * terms, dimensions)
    vectors32 = vectors.astype(np.float32)
    # Sums of D rounded products, the length likewise: twice their largest error and some more.
    error = (dimensions + 8) * 2.0**-23
    excluded = [(which, row) for which, rows in enumerate(questions.excluded) for row in rows]
    out_of, out_rows = np.array(excluded, np.int64).reshape(-1, 2).T
    matrix, norms = space
    for start, stop in blocks(len(norms), dimensions):
        block = matrix[start:stop]
        cosines = _cosines(block, norms[start:stop], vectors, vectors32)
        scores, slack = rule.approximate(cosines.reshape(count, terms, len(block)), error)
        scores[:, np.isnan(norms[start:stop])] = -np.inf
        inside = (out_rows >= start) & (out_rows < stop)
        scores[out_of[inside], out_rows[inside] - start] = -np.inf
        yield start, scores, slack


def _cosines(block, norms, vectors, vectors32) -> np.ndarray:
    """(Q * T, R) float32; 0 for rows without a direction."""
    fit = in_float32_range(norms)
    with np.errstate(all="ignore"):  # rows that do not fit are done anew
        cosines = vectors32 @ block.T
        cosines *= np.where(fit, 1 / norms, 0).astype(np.float32)
    if not fit.all():
        odd = np.flatnonzero(~fit)
        cosines[:, odd] = vectors @ to_unit(block[odd], np.float64).T
    return cosines


class _Best:
    """The best rows so far for each of Q questions."""

    def __init__(self, space: Space, questions: Queries, n: int, rule):
        self.matrix, self.questions, self.n, self.rule = space.matrix, questions, n, rule
        self.count = len(questions.vectors)
        # Of each question n rows are known that score so much or more.
        self.floors = np.full(self.count, _LOWEST)
        # What is settled, sorted by question, then score; and what is only known to be good enough.
        self.which, self.rows = np.empty(0, np.int64), np.empty(0, np.int64)
        self.scores = np.empty(0)
        self.waiting: list[tuple[np.ndarray, np.ndarray]] = []

    def take(self, first_row: int, scores: np.ndarray, slack) -> None:
        """Look at a block. scores: (Q, R). slack: scalar or (Q, R), how far they may be off."""
        width = scores.shape[1]
        if width > self.n and (self.floors == _LOWEST).any():
            surest = np.partition(scores - slack, width - self.n, axis=1)[:, width - self.n]
            self.floors = np.maximum(self.floors, surest)
        least = np.asarray(self.floors[:, None] - slack).astype(scores.dtype)
        which, places = np.divmod(np.flatnonzero(scores >= least), width)
        if len(which):
            self.waiting.append((which, first_row + places))
        if sum(len(which) for which, _ in self.waiting) > 2 * self.n * self.count:
            self.settle()

    def settle(self) -> None:
        """Score what waits exactly, and keep the best."""
        which, rows = (np.concatenate(parts) for parts in zip(*self.waiting, strict=True))
        self.waiting = []
        cosines = exact_cosines(self.matrix, rows, self.questions.vectors, which)
        which = np.concatenate([self.which, which])
        rows = np.concatenate([self.rows, rows])
        scores = np.concatenate([self.scores, self.rule.exact(cosines)])
        order = np.lexsort((rows, -scores, which))
        which, rows, scores = which[order], rows[order], scores[order]
        rank = np.arange(len(which)) - np.searchsorted(which, which)
        kept = rank < self.n
        self.which, self.rows, self.scores = which[kept], rows[kept], scores[kept]
        last = rank == self.n - 1
        self.floors[which[last]] = np.maximum(self.floors[which[last]], scores[last])

    def answers(self) -> list[Answer]:
        if self.waiting:
            self.settle()
        bounds = np.searchsorted(self.which, np.arange(self.count + 1))
        return [
            Answer(self.rows[start:stop], self.scores[start:stop])
            for start, stop in itertools.pairwise(bounds)
        ]
