"""Negative sampling in the exact path, for one hidden row: row after row, as the C program."""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.exact_rows import sum_score, sum_scores, update_rows
from fastw2v.kernels.sigmoid import LIMIT, from_table
from fastw2v.model.matrices import Model
from fastw2v.model.noise import C_TABLE_SIZE, c_table_ends
from fastw2v.model.rng import draw_c
from fastw2v.settings import Settings

_GUIDE_SHIFT = 10  # a guide entry for every 1,024 entries of the C program's table

_HIGH, _LOW = np.float32(LIMIT), np.float32(-LIMIT)
_ONE, _ZERO = np.float32(1), np.float32(0)
_16 = np.uint64(16)


class ExactNegative(NamedTuple):
    """The C program's noise table by its boundaries: it has 100 million entries."""

    outputs: np.ndarray  # (V, P) float32
    ends: np.ndarray  # (V,) int64, where each word's stretch of the table ends
    guide: np.ndarray  # int32, the word at every so-many-th entry of the table
    draws: int


def new_exact_negative(counts: np.ndarray, model: Model, settings: Settings) -> ExactNegative:
    ends = c_table_ends(counts)
    entries = np.arange(0, C_TABLE_SIZE, 1 << _GUIDE_SHIFT)
    guide = np.searchsorted(ends, entries, side="right").astype(np.int32)
    return ExactNegative(model.outputs, ends, guide, settings.negative)


@compiled(inline=True)
def train_sampled_exactly(negative, centre, hidden, own, alpha):
    """Negative sampling: the centre word, then the noise, in the order drawn."""
    rows, scores = own.rows, own.scores
    targets = _draw_noise(centre, rows, own.random, negative)
    sum_scores(hidden, negative.outputs, rows[:targets], scores)
    for k in range(targets):
        output = negative.outputs[rows[k]]
        if _seen_before(rows, k):  # its row has changed since all scores were summed
            scores[k] = sum_score(hidden, output)
        label = _ONE if k == 0 else _ZERO
        update_rows(hidden, own.error, output, (label - _clipped(scores[k])) * alpha)


@compiled(inline=True)
def _draw_noise(centre, rows, random, negative):
    """Fill ``rows`` with the centre word and its noise; draws of the centre word are left out."""
    rows[0] = centre
    targets = 1
    words = negative.ends.shape[0]
    for _ in range(negative.draws):
        bits = draw_c(random)
        entry = np.int64((bits >> _16) % np.uint64(C_TABLE_SIZE))
        word = np.int64(negative.guide[entry >> _GUIDE_SHIFT])
        while entry >= negative.ends[word]:
            word += 1
        if word == 0:
            word = np.int64(bits % np.uint64(words - 1)) + 1
        if word != centre:
            rows[targets] = word
            targets += 1
    return targets


@compiled(inline=True)
def _seen_before(rows, k):
    for earlier in range(k):  # noqa: SIM110 (any() over a generator does not compile)
        if rows[earlier] == rows[k]:
            return True
    return False


@compiled(inline=True)
def _clipped(score):
    if score > _HIGH:
        return _ONE
    if score >= _LOW:
        return from_table(score)
    return _ZERO
