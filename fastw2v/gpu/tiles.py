"""Training a window on a tile of targets; the update of `fastw2v.kernels.logistic`.

The tile's output rows are read once. Skip-gram: each context word's input vector is scored with
them and moves at once; what moves the output rows is collected, and added at the window's end.
CBOW: there is one hidden row, whose error is collected over all tiles.
"""

from typing import Any, NamedTuple

from fastw2v.gpu.gradients import gradient_functions
from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import Rows
from fastw2v.gpu.shape import Shape


class Tiles(NamedTuple):
    """Functions of kernels."""

    train: Any  # (warp, window, tile, matrix, shares)
    measure: Any  # (warp, window, tile, matrix): adds this lane's part to ``warp.loss``


def tile_functions(lanes: Lanes, shape: Shape, rows: Rows, limit: float) -> Tiles:
    """limit: of scores; those beyond it train nothing, 0 for no limit."""
    cbow, size, ZERO = shape.cbow, shape.tile, lanes.float32(0)
    gradients = gradient_functions(lanes, shape, rows, limit)

    @lanes.function
    def after(place, window):
        """The next place of the context."""
        following = place + 1
        return following + 1 if following == window.place else following

    @lanes.function
    def take_next(warp, place, window):
        """Make the row loaded ahead the hidden row, and load that of ``place``."""
        for i in range(shape.columns):
            warp.hidden[i] = warp.ahead[i]
        if place <= window.last:
            rows.load(warp.ahead, warp.inputs, warp.sentence[place], warp.lane)

    @lanes.function
    def train_context(warp, window, tile):
        place = after(window.first - 1, window)
        take_next(warp, place, window)
        while place <= window.last:
            word = warp.sentence[place]
            place = after(place, window)
            take_next(warp, place, window)
            rows.clear(warp.error)
            gradients.train_hidden(warp, tile)
            if not shape.frozen or warp.input_shares[word] > ZERO:
                rows.add(warp.inputs, word, warp.error, warp.input_shares[word], warp.lane)

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
                rows.load(warp.hidden, warp.inputs, warp.sentence[place], warp.lane)
                warp.loss[0] += gradients.loss(warp, tile)

    return Tiles(train, measure)
