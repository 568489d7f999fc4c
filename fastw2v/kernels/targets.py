"""Targets: the output rows one centre word is trained against, cut into tiles."""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.rows import address_of

SIX, FOUR = (0,) * 6, (0,) * 4
"""Tiles: output rows scored and updated together. With six, negative sampling's usual 1 + 5 are
one tile, and the rows' old and new values still fit in 16 vector registers. A number of targets
is made up of sixes and at most two fours, with a row to spare at most where it is above two."""

_ONE, _ZERO = np.float32(1), np.float32(0)


def places_for(targets: int) -> int:
    """Places to keep for so many targets: an octet is read from the last tile's first on."""
    return -(-(targets + 8) // 16) * 16


@compiled(inline=True)
def tiles_for(targets):
    """How many tiles of six and how many of four hold so many targets."""
    even = max(4, targets + targets % 2)
    fours = (6 - even % 6) // 2 % 3
    return (even - 4 * fours) // 6, fours


@compiled(inline=True)
def put_target(own, target, row, address, label):
    """Make the output row at an address a target with weight 1. label: float32, 1 or 0."""
    own.rows[target] = row
    own.target_ptrs[target] = address
    own.labels[target] = label
    own.weights[target] = _ONE


@compiled(inline=True)
def close_targets(own, targets):
    """Fill the last tile's empty places with the padding_row row, at weight 0."""
    sixes, fours = tiles_for(targets)
    for place in range(targets, 6 * sixes + 4 * fours):
        own.target_ptrs[place] = address_of(own.padding_row)
        own.labels[place] = _ZERO
        own.weights[place] = _ZERO
