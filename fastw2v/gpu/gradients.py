"""One hidden row and a tile of targets: the gradients of the logistic loss, and the loss."""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import ALL, Rows
from fastw2v.gpu.scores import LANES_OF_SLOT, score_function
from fastw2v.gpu.shape import Shape


class Gradients(NamedTuple):
    """Functions of kernels."""

    row_of: Any  # (tile, target): the target's output row
    open_tile: Any  # (warp, tile, matrix): load its rows; nothing is to be moved yet
    train_hidden: Any  # (warp, tile): what ``warp.hidden`` contributes to the moves and the error
    loss: Any  # (warp, tile): of ``warp.hidden``, this lane's part


def gradient_functions(lanes: Lanes, shape: Shape, rows: Rows, limit: float) -> Gradients:
    """limit: of scores; those beyond it train nothing, 0 for no limit."""
    cuda, float32, float64 = lanes.cuda, lanes.float32, lanes.float64
    exp, log, size = lanes.exp, lanes.log, shape.tile
    score = score_function(lanes, shape, rows)
    ZERO, ONE = float32(0), float32(1)
    LIMIT = float32(limit)

    @lanes.function
    def row_of(tile, target):
        return cuda.shfl_sync(ALL, tile.row, LANES_OF_SLOT * target)

    @lanes.function
    def open_tile(warp, tile, matrix):
        for target in range(size):
            rows.load(warp.rows[target], matrix, row_of(tile, target), warp.lane)
            rows.clear(warp.moves[target])

    @lanes.function
    def pull(warp, tile):
        """The gradient of the lane's target times the learning rate, for ``warp.hidden``."""
        found = score(warp, warp.hidden)
        gradient = (tile.label - ONE / (ONE + exp(-found))) * tile.rate
        if LIMIT > ZERO and (found > LIMIT or found < -LIMIT):
            gradient = ZERO
        return gradient

    @lanes.function
    def train_hidden(warp, tile):
        """Add to ``warp.error`` and ``warp.moves`` what ``warp.hidden`` contributes."""
        gradient = pull(warp, tile)
        for target in range(size):
            step = cuda.shfl_sync(ALL, gradient, LANES_OF_SLOT * target)
            rows.add_scaled(warp.error, step, warp.rows[target])
            rows.add_scaled(warp.moves[target], step, warp.hidden)

    @lanes.function
    def loss(warp, tile):
        """Of one hidden row and the target in the lane's slot, float64; a fourth of it, since four
        lanes have the slot. A rate of 0 is that of a slot not in use, or a draw not counted."""
        found = float64(score(warp, warp.hidden))
        if tile.rate == ZERO:
            return float64(0)
        if tile.label > ZERO:
            found = -found
        return (log(1 + exp(-abs(found))) + max(found, float64(0))) / LANES_OF_SLOT

    return Gradients(row_of, open_tile, train_hidden, loss)
