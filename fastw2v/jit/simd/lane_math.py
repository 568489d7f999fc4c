"""Functions of all lanes of a vector: the sigmoid, zeroing by score, and magnitudes."""

import math

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.simd.fused import multiply_add
from fastw2v.jit.simd.llvm import (
    FLOAT,
    INT,
    broadcast_scalar,
    call_llvm,
    constant,
)

_EXPONENT_BIAS, _EXPONENT_SHIFT = 127, 23  # of float32 (IEEE 754)
_LARGEST_POWER = 126.0


@intrinsic
def zero_beyond(typing, value, score, limit):
    """``value`` in lanes where |score| < limit, 0 in all others (also where score is NaN).

    value, score: lanes of the same type. limit: a float32 for all lanes.
    """
    count = value.count

    def generate(context, builder, signature, arguments):
        value_, score_, number = arguments
        size = call_llvm(builder, "fabs", score_)
        inside = builder.fcmp_ordered("<", size, broadcast_scalar(builder, number, count))
        return builder.select(inside, value_, constant(0.0, count))

    return value(value, score, types.float32), generate


def _magnitude_bits(builder, vector):
    """The bits without the sign, as integers: these have the order of the magnitudes, and NaN is
    the largest."""
    integers = ir.VectorType(INT, vector.type.count)
    mask = ir.Constant(integers, [0x7FFFFFFF] * integers.count)
    return builder.and_(builder.bitcast(vector, integers), mask)


@intrinsic
def larger_magnitude(typing, left, right):
    """The larger of |left| and |right| in each lane; NaN if either is NaN. Both have one type."""

    def generate(context, builder, signature, arguments):
        ours, theirs = (_magnitude_bits(builder, each) for each in arguments)
        larger = builder.select(builder.icmp_unsigned(">", ours, theirs), ours, theirs)
        return builder.bitcast(larger, arguments[0].type)

    return left(left, right), generate


@intrinsic
def largest_magnitude(typing, value):
    """The largest |x| of all lanes, float32; NaN if one is NaN."""

    def generate(context, builder, signature, arguments):
        bits = _magnitude_bits(builder, arguments[0])
        name = f"llvm.vector.reduce.umax.v{bits.type.count}i32"
        function_type = ir.FunctionType(INT, [bits.type])
        function = cgutils.get_or_insert_function(builder.module, function_type, name)
        return builder.bitcast(builder.call(function, [bits]), FLOAT)

    return types.float32(value), generate


def _power_series(builder, x, same, portable):
    """2 ** x for x in [-1/2, 1/2]: the first seven terms of its Taylor series, error below 2e-7.

    Pairs a + b x, and those summed by Horner's scheme in x^2: the pairs do not depend on each
    other.
    """
    terms = [same(math.log(2) ** k / math.factorial(k)) for k in range(7)]
    squared, total = builder.fmul(x, x), terms[6]
    for k in (4, 2, 0):
        pair = multiply_add(builder, terms[k + 1], x, terms[k], portable)
        total = multiply_add(builder, total, squared, pair, portable)
    return total


@intrinsic
def sigmoid(typing, score, portable):
    """1 / (1 + exp(-score)) in every lane, error below 2e-7; NaN gives some number in [0, 1].

    exp(-score) = 2^n 2^x with n = the nearest integer to -score / log(2) and x what is left, in
    [-1/2, 1/2], where the series of 2^x is short. 2^n is a float32 whose exponent bits are n plus
    the bias. n is clamped to [-126, 126], so that it is always a normal float32; the sigmoid is 0
    or 1 to float32 precision long before.

    portable: as for `fastw2v.jit.simd.lanes.multiply_add`.
    """
    count = score.count
    integers, fused = ir.VectorType(INT, count), portable != types.none

    def same(value):
        return constant(value, count)

    def generate(context, builder, signature, arguments):
        power = builder.fmul(arguments[0], same(-1 / math.log(2)))
        power = call_llvm(builder, "maxnum", power, same(-_LARGEST_POWER))
        power = call_llvm(builder, "minnum", power, same(_LARGEST_POWER))
        nearest = call_llvm(builder, "rint", power)
        series = _power_series(builder, builder.fsub(power, nearest), same, fused)
        exponent = builder.add(
            builder.fptosi(nearest, integers), ir.Constant(integers, [_EXPONENT_BIAS] * count)
        )
        bits = builder.shl(exponent, ir.Constant(integers, [_EXPONENT_SHIFT] * count))
        power_of_two = builder.bitcast(bits, arguments[0].type)
        total = multiply_add(builder, series, power_of_two, same(1.0), fused)
        return builder.fdiv(same(1.0), total)

    return score(score, portable), generate
