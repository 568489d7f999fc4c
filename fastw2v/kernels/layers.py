"""The three output layers: against which output rows a centre word is trained."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.architectures import hidden_row, move_context_word
from fastw2v.kernels.hot_rows import hot_row_address
from fastw2v.kernels.logistic import train_targets
from fastw2v.kernels.node_subsampling import nodes_skipped
from fastw2v.kernels.private_rows import address_for
from fastw2v.kernels.rows import clear, dot
from fastw2v.kernels.sigmoid import logistic_loss
from fastw2v.kernels.softmax import softmax_loss, train_softmax
from fastw2v.kernels.targets import close_targets, put_target
from fastw2v.model.rng import below, draw, high32, low32

# Scores of tree nodes beyond the limit train nothing, as in the C program.
_PATH_LIMIT, _NO_LIMIT = np.float32(6), np.float32(np.inf)
_ONE, _ZERO = np.float32(1), np.float32(0)


@compiled(inline=True)
def train_layers(window, job, work, negative, hierarchical, softmax):
    """Train the layers that are there on one window."""
    if hierarchical is not None:
        skipped = nodes_skipped(work.random, hierarchical.subsampled_levels)
        targets = put_path(window.centre, skipped, work, hierarchical)
        train_targets(window, work, targets, _PATH_LIMIT)
    if negative is not None:
        train_targets(window, work, put_noise(window, work, negative), _NO_LIMIT)
    if softmax is not None:
        _train_softmax(window, job, work, softmax)


@compiled(inline=True)
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
            move_context_word(i, work)


@compiled(inline=True)
def window_loss(window, job, work, negative, hierarchical, softmax):
    """The loss of all layers, summed over the window's hidden rows; nothing is trained."""
    loss = 0.0
    if hierarchical is not None:
        targets = put_path(window.centre, 0, work, hierarchical)
        loss += _targets_loss(window, job, work, hierarchical.outputs, targets)
    if negative is not None:
        targets = put_noise(window, work, negative)
        loss += _targets_loss(window, job, work, negative.outputs, targets)
    if softmax is not None:
        for i in range(window.inputs):
            loss += softmax_loss(window.centre, hidden_row(i, job, work), softmax.outputs)
    return loss


@compiled(inline=True)
def _targets_loss(window, job, work, outputs, targets):
    """The logistic loss of the window's hidden rows, summed over all targets; float64."""
    loss = 0.0
    for i in range(window.inputs):
        hidden = hidden_row(i, job, work)
        for k in range(targets):
            score = dot(hidden, outputs[work.rows[k]])
            loss += logistic_loss(score, work.labels[k]) * np.float64(work.weights[k])
    return loss


@compiled(inline=True)
def put_path(centre, skipped, work, hierarchical):
    """Put the inner nodes from the root to the centre word, without the first so many, but the
    last at least; returns how many targets."""
    end = hierarchical.start[centre + 1]
    start = min(hierarchical.start[centre] + skipped, end - 1)
    targets = np.int64(end - start)
    for target in range(targets):
        step = np.int64(hierarchical.steps[start + target])
        node, label = step >> 1, np.float32(1 - (step & 1))
        address = node_address(node, work.private_nodes, work, hierarchical)
        put_target(work, target, node, address, label)
    close_targets(work, targets)
    return targets


@compiled(inline=True)
def node_address(node, own, work, hierarchical):
    """Where the shard is to read and write an inner node's row."""
    if own is not None:
        return address_for(own, hierarchical.outputs, node)
    return hot_row_address(node, work.shard, hierarchical)


@compiled(inline=True)
def put_noise(window, work, negative):
    """Put the centre word and its negative samples; returns how many targets.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    centre, outputs = window.centre, negative.outputs
    targets = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    put_target(work, targets, centre, address_for(work.private_outputs, outputs, centre), _ONE)
    targets += 1
    first = window.position * negative.draws
    for place in range(first, first + negative.draws):
        word = work.noise[place]
        if word == centre:
            continue
        known = 1
        while known < targets and work.rows[known] != word:
            known += 1
        if known < targets:
            work.weights[known] += _ONE
        else:
            address = address_for(work.private_outputs, outputs, word)
            put_target(work, targets, word, address, _ZERO)
            targets += 1
    close_targets(work, targets)
    return targets


@compiled(inline=True)
def draw_noise(words, work, negative):
    """Draw the negative samples of a whole sentence: ahead, so that their rows can be fetched
    in time, and in one loop, in which the draws' waiting for memory overlaps."""
    for place in range(words * negative.draws):
        work.noise[place] = draw_word(work.random, negative.table)


@compiled(inline=True)
def draw_word(random, table):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), table.shape[0])
    threshold, alias = table[word, 0], table[word, 1]  # both at once: no branch to guess
    return np.int32(word) if low32(bits) <= threshold else np.int32(alias)
