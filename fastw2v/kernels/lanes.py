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
_VECTOR = ir.VectorType(_FLOAT, WIDTH)
_LIBERTIES = ("reassoc", "contract", "nsz", "arcp")
_ALIGN = BYTES


class LanesType(types.Type):
    """Numba's type of a vector of float32 numbers."""

    def __init__(self, count: int):
        self.count = count
        super().__init__(name=f"Lanes{count}")


lanes = LanesType(WIDTH)
octets = LanesType(2 * OCTET)


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        super().__init__(manager, numba_type, ir.VectorType(_FLOAT, numba_type.count))


# --- building blocks ------------------------------------------------------------------------


def _rows(count: int) -> types.UniTuple:
    return types.UniTuple(lanes, count)


def _pointer(builder, address, to):
    return builder.inttoptr(address, to.as_pointer())


def _constant(value: float, count: int = WIDTH):
    return ir.Constant(ir.VectorType(_FLOAT, count), [value] * count)


def _shuffled(builder, left, right, order):
    mask = ir.Constant(ir.VectorType(_INT, len(order)), list(order))
    return builder.shuffle_vector(left, right, mask)


def _spread(builder, scalar, count: int = WIDTH):
    """A vector with the scalar in every lane."""
    nothing = ir.Constant(ir.VectorType(_FLOAT, count), ir.Undefined)
    first = builder.insert_element(nothing, scalar, _INT(0))
    return _shuffled(builder, first, first, [0] * count)


def _call(builder, name: str, *arguments):
    """Call LLVM's own function ``llvm.NAME`` for float vectors such as the arguments."""
    vector = arguments[0].type
    kind = ir.FunctionType(vector, [vector] * len(arguments))
    name = f"llvm.{name}.v{vector.count}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def _multiply_add(builder, left, right, addend, flags=_LIBERTIES):
    product = builder.fmul(left, right, flags=flags)
    return builder.fadd(product, addend, flags=flags)


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
def load_octets(typing, address):
    """A pair of octets from an address."""

    def generate(context, builder, signature, arguments):
        vector = ir.VectorType(_FLOAT, octets.count)
        return builder.load(_pointer(builder, arguments[0], vector), align=_ALIGN)

    return octets(types.int64), generate


@intrinsic
def store(typing, address, value):
    """Write all numbers of a lanes value, or of a pair of octets, to an address."""

    def generate(context, builder, signature, arguments):
        address, value = arguments
        builder.store(value, _pointer(builder, address, value.type), align=_ALIGN)
        return context.get_dummy_value()

    return types.void(types.int64, value), generate


@intrinsic
def load_octet_twice(typing, address):
    """A pair of octets, both the eight numbers at an address, which need not be aligned."""
    octet = ir.VectorType(_FLOAT, OCTET)

    def generate(context, builder, signature, arguments):
        value = builder.load(_pointer(builder, arguments[0], octet), align=4)
        return _shuffled(builder, value, value, 2 * list(range(OCTET)))

    return octets(types.int64), generate


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
        factor = _spread(builder, arguments[1], value.count)
        return builder.fmul(arguments[0], factor, flags=_LIBERTIES)

    return value(value, types.float32), generate


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
        # Two chains instead of one: each addition waits only for the one before the last. Without
        # leave to re-order, or LLVM makes one of them again.
        chains = [arguments[0], _constant(-0.0)]
        for k, pair in enumerate(zip(left, right, strict=True)):
            chains[k % 2] = _multiply_add(builder, *pair, chains[k % 2], ("contract",))
        return builder.fadd(*chains, flags=("contract",))

    return lanes(lanes, factors, rows), generate


def _added(builder, left, right, low, high):
    """The numbers that ``low`` picks out of both vectors, plus those that ``high`` picks."""
    chosen = [_shuffled(builder, left, right, order) for order in (low, high)]
    return builder.fadd(*chosen, flags=_LIBERTIES)


def _added_by_quads(builder, left, right, low, high):
    """`_added`, where the numbers are picked in the same way from each quad (four lanes)."""
    quads = range(0, WIDTH, 4)
    low, high = ([quad + lane for quad in quads for lane in order] for order in (low, high))
    return _added(builder, left, right, low, high)


def _sum_quads(builder, values):
    """Four vectors into one: in each quad of it, the sums of the four's quads.

    Shuffles within a quad are the cheapest, so they come first, while there are many vectors.
    """
    other = WIDTH  # the lanes of the right one are counted on from the left one's
    order = (0, other, 1, other + 1), (2, other + 2, 3, other + 3)
    first = _added_by_quads(builder, *values[:2], *order)
    second = _added_by_quads(builder, *values[2:], *order)
    order = (0, 1, other, other + 1), (2, 3, other + 2, other + 3)
    return _added_by_quads(builder, first, second, *order)


def _join_quads(builder, left, right):
    """Two vectors into one: its first half the sums of left's quads, two by two, its second half
    those of right's."""
    low = [lane for lane in range(2 * WIDTH) if lane % 8 < 4]
    high = [lane + 4 for lane in low]
    return _added(builder, left, right, low, high)


def _sum_octet(builder, values):
    """Eight vectors into one, a quad of it holding a share of the sums of four of them."""
    return _join_quads(builder, *(_sum_quads(builder, four) for four in (values[:4], values[4:])))


@intrinsic
def sums(typing, first, second):
    """A pair of octets: the sums of all lanes of ``first``'s rows, then those of ``second``'s;
    places without a row are 0."""

    def generate(context, builder, signature, arguments):
        halves = []
        for kind, rows in ((first, arguments[0]), (second, arguments[1])):
            padding = [_constant(0.0)] * (OCTET - kind.count)
            values = cgutils.unpack_tuple(builder, rows, kind.count) + padding
            halves.append(_sum_octet(builder, values))
        if WIDTH == OCTET:
            return _shuffled(builder, *halves, list(range(2 * OCTET)))
        return _join_quads(builder, *halves)

    return octets(first, second), generate


def _power_series(builder, part, same):
    """2 ** part for a part in [-1/2, 1/2], term by term in pairs: a shorter chain than one term
    after the other (Estrin 1960)."""
    terms = [same(math.log(2) ** k / math.factorial(k)) for k in range(7)] + [same(0.0)]
    while len(terms) > 1:
        terms = [
            _multiply_add(builder, odd, part, even)
            for even, odd in zip(terms[::2], terms[1::2], strict=True)
        ]
        part = builder.fmul(part, part, flags=_LIBERTIES)
    return terms[0]


@intrinsic
def sigmoid(typing, score):
    """1 / (1 + exp(-score)) in every lane, within 2e-7; a score that is no number gives 0 or 1."""
    count = score.count
    whole_numbers = ir.VectorType(_INT, count)

    def same(value):
        return _constant(value, count)

    def generate(context, builder, signature, arguments):
        power = builder.fmul(arguments[0], same(-1 / math.log(2)), flags=_LIBERTIES)
        power = _call(builder, "minnum", _call(builder, "maxnum", power, same(-126.0)), same(126.0))
        whole = _call(builder, "rint", power)
        part = builder.fsub(power, whole)  # in [-1/2, 1/2], where the series of 2^part is short
        series = _power_series(builder, part, same)
        exponent = builder.add(
            builder.fptosi(whole, whole_numbers), ir.Constant(whole_numbers, [127] * count)
        )
        bits = builder.shl(exponent, ir.Constant(whole_numbers, [23] * count))
        exponential = builder.fmul(
            series, builder.bitcast(bits, arguments[0].type), flags=_LIBERTIES
        )
        total = builder.fadd(exponential, same(1.0), flags=_LIBERTIES)
        return builder.fdiv(same(1.0), total)

    return score(score), generate


if numba.config.DISABLE_JIT:
    from fastw2v.kernels.lanes_python import *  # noqa: F403
