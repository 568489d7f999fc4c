"""Rows in the exact path: scores and updates, element after element as in the C program."""

import numpy as np

from fastw2v.jit.compiled import compiled

_ZERO = np.float32(0)


@compiled(inline=True)
def update_rows(hidden, error, output, gradient):
    for d in range(hidden.shape[0]):
        error[d] += gradient * output[d]
    for d in range(hidden.shape[0]):
        output[d] += gradient * hidden[d]


@compiled(inline=True)
def sum_score(hidden, output):
    score = _ZERO
    for d in range(hidden.shape[0]):
        score += hidden[d] * output[d]
    return score


@compiled(inline=True)
def sum_scores(hidden, outputs, rows, scores):
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
        scores[k] = sum_score(hidden, outputs[rows[k]])
