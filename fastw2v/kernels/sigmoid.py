"""The logistic function by table, with the C program's rounding, and its loss."""

import math

import numpy as np

from fastw2v.compiling import compiled

LIMIT = 6.0  # outside (-LIMIT, LIMIT) the function is taken as 0 or 1
_ENTRIES = 1_000
_PER_UNIT = np.float32(83)  # entries per unit as C has it: 1000 / 6 / 2 in whole numbers
_LOW, _HIGH = np.float32(-LIMIT), np.float32(LIMIT)
_ZERO, _ONE = np.float32(0), np.float32(1)


def _table() -> np.ndarray:
    table = np.empty(_ENTRIES, np.float32)
    for entry in range(_ENTRIES):
        share = np.float32(entry) / np.float32(_ENTRIES)
        power = np.float32(math.exp((share * np.float32(2) - np.float32(1)) * np.float32(LIMIT)))
        table[entry] = power / (power + np.float32(1))
    return table


TABLE = _table()


@compiled(hot=True)
def from_table(score):
    """The logistic function of a float32 score strictly inside the limits."""
    return TABLE[np.int64((score + _HIGH) * _PER_UNIT)]


@compiled
def sigmoid(score):
    """The logistic function of any float32 score; 0 or 1 outside the limits."""
    if score > _LOW and score < _HIGH:
        return from_table(score)
    # Not a number lands here too: it must never become an index into the table.
    return _ONE if score > _ZERO else _ZERO


@compiled(hot=True)
def logistic_loss(score, label):
    """-log of the probability that the logistic function gives to ``label``; float64, no table."""
    towards = np.float64(score) if label > 0.5 else -np.float64(score)
    if towards > 0:
        return math.log1p(math.exp(-towards))
    return math.log1p(math.exp(towards)) - towards
