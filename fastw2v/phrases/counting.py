"""Counting pairs of adjacent words (bigrams)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.phrases.table import (
    KEY,
    VALUE,
    capacity,
    empty_table,
    entries,
    find,
    hash_key,
    insert_all,
    pair_key,
)

_U = np.uint64
_0, _1, _32 = _U(0), _U(1), _U(32)
_FIRST_CAPACITY = 1 << 16  # entries
_POSITION, _PREVIOUS, _USED = 0, 1, 2  # entries of the `state` array, int64
_STATE_SIZE = 3


class Pairs(NamedTuple):
    """Distinct pairs of adjacent words, in no order."""

    keys: np.ndarray  # (P,) uint64: first << 32 | second, see `fastw2v.phrases.table`
    counts: np.ndarray  # (P,) int64


def count_pairs(ids: np.ndarray, threads: int, across: bool) -> Pairs:
    """Count the pairs of adjacent words in ``ids`` ((N,) int32; 0 ends a sentence).

    across: whether the last word of a sentence and the first of the next form a pair, too.

    Every thread scans the whole text and counts the pairs whose hash is in its share: no pair is
    stored twice, and nothing has to be merged. Skipping a pair costs a tenth of counting it.
    """
    with ThreadPoolExecutor(threads) as pool:
        shares = pool.map(lambda share: _count_share(ids, share, threads, across), range(threads))
        keys, counts = zip(*shares, strict=True)
    return Pairs(np.concatenate(keys), np.concatenate(counts))


def _count_share(
    ids: np.ndarray, share: int, shares: int, across: bool
) -> tuple[np.ndarray, np.ndarray]:
    table = empty_table(_FIRST_CAPACITY)
    state = np.zeros(_STATE_SIZE, np.int64)
    with np.errstate(over="ignore"):  # uint64 overflow is intended, if not compiled
        while True:
            _count(ids, table, capacity(table), state, (_U(share), _U(shares)), across)
            if state[_POSITION] >= ids.size:
                return entries(table)
            larger = empty_table(2 * capacity(table))
            insert_all(
                larger, table[:, KEY][table[:, KEY] != 0], table[:, VALUE][table[:, KEY] != 0]
            )
            table = larger


@compiled
def _count(ids, table, most, state, share, across):
    """Continue counting from ``state``, to the end or until the table is full.

    most: capacity of the table. share: (number, total): only pairs with hashes in it are counted.
    """
    number, shares = share
    position, previous, used = state[_POSITION], state[_PREVIOUS], state[_USED]
    while position < ids.size:
        word_id = ids[position]
        if word_id == 0:
            if not across:
                previous = 0
        else:
            if previous != 0:
                key = pair_key(previous, word_id)
                value = hash_key(key)
                if ((value >> _32) * shares) >> _32 == number:
                    index = find(table, key, value)
                    if table[index, KEY] == _0:
                        if used == most:
                            break
                        table[index, KEY] = key
                        used += 1
                    table[index, VALUE] += _1
            previous = word_id
        position += 1
    state[_POSITION], state[_PREVIOUS], state[_USED] = position, previous, used
