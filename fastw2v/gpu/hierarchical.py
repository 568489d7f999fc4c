"""Hierarchical softmax: see `fastw2v.kernels.layers.hierarchical`, and for the nodes near the root
`fastw2v.kernels.node_subsampling`."""

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.negative import Layer
from fastw2v.gpu.random import Random
from fastw2v.gpu.shape import Shape
from fastw2v.gpu.tiles import Tiles
from fastw2v.gpu.warps import Tile

_FIRST_BIT = 1 << 31


def hierarchical_layer(lanes: Lanes, shape: Shape, random: Random, tiles: Tiles) -> Layer:
    int32, float32, uint32 = lanes.int32, lanes.float32, lanes.uint32
    levels, size = shape.levels, shape.tile
    ZERO = float32(0)

    @lanes.function
    def nodes_skipped(warp):
        """How many nodes of a path, from the root on, are left out this time."""
        bits = random.draw_for_all(warp.random)
        bit = uint32(_FIRST_BIT)
        skipped = levels
        while skipped > 0 and bits & bit == 0:
            skipped -= 2
            bit = uint32(bit >> uint32(1))
        return max(0, skipped)

    @lanes.function
    def put_tile(warp, window, first, end, steps):
        """The nodes of the path from place ``first`` in ``steps`` on."""
        count = min(size, end - first)
        step = steps[first + min(warp.slot, count - 1)]
        rate = window.rate if warp.slot < count else ZERO
        return Tile(count, int32(step >> 1), float32(1 - (step & 1)), rate)

    @lanes.function
    def train(warp, window, matrices, tables):
        end = tables.start[window.word + 1]
        first = min(tables.start[window.word] + nodes_skipped(warp), end - 1)
        while first < end:
            tile = put_tile(warp, window, first, end, tables.steps)
            tiles.train(warp, window, tile, matrices.nodes, tables.node_shares)
            first += size

    @lanes.function
    def measure(warp, window, matrices, tables):
        first, end = tables.start[window.word], tables.start[window.word + 1]
        while first < end:
            tile = put_tile(warp, window, first, end, tables.steps)
            tiles.measure(warp, window, tile, matrices.nodes)
            first += size

    return Layer(train, measure)
