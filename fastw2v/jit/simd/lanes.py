"""SIMD operations on float32, from which the kernels are written.

*Lanes*: one vector register, `WIDTH` float32 numbers; a *column block* of a row, the block's
number times `LANES_BYTES` bytes from the row's start. A *tile*: the same column block of K rows,
one vector each, (K, WIDTH) float32. A *pair of slots*: 2 x `SLOTS` float32, the scores or
gradients of two hidden rows with the K rows of a tile. All have the operators ``+ - *`` (see
`operators`).

K must be known to the compiler: it is the length of ``size``, a tuple of K whole numbers whose
values do not matter. Addresses are int64; offsets are bytes. Vectors must be aligned to
`LANES_BYTES`, which padded rows are (see `fastw2v.matrix.aligned`).

LLVM lowers each operation to what the processor has, with or without fused multiply-add. With the
JIT switched off (``NUMBA_DISABLE_JIT=1``) the same names come from `lanes_numpy`.
"""

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

import fastw2v.jit.simd.operators  # noqa: F401
from fastw2v.jit.simd.lane_math import sigmoid, zero_beyond  # noqa: F401
from fastw2v.jit.simd.llvm import (
    FLOAT,
    INT,
    TileType,
    block_pointer,
    broadcast_scalar,
    constant,
    lanes,
    listed_row,
    multiply_add,
    shuffle,
    slots_pair,
    tile_of,
    tile_rows,
    typed_pointer,
)
from fastw2v.jit.simd.reductions import horizontal_sums  # noqa: F401
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS

_PAIR = ir.VectorType(FLOAT, 2 * SLOTS)

# --- loading and storing --------------------------------------------------------------------


@intrinsic
def load(typing, row, offset):
    """The lanes at ``offset`` of the row at address ``row``."""

    def generate(context, builder, signature, arguments):
        return builder.load(block_pointer(builder, *arguments), align=LANES_BYTES)

    return lanes(types.int64, types.int64), generate


@intrinsic
def store(typing, row, offset, value):
    """Write lanes to ``offset`` of the row at address ``row``."""

    def generate(context, builder, signature, arguments):
        row, offset, value = arguments
        builder.store(value, block_pointer(builder, row, offset), align=LANES_BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, lanes), generate


@intrinsic
def load_tile(typing, rows, offset, size):
    """The column block at ``offset`` of K rows, whose addresses are listed at ``rows``."""
    count = size.count

    def generate(context, builder, signature, arguments):
        rows, offset, _ = arguments
        pointers = [
            block_pointer(builder, listed_row(builder, rows, k), offset) for k in range(count)
        ]
        return tile_of(builder, [builder.load(each, align=LANES_BYTES) for each in pointers])

    return TileType(count)(types.int64, types.int64, size), generate


@intrinsic
def store_tile(typing, rows, offset, tile):
    """Write a tile to the column block at ``offset`` of K rows, whose addresses are listed at
    ``rows``."""

    def generate(context, builder, signature, arguments):
        rows, offset, tile = arguments
        for k, value in enumerate(tile_rows(builder, tile)):
            pointer = block_pointer(builder, listed_row(builder, rows, k), offset)
            builder.store(value, pointer, align=LANES_BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, tile), generate


@intrinsic
def load_pair(typing, address, offset):
    """The pair of slots ``offset`` bytes from an address."""

    def generate(context, builder, signature, arguments):
        pointer = typed_pointer(builder, builder.add(*arguments), _PAIR)
        return builder.load(pointer, align=LANES_BYTES)

    return slots_pair(types.int64, types.int64), generate


@intrinsic
def store_pair(typing, address, offset, value):
    """Write a pair of slots ``offset`` bytes from an address."""

    def generate(context, builder, signature, arguments):
        address, offset, value = arguments
        pointer = typed_pointer(builder, builder.add(address, offset), _PAIR)
        builder.store(value, pointer, align=LANES_BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, slots_pair), generate


@intrinsic
def load_twice(typing, address):
    """A pair of slots, both the `SLOTS` numbers at an address, which need not be aligned."""
    slots = ir.VectorType(FLOAT, SLOTS)

    def generate(context, builder, signature, arguments):
        value = builder.load(typed_pointer(builder, arguments[0], slots), align=4)
        return shuffle(builder, value, value, 2 * list(range(SLOTS)))

    return slots_pair(types.int64), generate


# --- arithmetic -----------------------------------------------------------------------------


@intrinsic
def broadcast(typing, number):
    """A float32 in every lane."""

    def generate(context, builder, signature, arguments):
        return broadcast_scalar(builder, arguments[0])

    return lanes(types.float32), generate


@intrinsic
def broadcast_tile(typing, address, offset, size):
    """A tile whose row k has the k-th of the numbers ``offset`` bytes from an address in every
    lane."""
    count = size.count

    def generate(context, builder, signature, arguments):
        numbers = typed_pointer(builder, builder.add(*arguments[:2]), FLOAT)
        scalars = [builder.load(builder.gep(numbers, [INT(k)])) for k in range(count)]
        return tile_of(builder, [broadcast_scalar(builder, scalar) for scalar in scalars])

    return TileType(count)(types.int64, types.int64, size), generate


@intrinsic
def zero_tile(typing, size):
    """A tile of zeros."""
    count = size.count

    def generate(context, builder, signature, arguments):
        return tile_of(builder, [constant(0.0)] * count)

    return TileType(count)(size), generate


@intrinsic
def add_products(typing, totals1, totals2, rows, offset, factor1, factor2):
    """totals1 + tile * factor1 and totals2 + tile * factor2, for the tile at ``offset`` of the rows
    whose addresses are listed at ``rows``.

    Row by row: only one row of the tile is in a register at a time. factor1, factor2: lanes.
    """

    def generate(context, builder, signature, arguments):
        rows, offset, *factors = arguments[2:]
        totals = [tile_rows(builder, tile) for tile in arguments[:2]]
        for k in range(totals1.rows):
            pointer = block_pointer(builder, listed_row(builder, rows, k), offset)
            row = builder.load(pointer, align=LANES_BYTES)
            for total, factor in zip(totals, factors, strict=True):
                total[k] = multiply_add(builder, row, factor, total[k])
        tiles = [tile_of(builder, total) for total in totals]
        return context.make_tuple(builder, signature.return_type, tiles)

    tiles = types.UniTuple(totals1, 2)
    return tiles(totals1, totals2, types.int64, types.int64, lanes, lanes), generate


@intrinsic
def add_weighted_rows(typing, total, weights, tile):
    """total + the sum over k of weights[k] * tile[k], lanes; weights: a tile.

    Two chains of multiply-adds instead of one: each has to wait only for the one before the last,
    which halves the time that this sum takes. Without the flag "reassoc", which would let LLVM
    join them into one chain again.
    """

    def generate(context, builder, signature, arguments):
        total, weights, tile = arguments
        chains = [total, constant(-0.0)]  # -0 + x is x for every x, also for -0
        pairs = zip(tile_rows(builder, weights), tile_rows(builder, tile), strict=True)
        for k, pair in enumerate(pairs):
            chains[k % 2] = multiply_add(builder, *pair, chains[k % 2], ("contract",))
        return builder.fadd(*chains, flags=("contract",))

    return lanes(lanes, weights, tile), generate


if numba.config.DISABLE_JIT:
    from fastw2v.jit.simd.lanes_numpy import *  # noqa: F403
