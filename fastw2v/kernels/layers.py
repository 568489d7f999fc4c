"""The three output layers: against which output rows a centre word is trained."""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.models import hidden_row
from fastw2v.kernels.outputs import outputs_loss, train_outputs
from fastw2v.kernels.randoms import below, draw, high32, low32
from fastw2v.kernels.rows import add, clear
from fastw2v.kernels.softmax import softmax_loss, train_softmax
from fastw2v.kernels.targets import close_targets, put_target, slot_of

_ONE, _ZERO = np.float32(1), np.float32(0)


@compiled(hot=True)
def train_layers(window, job, work, negative, hierarchical, softmax):
    """Train the layers that are there on one window."""
    if hierarchical is not None:
        train_outputs(window, work, follow_path(window.centre, work, hierarchical))
    if negative is not None:
        train_outputs(window, work, draw_noise(window.centre, work, negative))
    if softmax is not None:
        _train_softmax(window, job, work, softmax)


@compiled(hot=True)
def _train_softmax(window, job, work, softmax):
    """The full softmax knows whole rows, not tiles: one hidden row after the other."""
    outputs, alpha = softmax.outputs, window.alpha
    if job.plan.cbow:
        train_softmax(window.centre, work.hidden, work.error, outputs, alpha)
    else:
        for i in range(window.context):
            clear(work.error)
            hidden = job.inputs[work.context[i]]
            train_softmax(window.centre, hidden, work.error, outputs, alpha)
            add(hidden, work.error)


@compiled(hot=True)
def window_loss(window, job, work, negative, hierarchical, softmax):
    """The loss of all layers, summed over the window's hidden rows; nothing is trained."""
    loss = 0.0
    if hierarchical is not None:
        loss += outputs_loss(window, work, follow_path(window.centre, work, hierarchical))
    if negative is not None:
        loss += outputs_loss(window, work, draw_noise(window.centre, work, negative))
    if softmax is not None:
        for i in range(window.inputs):
            loss += softmax_loss(window.centre, hidden_row(i, job, work), softmax.outputs)
    return loss


@compiled(hot=True)
def follow_path(centre, work, hierarchical):
    """Put the inner nodes from the root to the centre word; returns how many targets."""
    start = hierarchical.start[centre]
    targets = hierarchical.start[centre + 1] - start
    for target in range(targets):
        node, label = hierarchical.nodes[start + target], hierarchical.labels[start + target]
        put_target(work, target, hierarchical.outputs, node, label, _ONE)
    close_targets(work, targets)
    return targets


@compiled(hot=True)
def draw_noise(centre, work, negative):
    """Put the centre word and its negative samples; returns how many targets.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    put_target(work, 0, negative.outputs, centre, _ONE, _ONE)
    targets = 1
    for _ in range(negative.draws):
        word = draw_word(work.random, negative)
        if word == centre:
            continue
        known = 1
        while known < targets and work.rows[slot_of(known)] != word:
            known += 1
        if known < targets:
            work.weights[slot_of(known)] += _ONE
        else:
            put_target(work, targets, negative.outputs, word, _ZERO, _ONE)
            targets += 1
    close_targets(work, targets)
    return targets


@compiled(hot=True)
def draw_word(random, negative):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), negative.alias.shape[0])
    if low32(bits) > negative.threshold[word]:
        return np.int64(negative.alias[word])
    return word
