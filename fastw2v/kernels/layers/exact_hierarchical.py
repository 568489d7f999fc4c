"""Hierarchical softmax in the exact path, for one hidden row: node after node, as the C program."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.exact_rows import sum_scores, update_rows
from fastw2v.kernels.sigmoid import LIMIT, from_table

_HIGH, _LOW = np.float32(LIMIT), np.float32(-LIMIT)


@compiled(inline=True)
def train_path_exactly(hierarchical, centre, hidden, own, alpha):
    """Hierarchical softmax: nodes with a score outside the limits are skipped."""
    start = hierarchical.start[centre]
    targets = hierarchical.start[centre + 1] - start
    for k in range(targets):
        own.rows[k] = hierarchical.steps[start + k] >> 1
    sum_scores(hidden, hierarchical.outputs, own.rows[:targets], own.scores)
    for k in range(targets):
        label = np.float32(1 - (hierarchical.steps[start + k] & 1))
        if own.scores[k] > _LOW and own.scores[k] < _HIGH:
            gradient = (label - from_table(own.scores[k])) * alpha
            update_rows(hidden, own.error, hierarchical.outputs[own.rows[k]], gradient)
