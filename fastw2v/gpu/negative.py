"""Negative sampling: see `fastw2v.kernels.layers.negative`.

All context words of a centre word share its samples. Each lane draws one word at a time: 32 for the
warp, which last for several windows.
"""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.random import Random
from fastw2v.gpu.rows import ALL
from fastw2v.gpu.shape import LANES, Shape
from fastw2v.gpu.tiles import Tiles
from fastw2v.gpu.warps import Tile


class Layer(NamedTuple):
    """An output layer; both are functions of kernels: (warp, window, matrices, tables)."""

    train: Any
    measure: Any


def negative_layer(lanes: Lanes, shape: Shape, random: Random, tiles: Tiles) -> Layer:
    cuda, int32, float32 = lanes.cuda, lanes.int32, lanes.float32
    targets, size = shape.negative + 1, shape.tile
    ZERO, ONE = float32(0), float32(1)

    @lanes.function
    def draw_word(warp, noise):
        """A word id from the noise distribution (alias method, Walker 1977)."""
        word = random.below(random.draw(warp.random), noise.shape[0])
        luck = random.draw(warp.random)
        return int32(word) if luck <= noise[word, 0] else int32(noise[word, 1])

    @lanes.function
    def take_samples(warp, noise, wanted):
        """Use so many of the warp's samples; returns which lane has the first."""
        if warp.used[0] + wanted > LANES:
            warp.samples[0] = draw_word(warp, noise)
            warp.used[0] = int32(0)
        first = warp.used[0]
        warp.used[0] = int32(first + wanted)
        return first

    @lanes.function
    def put_tile(warp, window, first, noise):
        """The targets from number ``first`` on; number 0 is the centre word, the others samples.
        A draw of the centre word itself is not trained."""
        count = min(size, targets - first)
        centre_here = int32(1) if first == 0 else int32(0)
        lane = take_samples(warp, noise, count - centre_here) + warp.slot - centre_here
        row = cuda.shfl_sync(ALL, warp.samples[0], max(0, min(lane, LANES - 1)))
        label, rate = ZERO, window.rate
        if warp.slot < centre_here:
            row, label = window.word, ONE
        elif warp.slot >= count or row == window.word:
            row, rate = window.word, ZERO
        return Tile(count, row, label, rate)

    @lanes.function
    def train(warp, window, matrices, tables):
        for first in range(0, targets, size):
            tile = put_tile(warp, window, first, tables.noise)
            tiles.train(warp, window, tile, matrices.outputs, tables.output_shares)

    @lanes.function
    def measure(warp, window, matrices, tables):
        for first in range(0, targets, size):
            tile = put_tile(warp, window, first, tables.noise)
            tiles.measure(warp, window, tile, matrices.outputs)

    return Layer(train, measure)
