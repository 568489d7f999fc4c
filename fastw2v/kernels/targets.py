"""Targets: the output rows one centre word is trained against, laid out for tiles.

Target k lies in slot ``slot_of(k)``: `TILE_ROWS` targets, then empty slots up to the next octet.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.width import OCTET

TILE_ROWS = 6
"""Output rows scored and updated together: with 6, negative sampling's usual 1 + 5 are one tile,
and their old and new values still fit in 16 vector registers."""

TILE = (0,) * TILE_ROWS

_ZERO = np.float32(0)


def slots_for(targets: int) -> int:
    """Slots that so many targets need, in whole cache lines of float32."""
    tiles = -(-targets // TILE_ROWS)
    return -(-tiles * OCTET // 16) * 16


@compiled(hot=True)
def slot_of(target):
    """The slot of a target: 0 to 5, 8 to 13, 16 to 21, ..."""
    return target + (OCTET - TILE_ROWS) * (target // TILE_ROWS)


@compiled(hot=True)
def put_target(work, target, outputs, row, label, weight):
    """Lay row ``row`` of ``outputs`` into the slot of a target. label, weight: float32."""
    slot = slot_of(target)
    work.rows[slot] = row
    work.target_rows[slot] = outputs.ctypes.data + np.int64(row) * (4 * outputs.shape[1])
    work.labels[slot] = label
    work.weights[slot] = weight


@compiled(hot=True)
def close_targets(work, targets):
    """Point the rest of the last tile's slots to the spare row, with weight 0."""
    target = targets
    while target % TILE_ROWS != 0:
        slot = slot_of(target)
        work.target_rows[slot] = work.spare.ctypes.data
        work.labels[slot] = _ZERO
        work.weights[slot] = _ZERO
        target += 1
