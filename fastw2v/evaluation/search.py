"""Search of the rows nearest to b - a + c, for many questions at once in bounded memory.

Since questions share words, the products of all distinct words with a block of rows are computed
once; the score of a question is a sum of three of them.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.vectors.sparse_vectors import AnyRows, SparseRows

_ROWS = 8192  # of the vocabulary, processed at once
_WORDS = 1024  # distinct words processed at once; their products with the rows take 32 MB
_QUESTIONS = 16  # scored at once, so that scores stay in the cache


class Excluded(NamedTuple):
    """Rows that cannot be the answer, by question: n questions, m rows in total.

    starts: (n + 1,) int64, the start of the rows of each question.
    questions, rows: (m,) int64.
    """

    starts: Array
    questions: Array
    rows: Array


class Nearest(NamedTuple):
    """Search results for n questions.

    row: (n,) int64, the nearest row, ties by lower row; -1 if all are excluded.
    score: (n,) float32, its score: unit vector times the sum of three unit vectors.
    second: (n,) float32, the score of the second nearest row; minus infinity if there is none.
    """

    row: Array
    score: Array
    second: Array


class Block(NamedTuple):
    """Some rows of a matrix, scaled to norm 1.

    start: the number of the first. unit: (m, D) float32, or `SparseRows`.
    empty: (m,) bool, those without a direction: zeros, or with NaN or infinity in them.
    """

    start: int
    unit: Any
    empty: Array


class _Batch(NamedTuple):
    """Consecutive questions, from number ``first``, with few distinct words.

    words: (w,) int64, the rows of the words. terms: (n, 3) int64, numbers of a, b, c in ``words``.
    """

    first: int
    words: Array
    terms: Array


def margin(dimensions: int) -> float:
    """Scores that differ by less than this may be in the wrong order due to rounding.

    Each is a sum of D rounded float32 products; the margin is far above the actual errors.
    """
    return (dimensions + 8) * 2.0**-22


def blocks_of(matrix: AnyRows, rows: int) -> Iterator[Block]:
    """The first ``rows`` rows, block by block.

    matrix: (V, D) float32, `MappedRows` or `SparseRows`.
    """
    for start in range(0, rows, _ROWS):
        unit = _unit_rows(matrix, start, min(start + _ROWS, rows))
        yield Block(start, unit, np.logical_not(unit.any(axis=1)))


def _unit_rows(matrix: AnyRows, start: int, stop: int) -> Any:
    if isinstance(matrix, SparseRows):
        return matrix.unit(slice(start, stop))
    unit = np.empty((stop - start, matrix.shape[1]), np.float32)
    for first, last in blocks(*unit.shape):  # to_unit needs several times their memory
        unit[first:last] = to_unit(matrix[start + first : start + last])
    return unit


def _products(matrix: AnyRows, words: Array, block: Block) -> Array:
    """(w, m) float32: the unit rows ``words`` times those of a block."""
    if isinstance(matrix, SparseRows):
        products: Array = block.unit.products(matrix.unit(words))
        return products
    return np.asarray(to_unit(matrix[words]) @ block.unit.T)


def nearest(matrix: AnyRows, rows: int, asked: Array, excluded: Excluded) -> Nearest:
    """The nearest of the first ``rows`` rows to b - a + c, of unit vectors, for n questions.

    matrix: (V, D) float32, `MappedRows` or `SparseRows`. asked: (n, 3) int64, rows of a, b and c.
    Zero rows and those with NaN or infinity are never found.
    """
    found = Nearest(
        np.full(len(asked), -1),
        np.full(len(asked), -np.inf, np.float32),
        np.full(len(asked), -np.inf, np.float32),
    )
    batches = list(_batches(asked))
    if not batches:
        return found
    for block in blocks_of(matrix, rows):
        for batch in batches:
            products = _products(matrix, batch.words, block)
            _answer(found, batch, block, products, excluded)
    return found


def _batches(asked: Array) -> Iterator[_Batch]:
    """All questions, in batches with at most `_WORDS` distinct words."""
    first = 0
    words: set[int] = set()
    for number, question in enumerate(asked.tolist()):
        words.update(question)
        if len(words) > _WORDS:
            yield _batch(asked, first, number)
            first, words = number, set(question)
    if len(asked):
        yield _batch(asked, first, len(asked))


def _batch(asked: Array, first: int, end: int) -> _Batch:
    words, terms = np.unique(asked[first:end], return_inverse=True)
    return _Batch(first, words, terms.reshape(-1, 3))


def _answer(
    found: Nearest, batch: _Batch, block: Block, products: Array, excluded: Excluded
) -> None:
    """Update ``found`` with a block. products: (w, m) float32, of the words of the batch."""
    some_empty = bool(block.empty.any())
    for offset in range(0, len(batch.terms), _QUESTIONS):
        a, b, c = batch.terms[offset : offset + _QUESTIONS].T
        scores = products[b]
        scores -= products[a]
        scores += products[c]
        if some_empty:
            scores[:, block.empty] = -np.inf
        first = batch.first + offset
        questions = slice(first, first + len(scores))
        _leave_out(scores, questions, block.start, excluded)
        _keep_best(found, questions, block.start, scores)


def _leave_out(scores: Array, questions: slice, start: int, excluded: Excluded) -> None:
    entries = slice(excluded.starts[questions.start], excluded.starts[questions.stop])
    columns = excluded.rows[entries] - start
    here = (columns >= 0) & (columns < scores.shape[1])
    scores[excluded.questions[entries][here] - questions.start, columns[here]] = -np.inf


def _keep_best(found: Nearest, questions: slice, start: int, scores: Array) -> None:
    """scores: (n, m) float32, of the rows from ``start``; overwritten."""
    column = scores.argmax(axis=1)  # ties: the first
    lines = np.arange(len(scores))
    score = scores[lines, column]
    scores[lines, column] = -np.inf
    before = found.score[questions]
    better = score > before
    second = np.where(better, np.maximum(before, scores.max(axis=1)), score)
    found.second[questions] = np.maximum(found.second[questions], second)
    found.row[questions] = np.where(better, start + column, found.row[questions])
    found.score[questions] = np.where(better, score, before)
