"""Training a window on a tile of targets; the update of `fastw2v.kernels.logistic`.

The tile's output rows are read once. Skip-gram: each context word's input vector is scored with
them and moves at once; what moves the output rows is collected, and added at the window's end.
CBOW: there is one hidden row, whose error is collected over all tiles.
"""

from typing import Any, NamedTuple

from fastw2v.gpu.contexts import Contexts
from fastw2v.gpu.gradients import gradient_functions
from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import Rows
from fastw2v.gpu.shape import Shape


class Tiles(NamedTuple):
    """Functions of kernels."""

    train: Any  # (warp, window, tile, matrix, shares)
    measure: Any  # (warp, window, tile, matrix): adds this lane's part to ``warp.loss``


def tile_functions(
    lanes: Lanes, shape: Shape, rows: Rows, contexts: Contexts, limit: float
) -> Tiles:
    """limit: of scores; those beyond it train nothing, 0 for no limit."""
    cbow, size, ONE = shape.cbow, shape.tile, lanes.float32(1)
    gradients = gradient_functions(lanes, shape, rows, limit)

    @lanes.function
    def train_context(warp, window, tile):
        for place in range(window.first, window.last + 1):
            if place != window.place:
                contexts.take(warp.hidden, warp, place)
                rows.clear(warp.error)
                gradients.train_hidden(warp, tile)
                contexts.give(warp, place, ONE)

    @lanes.function
    def train(warp, window, tile, matrix, shares):
        gradients.open_tile(warp, tile, matrix)
        if cbow:
            gradients.train_hidden(warp, tile)
        else:
            train_context(warp, window, tile)
        for target in range(size):
            row = gradients.row_of(tile, target)
            if target < tile.targets:
                rows.add(matrix, row, warp.moves[target], shares[row], warp.lane)

    @lanes.function
    def measure(warp, window, tile, matrix):
        gradients.open_tile(warp, tile, matrix)
        if cbow:
            warp.loss[0] += gradients.loss(warp, tile)
            return
        for place in range(window.first, window.last + 1):
            if place != window.place:
                contexts.take(warp.hidden, warp, place)
                warp.loss[0] += gradients.loss(warp, tile)

    return Tiles(train, measure)
