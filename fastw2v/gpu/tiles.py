"""Training a window on a tile of targets; the update of `fastw2v.kernels.logistic`.

The tile's output rows are read once. Skip-gram: each context word's input vector is scored with
them and moves at once; what moves the output rows is collected, and added at the window's end. CBOW:
there is one hidden row, whose error is collected over all tiles.
"""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import ALL, Rows
from fastw2v.gpu.scores import LANES_OF_SLOT, score_function
from fastw2v.gpu.shape import Shape


class Tiles(NamedTuple):
    """Functions of kernels."""

    train: Any  # (warp, window, tile, matrix, shares)
    measure: Any  # (warp, window, tile, matrix): adds this lane's part to ``warp.loss``


def tile_functions(lanes: Lanes, shape: Shape, rows: Rows, limit: float) -> Tiles:
    """limit: of scores; those beyond it train nothing, 0 for no limit."""
    cuda, float32, float64 = lanes.cuda, lanes.float32, lanes.float64
    exp, log, cbow, size = lanes.exp, lanes.log, shape.cbow, shape.tile
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
            train_hidden(warp, tile)
            if not shape.frozen or warp.input_shares[word] > ZERO:
                rows.add(warp.inputs, word, warp.error, warp.input_shares[word], warp.lane)

    @lanes.function
    def train(warp, window, tile, matrix, shares):
        open_tile(warp, tile, matrix)
        if cbow:
            train_hidden(warp, tile)
        else:
            train_context(warp, window, tile)
        for target in range(size):
            row = row_of(tile, target)
            if target < tile.targets:
                rows.add(matrix, row, warp.moves[target], shares[row], warp.lane)

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

    @lanes.function
    def measure(warp, window, tile, matrix):
        open_tile(warp, tile, matrix)
        if cbow:
            warp.loss[0] += loss(warp, tile)
            return
        for place in range(window.first, window.last + 1):
            if place != window.place:
                rows.load(warp.hidden, warp.inputs, warp.sentence[place], warp.lane)
                warp.loss[0] += loss(warp, tile)

    return Tiles(train, measure)
