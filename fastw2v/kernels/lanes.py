"""Vector instructions: a few operations on lanes of float32, from which kernels are written.

A *lanes* value is one vector register of `WIDTH` float32 numbers. *Rows* are a tuple of K lanes
values, one for each of K matrix rows at the same column; K is known to the compiler from the
type of a *tile*, a tuple of K whole numbers whose values do not matter. LLVM lowers each
operation to what the processor has, with or without fused multiply-add. Addresses and offsets
are bytes, int64; what lies there must be aligned to 64 bytes.

With the JIT switched off (``NUMBA_DISABLE_JIT=1``) the same names do the same with NumPy.
"""

import math

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic, models, register_model

from fastw2v.kernels.width import BYTES, OCTET, WIDTH

_FLOAT, _INT = ir.FloatType(), ir.IntType(32)
_VECTOR, _INT_VECTOR = ir.VectorType(_FLOAT, WIDTH), ir.VectorType(_INT, WIDTH)
_LIBERTIES = ("reassoc", "contract", "nsz", "arcp")
_ALIGN = BYTES


class LanesType(types.Type):
    """Numba's type of a lanes value."""

    def __init__(self):
        super().__init__(name=f"Lanes{WIDTH}")


lanes = LanesType()


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        super().__init__(manager, numba_type, _VECTOR)


# --- building blocks ------------------------------------------------------------------------


def _rows(count: int) -> types.UniTuple:
    return types.UniTuple(lanes, count)


def _pointer(builder, address, to):
    return builder.inttoptr(address, to.as_pointer())


def _constant(value: float):
    return ir.Constant(_VECTOR, [value] * WIDTH)


def _shuffled(builder, left, right, order):
    mask = ir.Constant(ir.VectorType(_INT, len(order)), list(order))
    return builder.shuffle_vector(left, right, mask)


def _spread(builder, scalar):
    """A vector with the scalar in every lane."""
    first = builder.insert_element(ir.Constant(_VECTOR, ir.Undefined), scalar, _INT(0))
    return _shuffled(builder, first, first, [0] * WIDTH)


def _call(builder, name: str, *arguments):
    """Call LLVM's own function ``llvm.NAME`` for float vectors of this width."""
    kind = ir.FunctionType(_VECTOR, [_VECTOR] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{WIDTH}f32")
    return builder.call(function, arguments)


def _multiply_add(builder, left, right, addend):
    product = builder.fmul(left, right, flags=_LIBERTIES)
    return builder.fadd(product, addend, flags=_LIBERTIES)


def _row_pointer(builder, addresses, k: int, offset):
    listed = _pointer(builder, addresses, ir.IntType(64))
    row = builder.load(builder.gep(listed, [_INT(k)]))
    return _pointer(builder, builder.add(row, offset), _VECTOR)


# --- memory ---------------------------------------------------------------------------------


@intrinsic
def load(typing, address):
    """`WIDTH` numbers from an address."""

    def generate(context, builder, signature, arguments):
        return builder.load(_pointer(builder, arguments[0], _VECTOR), align=_ALIGN)

    return lanes(types.int64), generate


@intrinsic
def store(typing, address, value):
    """Write `WIDTH` numbers to an address."""

    def generate(context, builder, signature, arguments):
        builder.store(arguments[1], _pointer(builder, arguments[0], _VECTOR), align=_ALIGN)
        return context.get_dummy_value()

    return types.void(types.int64, lanes), generate


@intrinsic
def load_octet(typing, address):
    """Eight numbers from an address, repeated until the lanes are full."""
    octet = ir.VectorType(_FLOAT, OCTET)

    def generate(context, builder, signature, arguments):
        value = builder.load(_pointer(builder, arguments[0], octet), align=4 * OCTET)
        return _shuffled(builder, value, value, list(range(OCTET)) * (WIDTH // OCTET))

    return lanes(types.int64), generate


@intrinsic
def load_rows(typing, addresses, offset, tile):
    """The lanes at ``offset`` in K rows; ``addresses`` is where the K row addresses lie."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        pointers = [_row_pointer(builder, *arguments[:1], k, arguments[1]) for k in range(count)]
        values = [builder.load(pointer, align=_ALIGN) for pointer in pointers]
        return context.make_tuple(builder, _rows(count), values)

    return _rows(count)(types.int64, types.int64, tile), generate


@intrinsic
def store_rows(typing, addresses, offset, rows):
    """Write K lanes values to ``offset`` in K rows."""

    def generate(context, builder, signature, arguments):
        for k, value in enumerate(cgutils.unpack_tuple(builder, arguments[2], rows.count)):
            pointer = _row_pointer(builder, arguments[0], k, arguments[1])
            builder.store(value, pointer, align=_ALIGN)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, rows), generate


@intrinsic
def broadcast_rows(typing, address, tile):
    """K consecutive numbers, each spread over all lanes of its row."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        numbers = _pointer(builder, arguments[0], _FLOAT)
        scalars = [builder.load(builder.gep(numbers, [_INT(k)])) for k in range(count)]
        values = [_spread(builder, scalar) for scalar in scalars]
        return context.make_tuple(builder, _rows(count), values)

    return _rows(count)(types.int64, tile), generate


@intrinsic
def prefetch(typing, address):
    """Ask for the cache line at an address, to be read and written soon."""

    def generate(context, builder, signature, arguments):
        pointer = _pointer(builder, arguments[0], ir.IntType(8))
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, _INT, _INT, _INT])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, _INT(1), _INT(3), _INT(1)])
        return context.get_dummy_value()

    return types.void(types.int64), generate


# --- arithmetic -----------------------------------------------------------------------------


@intrinsic
def zero_rows(typing, tile):
    """K lanes values of zeros."""
    count = tile.count

    def generate(context, builder, signature, arguments):
        return context.make_tuple(builder, _rows(count), [_constant(0.0)] * count)

    return _rows(count)(tile), generate


@intrinsic
def spread(typing, number):
    """A float32 in every lane."""

    def generate(context, builder, signature, arguments):
        return _spread(builder, arguments[0])

    return lanes(types.float32), generate


def _elementwise(instruction: str, meaning: str):
    """The operation on two lanes values that is one LLVM instruction."""

    def operation(typing, left, right):
        def generate(context, builder, signature, arguments):
            return getattr(builder, instruction)(*arguments, flags=_LIBERTIES)

        return lanes(lanes, lanes), generate

    operation.__doc__ = meaning
    return intrinsic(operation)


add = _elementwise("fadd", "left + right")
subtract = _elementwise("fsub", "left - right")
multiply = _elementwise("fmul", "left * right")


@intrinsic
def add_products(typing, totals, rows, factor):
    """totals[k] + rows[k] * factor, for each of the K rows."""

    def generate(context, builder, signature, arguments):
        old = cgutils.unpack_tuple(builder, arguments[0], totals.count)
        factors = cgutils.unpack_tuple(builder, arguments[1], totals.count)
        new = [
            _multiply_add(builder, value, arguments[2], total)
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
        # Two chains instead of one: each addition waits only for the one before the last.
        chains = [arguments[0], _constant(0.0)]
        for k, pair in enumerate(zip(left, right, strict=True)):
            chains[k % 2] = _multiply_add(builder, *pair, chains[k % 2])
        return builder.fadd(*chains, flags=_LIBERTIES)

    return lanes(lanes, factors, rows), generate


def _sum_tree(builder, values):
    """One vector whose lane k is the sum of all lanes of ``values[k]``; `WIDTH` values.

    Each round adds the two halves of every value and packs two values into one, so that all the
    sums together take little more than one of them alone would.
    """
    order = [0]
    while len(order) < WIDTH:  # the lane in which each value ends up
        order = [2 * lane for lane in order] + [2 * lane + 1 for lane in order]
    values = [values[order.index(place)] for place in range(WIDTH)]
    span = WIDTH
    while len(values) > 1:
        starts = range(0, 2 * WIDTH, span)
        low = [start + lane for start in starts for lane in range(span // 2)]
        high = [lane + span // 2 for lane in low]
        half = len(values) // 2
        values = [
            builder.fadd(
                _shuffled(builder, left, right, low),
                _shuffled(builder, left, right, high),
                flags=_LIBERTIES,
            )
            for left, right in zip(values[:half], values[half:], strict=True)
        ]
        span //= 2
    return values[0]


@intrinsic
def store_sums(typing, address, first, second):
    """Write the sums of all lanes of ``first``'s rows to an octet at the address, those of
    ``second``'s rows to the octet behind it; places without a row become 0."""

    def generate(context, builder, signature, arguments):
        octets = []
        for kind, rows in ((first, arguments[1]), (second, arguments[2])):
            padding = [_constant(0.0)] * (OCTET - kind.count)
            octets.append(cgutils.unpack_tuple(builder, rows, kind.count) + padding)
        if WIDTH == OCTET:
            sums = [_sum_tree(builder, octet) for octet in octets]
        else:
            sums = [_sum_tree(builder, octets[0] + octets[1])]
        for number, value in enumerate(sums):
            place = builder.add(arguments[0], ir.IntType(64)(number * BYTES))
            builder.store(value, _pointer(builder, place, _VECTOR), align=_ALIGN)
        return context.get_dummy_value()

    return types.void(types.int64, first, second), generate


@intrinsic
def sigmoid(typing, score):
    """1 / (1 + exp(-score)) in every lane, within 2e-7; a score that is no number gives 0 or 1."""

    def generate(context, builder, signature, arguments):
        power = builder.fmul(arguments[0], _constant(-1 / math.log(2)), flags=_LIBERTIES)
        power = _call(
            builder, "minnum", _call(builder, "maxnum", power, _constant(-126.0)), _constant(126.0)
        )
        whole = _call(builder, "rint", power)
        part = builder.fsub(power, whole)  # in [-1/2, 1/2], where the series of 2^part is short
        series = _constant(0.0)
        for k in range(6, -1, -1):
            factor = math.log(2) ** k / math.factorial(k)
            series = _multiply_add(builder, series, part, _constant(factor))
        exponent = builder.add(
            builder.fptosi(whole, _INT_VECTOR), ir.Constant(_INT_VECTOR, [127] * WIDTH)
        )
        bits = builder.shl(exponent, ir.Constant(_INT_VECTOR, [23] * WIDTH))
        exponential = builder.fmul(series, builder.bitcast(bits, _VECTOR), flags=_LIBERTIES)
        total = builder.fadd(exponential, _constant(1.0), flags=_LIBERTIES)
        return builder.fdiv(_constant(1.0), total)

    return lanes(lanes), generate


if numba.config.DISABLE_JIT:
    from fastw2v.kernels.lanes_python import *  # noqa: F403
