"""The three output layers: against which output rows a centre word is trained."""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.outputs import train_outputs
from fastw2v.kernels.randoms import below, draw, high32, low32
from fastw2v.kernels.softmax import train_softmax

_ONE, _ZERO = np.float32(1), np.float32(0)


@compiled
def train_layers(centre, work, inputs, alpha, negative, hierarchical, softmax):
    """Train the layers that are there on one window.

    centre: word id. inputs: how many rows of ``work.hidden`` are in use. alpha: float32.
    """
    if hierarchical is not None:
        targets = follow_path(centre, work, hierarchical)
        train_outputs(work, inputs, hierarchical.outputs, targets, alpha)
    if negative is not None:
        targets = draw_noise(centre, work, negative)
        train_outputs(work, inputs, negative.outputs, targets, alpha)
    if softmax is not None:
        for i in range(inputs):
            train_softmax(centre, work.hidden[i], work.error[i], softmax.outputs, alpha)


@compiled
def follow_path(centre, work, hierarchical):
    """Fill in the inner nodes from the root to the centre word; returns how many."""
    start = hierarchical.start[centre]
    targets = hierarchical.start[centre + 1] - start
    for k in range(targets):
        work.rows[k] = hierarchical.nodes[start + k]
        work.labels[k] = hierarchical.labels[start + k]
        work.weights[k] = _ONE
    return targets


@compiled
def draw_noise(centre, work, negative):
    """Fill in the centre word and its negative samples; returns how many rows.

    A word drawn twice is kept once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    work.rows[0], work.labels[0], work.weights[0] = centre, _ONE, _ONE
    targets = 1
    for _ in range(negative.draws):
        word = draw_word(work.random, negative)
        if word == centre:
            continue
        k = 1
        while k < targets and work.rows[k] != word:
            k += 1
        if k == targets:
            work.rows[k], work.labels[k], work.weights[k] = word, _ZERO, _ZERO
            targets += 1
        work.weights[k] += _ONE
    return targets


@compiled
def draw_word(random, negative):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), negative.alias.shape[0])
    if low32(bits) > negative.threshold[word]:
        return np.int64(negative.alias[word])
    return word
