"""Compiled code that counts pairs of words in a window: a hash table of pairs.

A pair is one key, ``smaller word_id << 32 | larger word_id``, as both words are in each other's
window; 0 is no pair, since no word id of a pair is 0, the sentence end.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.model.rng import draw, high32

_ALWAYS = np.uint32(0xFFFFFFFF)
_STEP = np.uint64(0x9E3779B97F4A7C15)  # of the generator in `fastw2v.model.rng`
_32 = np.uint64(32)
_LOW32 = np.uint64(0xFFFFFFFF)
_NONE = np.uint64(0)


@compiled
def keep_words(ids, span, thresholds, seed, window, kept):
    """Copy the tokens from ``span[0]`` to ``span[1]`` that sub-sampling leaves to ``kept``, and as
    many after them as the last window needs. Returns how many are of the span, and how many in all.

    A token is kept or not by its place in the text alone, so that threads agree.
    """
    random = np.empty(1, np.uint64)
    start, end = span
    own = total = 0
    for position in range(start, ids.size):
        if position >= end and (total - own >= window or (total and kept[total - 1] == 0)):
            break
        word = ids[position]
        if thresholds[word] != _ALWAYS and word != 0:
            random[0] = seed + np.uint64(position) * _STEP
            if high32(draw(random)) > thresholds[word]:
                continue
        kept[total] = word
        total += 1
        if position < end:
            own = total
    return own, total


@compiled
def count_pairs(words, span, weights, keys, values, most):
    """Add the pairs of ``words`` whose left word is from ``span[0]`` to ``span[1]`` to a table.

    weights: (window,) int64, by distance - 1. keys: (2^n,) uint64; values: (2^n,) int64.
    most: stops once the table has more pairs than this. Returns the place where it stopped and how
    many pairs are new.
    """
    start, end = span
    new = 0
    for left in range(start, end):
        if new > most:
            return left, new
        if words[left] == 0:
            continue
        for distance in range(weights.size):
            right = left + distance + 1
            if right >= words.size or words[right] == 0:
                break
            new += _add(_key(words[left], words[right]), weights[distance], keys, values)
    return end, new


@compiled(inline=True)
def _key(left, right):
    return (np.uint64(min(left, right)) << _32) | np.uint64(max(left, right))


@compiled
def _add(key, weight, keys, values):
    """Add ``weight`` to the value of ``key``. Returns 1 if it is new, else 0."""
    mask = np.uint64(keys.size - 1)
    place = ((key * _STEP) >> _32) & mask
    while keys[place] != key:
        if keys[place] == _NONE:
            keys[place] = key
            values[place] = weight
            return 1
        place = (place + np.uint64(1)) & mask
    values[place] += weight
    return 0


@compiled
def copy_table(keys, values, larger_keys, larger_values):
    """Add all pairs of a table to an empty larger one."""
    for place in range(keys.size):
        if keys[place] != _NONE:
            _add(keys[place], values[place], larger_keys, larger_values)


@compiled
def both_directions(keys, values, size):
    """The entries of a table, ``size`` of them, as (row, column) and as (column, row); a word with
    itself once, with twice the value, as each is in the other's window. Not sorted."""
    out_keys = np.empty(2 * size, np.uint64)
    out_values = np.empty(2 * size, np.int64)
    done = 0
    for place in range(keys.size):
        key = keys[place]
        if key == _NONE:
            continue
        mirrored = (key << _32) | (key >> _32)
        out_keys[done] = key
        if mirrored == key:
            out_values[done] = 2 * values[place]
        else:
            out_values[done] = values[place]
            done += 1
            out_keys[done] = mirrored
            out_values[done] = values[place]
        done += 1
    return out_keys[:done], out_values[:done]


@compiled
def split_keys(keys, row_sizes):
    """The columns of keys, (n,) int32, from 0; adds the number of each row's to ``row_sizes``."""
    columns = np.empty(keys.size, np.int32)
    for place in range(keys.size):
        columns[place] = np.int32(keys[place] & _LOW32) - 1
        row_sizes[np.int64(keys[place] >> _32) - 1] += 1
    return columns
