"""Targets: the output rows one centre word is trained against, cut into tiles."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels.rows import address_of

SIX, FOUR = (0,) * 6, (0,) * 4
"""Tile sizes (see `fastw2v.jit.simd.lanes`): how many output rows are scored and updated together.

Six rows: negative sampling's usual 1 + 5 targets are one tile, and the old and new values of a
column block of six rows still fit in 16 vector registers. Two sizes, because filling up to a
multiple of six would waste up to five rows of work on a tree's paths, which have any length: sixes
and at most two fours make every even number from 4 on (8 = 4 + 4, 10 = 6 + 4), so at most one
padding row is needed (one or two targets: a four).
"""

_ONE, _ZERO = np.float32(1), np.float32(0)


def places_for(targets: int) -> int:
    """Places to allocate for this many targets, a multiple of 16 (a cache line of float32): labels
    and weights are read `SLOTS` at a time, also of a last tile of four."""
    return -(-(targets + SLOTS) // 16) * 16


@compiled(inline=True)
def tiles_for(targets):
    """How many tiles of six and how many of four hold this many targets."""
    even = max(4, targets + targets % 2)
    fours = (6 - even % 6) // 2 % 3  # what is left over from sixes: 0, 4 or 2 (= 8 - 6)
    return (even - 4 * fours) // 6, fours


@compiled(inline=True)
def put_target(own, target, row, address, label):
    """Make the output row at an address target number ``target``, with weight 1.

    row: its number in the matrix; label: 1 to be predicted, 0 noise, float32.
    """
    own.rows[target] = row
    own.target_ptrs[target] = address
    own.labels[target] = label
    own.weights[target] = _ONE


@compiled(inline=True)
def close_targets(own, targets):
    """Fill the last tile's empty places with the padding row at weight 0: it takes part in all
    that is computed, and its gradient is 0."""
    sixes, fours = tiles_for(targets)
    for place in range(targets, 6 * sixes + 4 * fours):
        own.target_ptrs[place] = address_of(own.padding_row)
        own.labels[place] = _ZERO
        own.weights[place] = _ZERO
