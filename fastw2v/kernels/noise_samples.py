"""Negative samples: words drawn from the noise distribution, for a whole sentence at once."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.prefetch import fetch_row
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.targets import close_targets, put_target
from fastw2v.model.rng import below, draw, high32, low32

_ONE, _ZERO = np.float32(1), np.float32(0)

AT_ONCE = 50
"""Samples that are scored together. A word that is drawn k times in a step moves by k times the
learning rate, and so do the hidden rows: with hundreds of samples from a small vocabulary steps
went too far, and vectors grew without bound. More samples than these are trained in several steps,
each with scores of its own."""


@compiled(inline=True)
def draw_noise(words, own, table, draws):
    """Draw ``draws`` words for each of a sentence's words: ahead, so that their rows can be
    prefetched in time, and in one loop, in which the draws' waiting for memory overlaps.

    table: alias table, (V, 2) uint32, see `fastw2v.model.noise`.
    """
    for place in range(words * draws):
        own.noise[place] = draw_word(own.random, table)


@compiled(inline=True)
def draw_word(random, table):
    """A word id from the noise distribution (alias method, Walker 1977)."""
    bits = draw(random)
    word = below(high32(bits), table.shape[0])
    threshold, alias = table[word, 0], table[word, 1]  # both at once: no branch to guess
    return np.int32(word) if low32(bits) < threshold else np.int32(alias)


@compiled(inline=True)
def fetch_samples(position, words, own, outputs, draws):
    """Prefetch the output rows of the word at ``position`` and of its negative samples."""
    if position < words:
        fetch_row(own.output_rows, outputs, own.sentence[position], own)
        first = position * draws
        for place in range(first, first + draws):
            fetch_row(own.output_rows, outputs, own.noise[place], own)


@compiled(inline=True)
def groups_of(draws):
    """How many groups of samples, each of up to `AT_ONCE`, so many draws are."""
    return (draws + AT_ONCE - 1) // AT_ONCE


@compiled(inline=True)
def samples_of(window, draws, group):
    """Where the samples of a group of `AT_ONCE` begin and end in ``own.noise``. draws: of a centre
    word."""
    first = window.position * draws
    return first + group * AT_ONCE, first + min(draws, (group + 1) * AT_ONCE)


@compiled(inline=True)
def put_samples(window, own, outputs, draws, group):
    """Put the centre word, with label 1, and a group of its negative samples, with label 0; returns
    how many targets. The centre word is only in group 0. outputs: (V, P), output vectors of the
    words.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    centre = window.centre
    targets = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    if group == 0:
        put_target(own, targets, centre, address_for(own.output_rows, outputs, centre), _ONE)
        targets += 1
    first, end = samples_of(window, draws, group)
    for place in range(first, end):
        word = own.noise[place]
        if word == centre:
            continue
        known = np.int64(group == 0)
        while known < targets and own.rows[known] != word:
            known += 1
        if known < targets:
            own.weights[known] += _ONE
        else:
            address = address_for(own.output_rows, outputs, word)
            put_target(own, targets, word, address, _ZERO)
            targets += 1
    close_targets(own, targets)
    return targets
