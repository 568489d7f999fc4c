"""The scores of a tile: dot products of its output rows with a hidden row, summed over the lanes.

Eight sums over 32 lanes by 9 shuffles, not 40: at each step half of the lanes hand half of their
sums to the other half. At the end four lanes have the score of the same slot, and only they
evaluate its sigmoid.
"""

from collections.abc import Callable

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import ALL, Rows
from fastw2v.gpu.shape import SLOTS, Shape

LANES_OF_SLOT = 4


def score_function(lanes: Lanes, shape: Shape, rows: Rows) -> Callable:
    """(warp, hidden): the score of the target in the lane's slot, float32."""
    cuda, float32 = lanes.cuda, lanes.float32
    tile = shape.tile

    @lanes.function
    def other_half(kept, given, upper, distance):
        """The sum that stays with this lane: a lane that is not ``upper`` keeps the first."""
        mine, theirs = (given, kept) if upper else (kept, given)
        return mine + cuda.shfl_xor_sync(ALL, theirs, distance)

    @lanes.function
    def score(warp, hidden):
        parts, lane = warp.parts, warp.lane
        for target in range(SLOTS):
            parts[target] = rows.dot(warp.rows[target], hidden) if target < tile else float32(0)
        for slot in range(4):
            parts[slot] = other_half(parts[slot], parts[slot + 4], (lane & 16) != 0, 16)
        for slot in range(2):
            parts[slot] = other_half(parts[slot], parts[slot + 2], (lane & 8) != 0, 8)
        total = other_half(parts[0], parts[1], (lane & 4) != 0, 4)
        total += cuda.shfl_xor_sync(ALL, total, 2)
        total += cuda.shfl_xor_sync(ALL, total, 1)
        return total

    return score
