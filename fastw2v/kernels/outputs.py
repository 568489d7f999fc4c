"""The atom in which all models meet: a few hidden rows learn to score a few output rows.

Skip-gram brings the input vectors of the context words as hidden rows, CBOW their mean; negative
sampling brings the centre word and its noise as output rows, hierarchical softmax the nodes of
the centre word's path. A tile of output rows is scored against all hidden rows before anything
changes ("HogBatch", Ji, Satish, Li, Dubey 2016, "Parallelizing Word2Vec in Shared and
Distributed Memory"); errors are summed, not averaged, so the learning rate means what it means in
the C program.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels import lanes
from fastw2v.kernels.sigmoid import logistic_loss
from fastw2v.kernels.targets import TILE, TILE_ROWS, slot_of
from fastw2v.kernels.width import BYTES, OCTET, WIDTH

_ADDRESS, _NUMBER = 8, 4  # bytes


@compiled(fast=True, hot=True)
def train_outputs(window, work, targets):
    """One step of logistic regression of the window's hidden rows on all targets, tile by tile.

    targets: how many were put into ``work``. Where a hidden row is its own error row, it moves at
    once: the next tile sees it moved.
    """
    for first in range(0, targets, TILE_ROWS):
        slot = slot_of(first)
        rows = work.target_rows.ctypes.data + _ADDRESS * slot
        _score_tile(work, window.hidden_rows, window.inputs, rows)
        _turn_into_gradients(work, window.inputs, slot, window.alpha)
        _update_tile(work, window, rows)


@compiled(fast=True, hot=True)
def _score_tile(work, hidden_rows, inputs, rows):
    """``work.gradients`` = the score of every hidden row with every row of the tile."""
    row_bytes = _NUMBER * work.spare.shape[0]
    scores = work.gradients.ctypes.data
    for i in range(0, inputs - 1, 2):  # two at a time: each target is loaded half as often
        first, second = hidden_rows[i], hidden_rows[i + 1]
        totals1 = lanes.zero_rows(TILE)
        totals2 = lanes.zero_rows(TILE)
        for offset in range(0, row_bytes, BYTES):
            outputs = lanes.load_rows(rows, offset, TILE)
            totals1 = lanes.add_products(totals1, outputs, lanes.load(first + offset))
            totals2 = lanes.add_products(totals2, outputs, lanes.load(second + offset))
        lanes.store_sums(scores + _NUMBER * OCTET * i, totals1, totals2)
    if inputs % 2 == 1:
        last = hidden_rows[inputs - 1]
        totals = lanes.zero_rows(TILE)
        for offset in range(0, row_bytes, BYTES):
            outputs = lanes.load_rows(rows, offset, TILE)
            totals = lanes.add_products(totals, outputs, lanes.load(last + offset))
        nothing = lanes.zero_rows(TILE)
        lanes.store_sums(scores + _NUMBER * OCTET * (inputs - 1), totals, nothing)


@compiled(fast=True, hot=True)
def _turn_into_gradients(work, inputs, slot, alpha):
    """(label - sigmoid(score)) * alpha * weight, for all scores of the tile."""
    labels = lanes.load_octet(work.labels.ctypes.data + _NUMBER * slot)
    weights = lanes.load_octet(work.weights.ctypes.data + _NUMBER * slot)
    rates = lanes.multiply(weights, lanes.spread(alpha))
    for place in range(0, OCTET * inputs, WIDTH):
        address = work.gradients.ctypes.data + _NUMBER * place
        errors = lanes.subtract(labels, lanes.sigmoid(lanes.load(address)))
        lanes.store(address, lanes.multiply(errors, rates))


@compiled(fast=True, hot=True)
def _update_tile(work, window, rows):
    """error += gradients x targets and targets += gradients x hidden, in one pass over the
    columns: the targets' old and new values stay in registers for all hidden rows."""
    row_bytes = _NUMBER * work.spare.shape[0]
    hidden_rows, error_rows = window.hidden_rows, window.error_rows
    for offset in range(0, row_bytes, BYTES):
        old = lanes.load_rows(rows, offset, TILE)
        new = old
        for i in range(window.inputs):
            gradients = lanes.broadcast_rows(work.gradients.ctypes.data + _NUMBER * OCTET * i, TILE)
            hidden = lanes.load(hidden_rows[i] + offset)
            error = lanes.load(error_rows[i] + offset)
            lanes.store(error_rows[i] + offset, lanes.add_combination(error, gradients, old))
            new = lanes.add_products(new, gradients, hidden)
        lanes.store_rows(rows, offset, new)


@compiled(hot=True)
def outputs_loss(window, work, targets):
    """The logistic loss of the window's hidden rows, summed over all targets; float64."""
    loss = 0.0
    for first in range(0, targets, TILE_ROWS):
        slot = slot_of(first)
        rows = work.target_rows.ctypes.data + _ADDRESS * slot
        _score_tile(work, window.hidden_rows, window.inputs, rows)
        for i in range(window.inputs):
            for k in range(min(TILE_ROWS, targets - first)):
                score, label = work.gradients[OCTET * i + k], work.labels[slot + k]
                loss += logistic_loss(score, label) * np.float64(work.weights[slot + k])
    return loss
