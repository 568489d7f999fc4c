"""Exact nearest neighbours by exhaustive search.

Scores are first computed in float32, for blocks of rows and queries, with a bound of their rounding
error. Every row that may be among the best within that bound is scored again in float64. Memory is
bounded by the block size, whatever the number of rows and queries; rows in a file are read block by
block.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import blocks, in_float32_range, to_unit

Neighbours = list[tuple[str, float]]  # words and scores, decreasing; ties by lower row
QUERIES = 512  # query vectors compared with a block of rows at once
_LOWEST = -2.0  # below any score


class Space(NamedTuple):
    """The rows that are searched."""

    matrix: Matrix  # (V, D) float32
    norms: Array  # (V' <= V,) float64 of `row_norms`, of the rows that are searched
    rows: Array | None = None  # (V',) int64, their distinct numbers; None: the first V' rows

    def block(self, start: int, stop: int) -> Array:
        """(stop - start, D) float32: the searched rows at these places, counted from 0."""
        return self.matrix[slice(start, stop) if self.rows is None else self.rows[start:stop]]

    def numbers(self, places: Array) -> Array:
        """(n,) int64: the row numbers of places among the searched rows."""
        return places if self.rows is None else self.rows[places]

    def places(self, numbers: Array) -> Array:
        """(n,) int64: the places of row numbers among the searched rows; -1 if not searched."""
        if self.rows is None:
            return numbers
        if not len(self.rows):
            return np.full(len(numbers), -1)
        order = np.argsort(self.rows)
        found = np.searchsorted(self.rows, numbers, sorter=order)
        found = order[np.minimum(found, len(order) - 1)]
        return np.where(self.rows[found] == numbers, found, -1)


class Queries(NamedTuple):
    """Q queries of T vectors each."""

    vectors: Array  # (Q, T, D) float64, of norm 1 or 0
    excluded: list[list[int]]  # for each query, rows that are not answers


class Answer(NamedTuple):
    """The best rows for one query: by decreasing score, ties by lower row."""

    rows: Array  # (n,) int64
    scores: Array  # (n,) float64


@dataclass(frozen=True)
class Cosine:
    """The score of a row is its cosine to the single vector of the query."""

    def approximate(self, cosines: Array, error: float):
        """Scores, and bounds of their errors.

        cosines: (Q, 1, R) float32, with an absolute error of at most ``error``.
        """
        return cosines[:, 0], error

    def exact(self, cosines: Array) -> Array:
        """(K,) float64 scores. cosines: (K, 1) float64."""
        return cosines[:, 0]


@dataclass(frozen=True)
class Product:
    """The score is a quotient of products of cosines, each shifted to between 0 and 1.

    3CosMul: Levy, Goldberg 2014, "Linguistic regularities in sparse and explicit word
    representations", section 6.

    multiplied: the first ``multiplied`` vectors of a query are factors of the dividend, the others
        of the divisor.
    epsilon: added to the divisor, so that it is never 0.
    """

    multiplied: int
    epsilon: float = 0.001

    def approximate(self, cosines: Array, error: float):
        """As `Cosine.approximate`. cosines: (Q, T, R)."""
        above, below = self._parts(np.moveaxis(cosines, 1, 0))
        scores = above / below
        # Factors are at most 1, so the error of a product of k of them is at most k times theirs.
        # The rounding of the products themselves is negligible.
        error_above = error / 2 * self.multiplied
        error_below = error / 2 * (cosines.shape[1] - self.multiplied)
        slack = (error_above + scores * error_below) / np.maximum(below - error_below, self.epsilon)
        return scores, slack

    def exact(self, cosines: Array) -> Array:
        """As `Cosine.exact`. cosines: (K, T)."""
        above, below = self._parts(cosines.T)
        return above / below

    def _parts(self, cosines: Array):
        """Dividend and divisor. cosines: (T, ...)."""
        factors = [np.maximum(0.5 * term + 0.5, 0) for term in cosines]
        above = math.prod(factors[: self.multiplied])
        return above, math.prod(factors[self.multiplied :]) + self.epsilon


COSINE = Cosine()
Score = Cosine | Product


def nearest(space: Space, queries: Queries, n: int, rule: Score = COSINE) -> list[Answer]:
    """The ``n`` best rows for each query, or all if there are fewer.

    Zero rows have cosine 0 to everything; rows with NaN or infinity are excluded.
    """
    at_once = max(1, QUERIES // max(1, queries.vectors.shape[1]))
    answers: list[Answer] = []
    for start in range(0, len(queries.vectors), at_once):
        part = Queries(*(each[start : start + at_once] for each in queries))
        best = _Best(space, part, n, rule)
        for start_place, scores, slack in _scores(space, part, rule):
            best.add(start_place, scores, slack)
        answers += best.answers()
    return answers


def all_scores(space: Space, vectors: Array, rule: Score = COSINE) -> Array:
    """(V',) float32: the scores of the searched rows for one query; NaN for rows with NaN or
    infinity.

    vectors: (T, D) float64, of norm 1 or 0. The scores have the precision of float32 products.
    """
    result = np.empty(len(space.norms), np.float32)
    for start, scores, _ in _scores(space, Queries(vectors[None], [[]]), rule):
        result[start : start + scores.shape[1]] = scores[0]
    result[np.isnan(space.norms)] = np.nan
    return result


def exact_cosines(matrix: Matrix, rows: Array, vectors: Array, which: Array) -> Array:
    """(K, T) float64: cosines of row ``rows[k]`` to the vectors of query ``which[k]``.

    vectors: (Q, T, D) float64. Equal rows get equal cosines, whatever their position.
    """
    count, terms, dimensions = len(rows), *vectors.shape[1:]
    cosines = np.empty((count, terms))
    for start, stop in blocks(count, terms * dimensions):
        unit = to_unit(matrix[rows[start:stop]], np.float64)
        # Not a matrix product, whose order of summation depends on the position of a row.
        products = unit[:, None] * vectors[which[start:stop]]
        cosines[start:stop] = products.sum(axis=2)
    return cosines.clip(-1.0, 1.0)


def closer_rows(space: Space, vector: Array, row: int) -> Array:
    """(n,) int64: the searched rows with a greater cosine to ``vector`` than ``row``, increasing.

    vector: (D,) float64, of norm 1 or 0. Close cosines are compared in float64.
    """
    query = vector[None, None]
    (least,) = exact_cosines(space.matrix, np.array([row]), query, np.array([0]))[0]
    scores = all_scores(space, vector[None])
    slack = _rounding(len(vector))
    closer = scores > least + slack
    near = np.flatnonzero(abs(scores - least) <= slack)
    cosines = exact_cosines(space.matrix, space.numbers(near), query, np.zeros(len(near), np.int64))
    closer[near] = cosines[:, 0] > least
    return np.sort(space.numbers(np.flatnonzero(closer)))


def _rounding(dimensions: int) -> float:
    """A bound of the error of sums of D rounded products and of the norm, with a margin."""
    return (dimensions + 8) * 2.0**-23


def _scores(space: Space, queries: Queries, rule: Score) -> Iterator[tuple]:
    """For blocks of rows: the first one's place, scores (Q, R), and bounds of their errors.

    Excluded rows have score minus infinity.
    """
    count, terms, dimensions = queries.vectors.shape
    vectors = queries.vectors.reshape(count * terms, dimensions)
    vectors32 = vectors.astype(np.float32)
    error = _rounding(dimensions)
    excluded = [(which, row) for which, rows in enumerate(queries.excluded) for row in rows]
    out_of, out_rows = np.array(excluded, np.int64).reshape(-1, 2).T
    out_places, norms = space.places(out_rows), space.norms
    for start, stop in blocks(len(norms), dimensions):
        block = space.block(start, stop)
        cosines = _cosines(block, norms[start:stop], vectors, vectors32)
        scores, slack = rule.approximate(cosines.reshape(count, terms, len(block)), error)
        scores[:, np.isnan(norms[start:stop])] = -np.inf
        inside = (out_places >= start) & (out_places < stop)
        scores[out_of[inside], out_places[inside] - start] = -np.inf
        yield start, scores, slack


def _cosines(block, norms, vectors, vectors32) -> Array:
    """(Q * T, R) float32; 0 for zero rows."""
    in_range = in_float32_range(norms)
    with np.errstate(all="ignore"):  # rows out of range are recomputed
        cosines = vectors32 @ block.T
        cosines *= np.where(in_range, 1 / norms, 0).astype(np.float32)
    if not in_range.all():
        odd = np.flatnonzero(~in_range)
        cosines[:, odd] = vectors @ to_unit(block[odd], np.float64).T
    return cosines


class _Best:
    """The best rows so far for each of Q queries."""

    def __init__(self, space: Space, queries: Queries, n: int, rule: Score):
        self.space, self.queries, self.n, self.rule = space, queries, n, rule
        self.count = len(queries.vectors)
        # For each query, a lower bound of the score of the n-th best row.
        self.floors = np.full(self.count, _LOWEST)
        # Rows scored exactly, sorted by query, then score; and candidates still to be scored.
        self.which, self.rows = np.empty(0, np.int64), np.empty(0, np.int64)
        self.scores = np.empty(0)
        self.candidates: list[tuple[Array, Array]] = []

    def add(self, start: int, scores: Array, slack) -> None:
        """Collect candidates of a block. scores: (Q, R). slack: error bound, scalar or (Q, R)."""
        width = scores.shape[1]
        if width > self.n and (self.floors == _LOWEST).any():
            surest = np.partition(scores - slack, width - self.n, axis=1)[:, width - self.n]
            self.floors = np.maximum(self.floors, surest)
        least = np.asarray(self.floors[:, None] - slack).astype(scores.dtype)
        which, places = np.divmod(np.flatnonzero(scores >= least), width)
        if len(which):
            self.candidates.append((which, self.space.numbers(start + places)))
        if sum(len(which) for which, _ in self.candidates) > 2 * self.n * self.count:
            self.rescore()

    def rescore(self) -> None:
        """Score the candidates exactly, and keep the best."""
        which, rows = (np.concatenate(parts) for parts in zip(*self.candidates, strict=True))
        self.candidates = []
        cosines = exact_cosines(self.space.matrix, rows, self.queries.vectors, which)
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
        if self.candidates:
            self.rescore()
        bounds = np.searchsorted(self.which, np.arange(self.count + 1))
        return [
            Answer(self.rows[start:stop], self.scores[start:stop])
            for start, stop in itertools.pairwise(bounds)
        ]
