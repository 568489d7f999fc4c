"""Compiled hash table from a pair of words to a number.

A table is an array (S, 2) uint64, S a power of two: key and value of a slot are adjacent, so that a
look-up accesses one cache line. Open addressing with linear probing; key 0 marks a free slot, whose
value is 0. No pair has key 0, as the sentence end (word_id 0) is in no pair.

All arithmetic is in uint64, with named constants: Numba converts mixed uint64 and int64 to float64.
"""

import numpy as np

from fastw2v.jit.compiled import compiled

_U = np.uint64
_0, _1, _29, _32 = _U(0), _U(1), _U(29), _U(32)
_LOW_32 = _U(0xFFFFFFFF)
_FIRST_MULTIPLIER = _U(0xD6E8FEB86659FD93)
_SECOND_MULTIPLIER = _U(0xA0761D6478BD642F)
KEY, VALUE = 0, 1
_MAX_LOAD = 4, 3  # at most 3 of 4 slots are used


def empty_table(entries: int) -> np.ndarray:
    """A table with capacity for ``entries`` entries."""
    slots = 4
    while slots * _MAX_LOAD[1] < entries * _MAX_LOAD[0]:
        slots *= 2
    return np.zeros((slots, 2), np.uint64)


def capacity(table: np.ndarray) -> int:
    """The maximum number of entries of a table."""
    return len(table) // _MAX_LOAD[0] * _MAX_LOAD[1]


def entries(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``(keys uint64, values int64)`` of a table, in no order."""
    taken = table[:, KEY] != 0
    return table[taken, KEY], table[taken, VALUE].view(np.int64)


def split_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """``(first, second)`` words of pairs, word_ids (int64)."""
    return (keys >> _32).astype(np.int64), (keys & _LOW_32).astype(np.int64)


@compiled(inline=True)
def pair_key(first, second):
    """The key of two word_ids, which are not 0; neither is the key."""
    return (_U(first) << _32) | _U(second)


@compiled(inline=True)
def hash_key(key):
    """The hash of a key, uint64: its low half gives the index, its high half the share."""
    value = (key ^ (key >> _32)) * _FIRST_MULTIPLIER
    value = (value ^ (value >> _29)) * _SECOND_MULTIPLIER
    return value ^ (value >> _32)


@compiled(inline=True)
def find(table, key, value):
    """Index of the slot of ``key`` with the hash ``value``, or of the free slot for it."""
    last = _U(len(table) - 1)
    index = value & last
    while table[index, KEY] != _0 and table[index, KEY] != key:
        index = (index + _1) & last
    return index


@compiled
def insert_all(table, keys, values):
    """Insert distinct new keys with their values (uint64 both), within the capacity."""
    for entry in range(keys.size):
        index = find(table, keys[entry], hash_key(keys[entry]))
        table[index, KEY] = keys[entry]
        table[index, VALUE] = values[entry]
