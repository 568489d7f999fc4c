"""The atom in which all models meet: a few hidden rows learn to score a few output rows.

Skip-gram brings one hidden row for each context word, CBOW one for the whole window; negative
sampling brings the centre word and its noise as output rows, hierarchical softmax the nodes of
the centre word's path. All scores are taken before anything changes ("HogBatch", Ji, Satish,
Li, Dubey 2016, "Parallelizing Word2Vec in Shared and Distributed Memory"); errors are summed,
not averaged, so the learning rate means what it means in the C program.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.rows import add_scaled, dot
from fastw2v.kernels.sigmoid import logistic_loss, sigmoid


@compiled(fast=True)
def train_outputs(work, inputs, outputs, targets, alpha):
    """One step of logistic regression of every hidden row on every target row.

    inputs, targets: how many of ``work.hidden`` and of ``work.rows`` are in use; the rows are
    distinct. outputs: (V, P) float32, changed in place. ``work.error`` gains what the hidden
    rows are to be moved by. alpha: float32.
    """
    hidden, error, scores = work.hidden, work.error, work.scores
    for i in range(inputs):
        for k in range(targets):
            probability = sigmoid(dot(hidden[i], outputs[work.rows[k]]))
            scores[i, k] = (work.labels[k] - probability) * alpha * work.weights[k]
    for k in range(targets):
        output = outputs[work.rows[k]]
        for i in range(inputs):
            add_scaled(error[i], scores[i, k], output)
        for i in range(inputs):
            add_scaled(output, scores[i, k], hidden[i])


@compiled
def outputs_loss(work, inputs, outputs, targets):
    """The logistic loss summed over all pairs of hidden and target rows, float64."""
    loss = 0.0
    for i in range(inputs):
        for k in range(targets):
            score = dot(work.hidden[i], outputs[work.rows[k]])
            loss += logistic_loss(score, work.labels[k]) * np.float64(work.weights[k])
    return loss
