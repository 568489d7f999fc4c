"""Vector instructions: a few operations on lanes of float32, from which kernels are written.

A *lanes* value is one vector register of `WIDTH` float32 numbers. *Rows* are a tuple of K lanes
values, one for each of K matrix rows at the same column; K is known to the compiler from the
type of a *tile*, a tuple of K whole numbers whose values do not matter. LLVM lowers each
operation to what the processor has, with or without fused multiply-add. Addresses and offsets
are bytes, int64; what lies there must be aligned to 64 bytes.

With the JIT switched off (``NUMBA_DISABLE_JIT=1``) the same names do the same with NumPy.
"""

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.simd.lane_math import sigmoid, within  # noqa: F401
from fastw2v.jit.simd.llvm import (
    FLOAT,
    INT,
    LIBERTIES,
    VECTOR,
    constant,
    lanes,
    multiply_add,
    octets,
    row_pointer,
    rows_type,
    shuffled,
    spread_over,
    typed_pointer,
)
from fastw2v.jit.simd.reductions import sums  # noqa: F401
from fastw2v.jit.simd.width import BYTES, OCTET

# --- memory ---------------------------------------------------------------------------------


@intrinsic
def load(typing, address):
    """`WIDTH` numbers from an address."""

    def generate(context, builder, signature, arguments):
        return builder.load(typed_pointer(builder, arguments[0], VECTOR), align=BYTES)

    return lanes(types.int64), generate


@intrinsic
def load_octets(typing, address):
    """A pair of octets from an address."""

    def generate(context, builder, signature, arguments):
        vector = ir.VectorType(FLOAT, octets.count)
        return builder.load(typed_pointer(builder, arguments[0], vector), align=BYTES)

    return octets(types.int64), generate


@intrinsic
def store(typing, address, value):
    """Write all numbers of a lanes value, or of a pair of octets, to an address."""

    def generate(context, builder, signature, arguments):
        address, value = arguments
        builder.store(value, typed_pointer(builder, address, value.type), align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, value), generate


@intrinsic
def load_octet_twice(typing, address):
    """A pair of octets, both the eight numbers at an address, which need not be aligned."""
    octet = ir.VectorType(FLOAT, OCTET)

    def generate(context, builder, signature, arguments):
        value = builder.load(typed_pointer(builder, arguments[0], octet), align=4)
        return shuffled(builder, value, value, 2 * list(range(OCTET)))

    return octets(types.int64), generate


@intrinsic
def load_rows(typing, addresses, offset, tile):
    """The lanes at ``offset`` in K rows; ``addresses`` is where the K row addresses lie."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        pointers = [row_pointer(builder, *arguments[:1], k, arguments[1]) for k in range(count)]
        values = [builder.load(pointer, align=BYTES) for pointer in pointers]
        return context.make_tuple(builder, rows_type(count), values)

    return rows_type(count)(types.int64, types.int64, tile), generate


@intrinsic
def store_rows(typing, addresses, offset, rows):
    """Write K lanes values to ``offset`` in K rows."""

    def generate(context, builder, signature, arguments):
        for k, value in enumerate(cgutils.unpack_tuple(builder, arguments[2], rows.count)):
            pointer = row_pointer(builder, arguments[0], k, arguments[1])
            builder.store(value, pointer, align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, rows), generate


@intrinsic
def broadcast_rows(typing, address, tile):
    """K consecutive numbers, each spread over all lanes of its row."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        numbers = typed_pointer(builder, arguments[0], FLOAT)
        scalars = [builder.load(builder.gep(numbers, [INT(k)])) for k in range(count)]
        values = [spread_over(builder, scalar) for scalar in scalars]
        return context.make_tuple(builder, rows_type(count), values)

    return rows_type(count)(types.int64, tile), generate


@intrinsic
def prefetch(typing, address):
    """Ask for the cache line at an address, to be read and written soon."""

    def generate(context, builder, signature, arguments):
        pointer = typed_pointer(builder, arguments[0], ir.IntType(8))
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, INT, INT, INT])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, INT(1), INT(3), INT(1)])
        return context.get_dummy_value()

    return types.void(types.int64), generate


# --- arithmetic -----------------------------------------------------------------------------


@intrinsic
def zero_rows(typing, tile):
    """K lanes values of zeros."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        return context.make_tuple(builder, rows_type(count), [constant(0.0)] * count)

    return rows_type(count)(tile), generate


@intrinsic
def spread(typing, number):
    """A float32 in every lane."""

    def generate(context, builder, signature, arguments):
        return spread_over(builder, arguments[0])

    return lanes(types.float32), generate


def _elementwise(instruction: str, meaning: str):
    """The operation on two lanes values that is one LLVM instruction."""

    def operation(typing, left, right):
        def generate(context, builder, signature, arguments):
            return getattr(builder, instruction)(*arguments, flags=LIBERTIES)

        return left(left, left), generate

    operation.__doc__ = meaning
    return intrinsic(operation)


add = _elementwise("fadd", "left + right")
subtract = _elementwise("fsub", "left - right")
multiply = _elementwise("fmul", "left * right")


@intrinsic
def scale(typing, value, number):
    """value * number, a float32"""

    def generate(context, builder, signature, arguments):
        factor = spread_over(builder, arguments[1], value.count)
        return builder.fmul(arguments[0], factor, flags=LIBERTIES)

    return value(value, types.float32), generate


@intrinsic
def add_products(typing, totals, rows, factor):
    """totals[k] + rows[k] * factor, for each of the K rows."""

    def generate(context, builder, signature, arguments):
        old = cgutils.unpack_tuple(builder, arguments[0], totals.count)
        factors = cgutils.unpack_tuple(builder, arguments[1], totals.count)
        new = [
            multiply_add(builder, value, arguments[2], total)
            for value, total in zip(factors, old, strict=True)
        ]
        return context.make_tuple(builder, totals, new)

    return totals(totals, rows, lanes), generate


@intrinsic
def add_combination(typing, total, factors, rows):
    """total + the sum over k of factors[k] * rows[k]."""

    def generate(context, builder, signature, arguments):
        left = cgutils.unpack_tuple(builder, arguments[1], rows.count)
        right = cgutils.unpack_tuple(builder, arguments[2], rows.count)
        # Two chains instead of one: each addition waits only for the one before the last. Without
        # leave to re-order, or LLVM makes one of them again.
        chains = [arguments[0], constant(-0.0)]
        for k, pair in enumerate(zip(left, right, strict=True)):
            chains[k % 2] = multiply_add(builder, *pair, chains[k % 2], ("contract",))
        return builder.fadd(*chains, flags=("contract",))

    return lanes(lanes, factors, rows), generate


if numba.config.DISABLE_JIT:
    from fastw2v.jit.simd.lanes_numpy import *  # noqa: F403
