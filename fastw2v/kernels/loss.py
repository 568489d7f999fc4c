"""The logistic loss of both paths, without a table."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.architectures import hidden_row
from fastw2v.kernels.rows import dot
from fastw2v.model.elementary import exp, log


@compiled(inline=True)
def targets_loss(window, shared, own, outputs, targets, offsets=None):
    """The logistic loss of the window's hidden rows, summed over all targets in ``own``; float64.

    outputs: (V, P), the matrix of the targets' rows. targets: how many.
    offsets: as for `fastw2v.kernels.logistic.train_targets`.
    """
    loss = 0.0
    for i in range(window.inputs):
        hidden = hidden_row(i, shared, own)
        for k in range(targets):
            score = dot(hidden, outputs[own.rows[k]], own.portable)
            if offsets is not None:
                score -= offsets[k]
            loss += logistic_loss(score, own.labels[k]) * np.float64(own.weights[k])
    return loss


@compiled(inline=True)
def logistic_loss(score, label):
    """-label log(sigmoid(score)) - (1 - label) log(1 - sigmoid(score)); label: from 0 to 1;
    float64."""
    label = np.float64(label)
    loss = 0.0
    if label > 0:
        loss += label * _softplus(-np.float64(score))
    if label < 1:
        loss += (1 - label) * _softplus(np.float64(score))
    return loss


@compiled(inline=True)
def _softplus(x):
    """log(1 + exp(x)), without overflow."""
    return log(1.0 + exp(-abs(x))) + max(x, 0.0)
