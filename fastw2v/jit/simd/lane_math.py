"""Functions of all lanes of a vector: the sigmoid, and zeroing by score."""

import math

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import (
    FAST,
    INT,
    broadcast_scalar,
    call_llvm,
    constant,
    multiply_add,
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


def _power_series(builder, x, same):
    """2 ** x for x in [-1/2, 1/2]: the first seven terms of its Taylor series, error below 2e-7.

    Summed by Estrin's scheme (Estrin 1960, "Organization of computer systems: the fixed plus
    variable structure computer"): pairs a + b x, pairs of those with x^2, then with x^4. Its
    longest chain is three dependent multiply-adds, Horner's would be six.
    """
    terms = [same(math.log(2) ** k / math.factorial(k)) for k in range(7)] + [same(0.0)]
    while len(terms) > 1:
        terms = [
            multiply_add(builder, odd, x, even)
            for even, odd in zip(terms[::2], terms[1::2], strict=True)
        ]
        x = builder.fmul(x, x, flags=FAST)
    return terms[0]


@intrinsic
def sigmoid(typing, score):
    """1 / (1 + exp(-score)) in every lane, error below 2e-7; NaN gives some number in [0, 1].

    exp(-score) = 2^n 2^x with n = the nearest integer to -score / log(2) and x what is left, in
    [-1/2, 1/2], where the series of 2^x is short. 2^n is a float32 whose exponent bits are n plus
    the bias. n is clamped to [-126, 126], so that it is always a normal float32; the sigmoid is 0
    or 1 to float32 precision long before.
    """
    count = score.count
    integers = ir.VectorType(INT, count)

    def same(value):
        return constant(value, count)

    def generate(context, builder, signature, arguments):
        power = builder.fmul(arguments[0], same(-1 / math.log(2)), flags=FAST)
        power = call_llvm(builder, "maxnum", power, same(-_LARGEST_POWER))
        power = call_llvm(builder, "minnum", power, same(_LARGEST_POWER))
        nearest = call_llvm(builder, "rint", power)
        series = _power_series(builder, builder.fsub(power, nearest), same)
        exponent = builder.add(
            builder.fptosi(nearest, integers), ir.Constant(integers, [_EXPONENT_BIAS] * count)
        )
        bits = builder.shl(exponent, ir.Constant(integers, [_EXPONENT_SHIFT] * count))
        power_of_two = builder.bitcast(bits, arguments[0].type)
        exponential = builder.fmul(series, power_of_two, flags=FAST)
        total = builder.fadd(exponential, same(1.0), flags=FAST)
        return builder.fdiv(same(1.0), total)

    return score(score), generate
