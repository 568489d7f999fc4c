"""The exact path's two output layers for one hidden row: row after row, as the C program."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.sigmoid import LIMIT, from_table
from fastw2v.model.noise import C_TABLE_SIZE
from fastw2v.model.rng import draw_c

GUIDE_SHIFT = 10  # a guide entry for every 1,024 entries of the C program's table

_HIGH, _LOW = np.float32(LIMIT), np.float32(-LIMIT)
_ONE, _ZERO = np.float32(1), np.float32(0)
_16 = np.uint64(16)


@compiled(inline=True)
def train_path_exactly(centre, hidden, own, alpha, hierarchical):
    """Hierarchical softmax: nodes with a score outside the limits are skipped."""
    start = hierarchical.start[centre]
    targets = hierarchical.start[centre + 1] - start
    for k in range(targets):
        own.rows[k] = hierarchical.steps[start + k] >> 1
    scores = own.labels  # their place is free: here labels are read where they are
    _sum_scores(hidden, hierarchical.outputs, own.rows[:targets], scores)
    for k in range(targets):
        label = np.float32(1 - (hierarchical.steps[start + k] & 1))
        if scores[k] > _LOW and scores[k] < _HIGH:
            gradient = (label - from_table(scores[k])) * alpha
            _update(hidden, own.error, hierarchical.outputs[own.rows[k]], gradient)


@compiled(inline=True)
def train_sampled_exactly(centre, hidden, own, alpha, negative):
    """Negative sampling: the centre word, then the noise, in the order drawn."""
    rows, scores = own.rows, own.labels  # as above
    targets = _draw_noise(centre, rows, own.random, negative)
    _sum_scores(hidden, negative.outputs, rows[:targets], scores)
    for k in range(targets):
        output = negative.outputs[rows[k]]
        if _seen_before(rows, k):  # its row has changed since all scores were summed
            scores[k] = _sum_score(hidden, output)
        label = _ONE if k == 0 else _ZERO
        _update(hidden, own.error, output, (label - _clipped(scores[k])) * alpha)


@compiled(inline=True)
def _draw_noise(centre, rows, random, negative):
    """Fill ``rows`` with the centre word and its noise; draws of the centre word are left out."""
    rows[0] = centre
    targets = 1
    words = negative.ends.shape[0]
    for _ in range(negative.draws):
        bits = draw_c(random)
        entry = np.int64((bits >> _16) % np.uint64(C_TABLE_SIZE))
        word = np.int64(negative.guide[entry >> GUIDE_SHIFT])
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


@compiled(inline=True)
def _update(hidden, error, output, gradient):
    for d in range(hidden.shape[0]):
        error[d] += gradient * output[d]
    for d in range(hidden.shape[0]):
        output[d] += gradient * hidden[d]


@compiled(inline=True)
def _sum_score(hidden, output):
    score = _ZERO
    for d in range(hidden.shape[0]):
        score += hidden[d] * output[d]
    return score


@compiled(inline=True)
def _sum_scores(hidden, outputs, rows, scores):
    """Scores of several rows. Three chains run side by side: one alone would wait, at each of
    its additions, for the one before."""
    threes = rows.shape[0] // 3 * 3
    for k in range(0, threes, 3):
        first, second, third = outputs[rows[k]], outputs[rows[k + 1]], outputs[rows[k + 2]]
        score1 = score2 = score3 = _ZERO
        for d in range(hidden.shape[0]):
            score1 += hidden[d] * first[d]
            score2 += hidden[d] * second[d]
            score3 += hidden[d] * third[d]
        scores[k], scores[k + 1], scores[k + 2] = score1, score2, score3
    for k in range(threes, rows.shape[0]):
        scores[k] = _sum_score(hidden, outputs[rows[k]])
