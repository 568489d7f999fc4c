"""The exact path's sigmoid, from the C program's table."""

import math

import numpy as np

from fastw2v.jit.compiled import compiled

LIMIT = 6.0  # the table covers scores in [-LIMIT, LIMIT)
_ENTRIES = 1_000
_PER_UNIT = np.float32(83)  # entries per unit as C has it: 1000 / 6 / 2 in whole numbers
_HIGH = np.float32(LIMIT)


def _table() -> np.ndarray:
    table = np.empty(_ENTRIES, np.float32)
    for entry in range(_ENTRIES):
        share = np.float32(entry) / np.float32(_ENTRIES)
        power = np.float32(math.exp((share * np.float32(2) - np.float32(1)) * np.float32(LIMIT)))
        table[entry] = power / (power + np.float32(1))
    return table


TABLE = _table()


@compiled(inline=True)
def from_table(score):
    """sigmoid(score) as the C program rounds it. score: float32 in [-LIMIT, LIMIT], not checked."""
    return TABLE[np.int64((score + _HIGH) * _PER_UNIT)]
