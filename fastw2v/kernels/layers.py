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
def train_layers(window, shared, own, negative, hierarchical, softmax):
    """Train the layers that are there on one window."""
    if hierarchical is not None:
        skipped = nodes_skipped(own.random, hierarchical.subsampled_levels)
        targets = put_path(window.centre, skipped, own, hierarchical)
        train_targets(window, own, targets, _PATH_LIMIT)
    if negative is not None:
        train_targets(window, own, put_noise(window, own, negative), _NO_LIMIT)
    if softmax is not None:
        _train_softmax(window, shared, own, softmax)


@compiled(inline=True)
def _train_softmax(window, shared, own, softmax):
    """The full softmax knows whole rows, not tiles: one hidden row after the other."""
    outputs, alpha = softmax.outputs, window.alpha
    if shared.settings.cbow:
        train_softmax(window.centre, own.hidden, own.error, outputs, alpha)
    else:
        for i in range(window.context):
            clear(own.error)
            hidden = shared.inputs[own.context[i]]
            train_softmax(window.centre, hidden, own.error, outputs, alpha)
            move_context_word(i, own)


@compiled(inline=True)
def window_loss(window, shared, own, negative, hierarchical, softmax):
    """The loss of all layers, summed over the window's hidden rows; nothing is trained."""
    loss = 0.0
    if hierarchical is not None:
        targets = put_path(window.centre, 0, own, hierarchical)
        loss += _targets_loss(window, shared, own, hierarchical.outputs, targets)
    if negative is not None:
        targets = put_noise(window, own, negative)
        loss += _targets_loss(window, shared, own, negative.outputs, targets)
    if softmax is not None:
        for i in range(window.inputs):
            loss += softmax_loss(window.centre, hidden_row(i, shared, own), softmax.outputs)
    return loss


@compiled(inline=True)
def _targets_loss(window, shared, own, outputs, targets):
    """The logistic loss of the window's hidden rows, summed over all targets; float64."""
    loss = 0.0
    for i in range(window.inputs):
        hidden = hidden_row(i, shared, own)
        for k in range(targets):
            score = dot(hidden, outputs[own.rows[k]])
            loss += logistic_loss(score, own.labels[k]) * np.float64(own.weights[k])
    return loss


@compiled(inline=True)
def put_path(centre, skipped, own, hierarchical):
    """Put the inner nodes from the root to the centre word, without the first so many, but the
    last at least; returns how many targets."""
    end = hierarchical.start[centre + 1]
    start = min(hierarchical.start[centre] + skipped, end - 1)
    targets = np.int64(end - start)
    for target in range(targets):
        step = np.int64(hierarchical.steps[start + target])
        node, label = step >> 1, np.float32(1 - (step & 1))
        address = node_address(node, own.private_nodes, own, hierarchical)
        put_target(own, target, node, address, label)
    close_targets(own, targets)
    return targets


@compiled(inline=True)
def node_address(node, private, own, hierarchical):
    """Where the shard is to read and write an inner node's row."""
    if private is not None:
        return address_for(private, hierarchical.outputs, node)
    return hot_row_address(node, own.shard, hierarchical)


@compiled(inline=True)
def put_noise(window, own, negative):
    """Put the centre word and its negative samples; returns how many targets.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    centre, outputs = window.centre, negative.outputs
    targets = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    put_target(own, targets, centre, address_for(own.private_outputs, outputs, centre), _ONE)
    targets += 1
    first = window.position * negative.draws
    for place in range(first, first + negative.draws):
        word = own.noise[place]
        if word == centre:
            continue
        known = 1
        while known < targets and own.rows[known] != word:
            known += 1
        if known < targets:
            own.weights[known] += _ONE
        else:
            address = address_for(own.private_outputs, outputs, word)
            put_target(own, targets, word, address, _ZERO)
            targets += 1
    close_targets(own, targets)
    return targets


@compiled(inline=True)
def draw_noise(words, own, negative):
    """Draw the negative samples of a whole sentence: ahead, so that their rows can be fetched
    in time, and in one loop, in which the draws' waiting for memory overlaps."""
    for place in range(words * negative.draws):
        own.noise[place] = draw_word(own.random, negative.table)


@compiled(inline=True)
def draw_word(random, table):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), table.shape[0])
    threshold, alias = table[word, 0], table[word, 1]  # both at once: no branch to guess
    return np.int32(word) if low32(bits) <= threshold else np.int32(alias)
