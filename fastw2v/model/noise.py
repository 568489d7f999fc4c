"""The noise distribution of negative sampling: count to the power 0.75.

Mikolov et al. 2013, "Distributed representations of words and phrases", section 2.2.
"""

import math

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.model.elementary import powers

C_TABLE_SIZE = 100_000_000  # entries of the C program's table


def noise_shares(counts: np.ndarray, exponent: float) -> np.ndarray:
    """Each word's probability to be drawn as noise, (V,) float64.

    The sentence end (word 0) is never drawn. Words whose count is 0 get share 0, whatever the
    exponent.
    """
    weights = np.zeros(len(counts))
    seen = np.asarray(counts) > 0
    seen[0] = False
    weights[seen] = powers(np.asarray(counts)[seen], exponent)
    if not seen.any():  # a vocabulary read from a file that knows no counts: all alike
        weights[1:] = 1.0
    return weights / weights.sum()


def alias_table(shares: np.ndarray) -> np.ndarray:
    """The distribution ``shares`` as (V, 2) uint32: a threshold and an alias for each word.

    To draw: pick a word evenly; where 32 random bits are not below its threshold, take its alias
    (Walker 1977; built as Vose 1991). The threshold of a word that is never drawn is 0; a word
    that is always taken is its own alias.
    """
    scaled = np.asarray(shares, np.float64) * len(shares)
    probability, alias = _pair_up(scaled)
    threshold = np.minimum(probability * 2.0**32, 2.0**32 - 1).astype(np.uint32)
    return np.stack([threshold, alias.astype(np.uint32)], axis=1)


@compiled
def _pair_up(scaled):
    """Give every word with a share under the mean a partner above it that fills it up."""
    words = scaled.shape[0]
    probability = np.ones(words, np.float64)
    alias = np.arange(words).astype(np.int32)
    small = np.empty(words, np.int64)
    large = np.empty(words, np.int64)
    smalls = larges = 0
    for word in range(words):
        if scaled[word] < 1.0:
            small[smalls] = word
            smalls += 1
        else:
            large[larges] = word
            larges += 1
    left = scaled.copy()
    while smalls > 0 and larges > 0:
        smalls -= 1
        poor, rich = small[smalls], large[larges - 1]
        probability[poor] = left[poor]
        alias[poor] = rich
        left[rich] -= 1.0 - left[poor]
        if left[rich] < 1.0:
            larges -= 1
            small[smalls] = rich
            smalls += 1
    return probability, alias


def c_table_ends(counts: np.ndarray) -> np.ndarray:
    """Where each word's stretch of the C program's table ends, (V,) int64, exclusive.

    The table's 100 million entries rise monotonically, so these ends say all that is in it.
    """
    powers = np.array([math.pow(count, 0.75) for count in counts.tolist()])
    if not powers.any():  # in C their shares are NaN, and the first word never ends
        return np.full(len(powers), C_TABLE_SIZE, np.int64)
    return _stretch_ends(powers)


@compiled
def _stretch_ends(powers):
    """Fill the table by the C program's rule, without the table: an entry belongs to the
    current word, and the word advances after an entry that passes its cumulated share."""
    words = powers.shape[0]
    total = 0.0
    for word in range(words):
        total += powers[word]
    ends = np.full(words, C_TABLE_SIZE, np.int64)
    cumulated = 0.0
    entry = -1  # the last entry looked at
    for word in range(words - 1):
        cumulated += powers[word] / total
        entry = max(entry + 1, np.int64(cumulated * C_TABLE_SIZE) - 2)
        while entry < C_TABLE_SIZE and not entry / C_TABLE_SIZE > cumulated:
            entry += 1
        ends[word] = min(entry + 1, C_TABLE_SIZE)
    return ends
