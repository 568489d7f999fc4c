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
        train_outputs(window, work, put_path(window.centre, work, hierarchical))
    if negative is not None:
        train_outputs(window, work, put_noise(window, work, negative))
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
        loss += outputs_loss(window, work, put_path(window.centre, work, hierarchical))
    if negative is not None:
        loss += outputs_loss(window, work, put_noise(window, work, negative))
    if softmax is not None:
        for i in range(window.inputs):
            loss += softmax_loss(window.centre, hidden_row(i, job, work), softmax.outputs)
    return loss


@compiled(hot=True)
def put_path(centre, work, hierarchical):
    """Put the inner nodes from the root to the centre word; returns how many targets."""
    start = hierarchical.start[centre]
    targets = hierarchical.start[centre + 1] - start
    for target in range(targets):
        node, label = hierarchical.nodes[start + target], hierarchical.labels[start + target]
        put_target(work, target, hierarchical.outputs, node, label, _ONE)
    close_targets(work, targets)
    return targets


@compiled(hot=True)
def put_noise(window, work, negative):
    """Put the centre word and its negative samples; returns how many targets.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    put_target(work, 0, negative.outputs, window.centre, _ONE, _ONE)
    targets = 1
    first = window.position * negative.draws
    for place in range(first, first + negative.draws):
        word = work.noise[place]
        if word == window.centre:
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
def draw_noise(words, work, negative):
    """Draw the negative samples of a whole sentence: ahead, so that their rows can be fetched
    in time, and in one loop, in which the draws' waiting for memory overlaps."""
    for place in range(words * negative.draws):
        work.noise[place] = draw_word(work.random, negative.table)


@compiled(hot=True)
def draw_word(random, table):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), table.shape[0])
    threshold, alias = table[word, 0], table[word, 1]  # both at once: no branch to guess
    return np.int32(word) if low32(bits) <= threshold else np.int32(alias)
