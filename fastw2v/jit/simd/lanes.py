"""SIMD operations on float32, from which the kernels are written.

*Lanes*: one vector register, `WIDTH` float32 numbers; a *column block* of a row, the block's
number times `LANES_BYTES` bytes from the row's start. A *tile*: the same column block of K rows,
one vector each, (K, WIDTH) float32. A *pair of slots*: 2 x `SLOTS` float32, the scores or
gradients of two hidden rows with the K rows of a tile. All have the operators ``+ - *`` (see
`operators`).

K must be known to the compiler: it is the length of ``size``, a tuple of K whole numbers whose
values do not matter. Addresses are int64; offsets are bytes. Vectors must be aligned to
`LANES_BYTES`, which padded rows are (see `fastw2v.matrix.aligned`).

LLVM lowers each operation to what the processor has. Results depend on the processor only where an
operation has a parameter ``portable`` and it is None (see `fastw2v.jit.simd.width`). With the JIT
switched off (``NUMBA_DISABLE_JIT=1``) the same names come from `lanes_numpy`.
"""

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.fused import multiply_add as fma
from fastw2v.jit.simd.lane_math import (  # noqa: F401
    larger_magnitude,
    largest_magnitude,
    sigmoid,
    zero_beyond,
)
from fastw2v.jit.simd.llvm import (
    FLOAT,
    INT,
    TileType,
    block_pointer,
    broadcast_scalar,
    constant,
    lanes,
    listed_row,
    shuffle,
    slots_pair,
    tile_of,
    tile_rows,
    typed_pointer,
)
from fastw2v.jit.simd.operators import result_type, vectors_of
from fastw2v.jit.simd.reductions import horizontal_sums, sum_of_pair  # noqa: F401
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS, WIDTH

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
def multiply_add(typing, left, right, addend, portable):
    """left * right + addend; what operators broadcast, this does.

    portable: None, or `fastw2v.jit.simd.width.PORTABLE` for the same bytes on every processor.
    """
    result = result_type(result_type(left, right) or left, addend)
    if result is None:
        return None

    def generate(context, builder, signature, arguments):
        operands = [
            vectors_of(builder, kind, argument, result)
            for kind, argument in zip(signature.args[:3], arguments[:3], strict=True)
        ]
        fused = portable != types.none
        vectors = [fma(builder, *three, fused) for three in zip(*operands, strict=True)]
        return tile_of(builder, vectors) if isinstance(result, TileType) else vectors[0]

    return result(left, right, addend, portable), generate


@intrinsic
def zero_sums(typing, size, portable):
    """A tile of zeros to sum products in; a portable one has eight lanes, so that the order of sums
    is the same whatever the processor's width."""
    count, columns = size.count, WIDTH if portable == types.none else SLOTS

    def generate(context, builder, signature, arguments):
        return tile_of(builder, [constant(0.0, columns)] * count)

    return TileType(count, columns)(size, portable), generate


def _sum_products(builder, totals, rows, offset, factors, portable):
    """For each row address of ``factors``, add its products with the rows listed at ``rows`` to one
    of the ``totals``, each a list of vectors: all columns of a block.

    Row by row: only one row of the tile is in a register at a time.
    """
    columns = totals[0][0].type.count
    vector = ir.VectorType(FLOAT, columns)
    for at in range(0, LANES_BYTES, 4 * columns):
        place = builder.add(offset, ir.Constant(offset.type, at))

        def load(row, place=place):
            pointer = typed_pointer(builder, builder.add(row, place), vector)
            return builder.load(pointer, align=4 * columns)

        numbers = [load(factor) for factor in factors]
        for k in range(len(totals[0])):
            row = load(listed_row(builder, rows, k))
            for total, number in zip(totals, numbers, strict=True):
                total[k] = fma(builder, row, number, total[k], portable != types.none)


@intrinsic
def add_products(typing, totals, rows, offset, row, portable):
    """totals + tile * lanes, for the tile at ``offset`` of the rows whose addresses are listed at
    ``rows``, and the lanes at ``offset`` of the row at address ``row``. totals: `zero_sums`."""

    def generate(context, builder, signature, arguments):
        total = tile_rows(builder, arguments[0])
        _sum_products(builder, [total], *arguments[1:3], arguments[3:4], portable)
        return tile_of(builder, total)

    return totals(totals, types.int64, types.int64, types.int64, portable), generate


@intrinsic
def add_both_products(typing, totals1, totals2, rows, offset, row1, row2, portable):
    """`add_products` of two rows at once."""

    def generate(context, builder, signature, arguments):
        both = [tile_rows(builder, tile) for tile in arguments[:2]]
        _sum_products(builder, both, *arguments[2:4], arguments[4:6], portable)
        tiles = [tile_of(builder, total) for total in both]
        return context.make_tuple(builder, signature.return_type, tiles)

    tiles = types.UniTuple(totals1, 2)
    return tiles(totals1, totals2, *(types.int64,) * 4, portable), generate


@intrinsic
def add_weighted_rows(typing, total, weights, tile, portable):
    """total + the sum over k of weights[k] * tile[k], lanes; weights: a tile.

    Two chains of multiply-adds instead of one: each has to wait only for the one before the last,
    which halves the time that this sum takes.
    """

    def generate(context, builder, signature, arguments):
        total, weights, tile = arguments[:3]
        rows = tile_rows(builder, weights), tile_rows(builder, tile)
        pairs, fused = list(zip(*rows, strict=True)), portable != types.none
        for pair in pairs[::2]:
            total = fma(builder, *pair, total, fused)
        if len(pairs) == 1:
            return total
        # Begun with the product of the fourth row, then the second, the sixth: any order will do,
        # but another one gives other bytes.
        second = pairs[1::2]
        start, *others = second[1::-1] + second[2:]
        other = builder.fmul(*start)
        for pair in others:
            other = fma(builder, *pair, other, fused)
        return builder.fadd(total, other)

    return lanes(lanes, weights, tile, portable), generate


if numba.config.DISABLE_JIT:
    from fastw2v.jit.simd.lanes_numpy import *  # noqa: F403
