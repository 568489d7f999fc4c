"""The logistic loss of both paths, without a table."""

import math

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.architectures import hidden_row
from fastw2v.kernels.rows import dot


@compiled(inline=True)
def targets_loss(window, shared, own, outputs, targets):
    """The logistic loss of the window's hidden rows, summed over all targets in ``own``; float64.

    outputs: (V, P), the matrix of the targets' rows. targets: how many.
    """
    loss = 0.0
    for i in range(window.inputs):
        hidden = hidden_row(i, shared, own)
        for k in range(targets):
            score = dot(hidden, outputs[own.rows[k]])
            loss += logistic_loss(score, own.labels[k]) * np.float64(own.weights[k])
    return loss


@compiled(inline=True)
def logistic_loss(score, label):
    """-log of the probability that the logistic function gives to ``label``, 0 or 1; float64."""
    towards = np.float64(score) if label > 0.5 else -np.float64(score)
    if towards > 0:
        return math.log1p(math.exp(-towards))
    return math.log1p(math.exp(towards)) - towards
