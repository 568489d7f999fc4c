"""Negative samples: words drawn from the noise distribution, for a whole sentence at once."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.prefetch import fetch_row
from fastw2v.model.rng import below, draw, high32, low32


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
    return np.int32(word) if low32(bits) <= threshold else np.int32(alias)


@compiled(inline=True)
def fetch_samples(position, words, own, outputs, draws):
    """Prefetch the output rows of the word at ``position`` and of its negative samples."""
    if position < words:
        fetch_row(outputs, own.sentence[position])
        first = position * draws
        for place in range(first, first + draws):
            fetch_row(outputs, own.noise[place])
