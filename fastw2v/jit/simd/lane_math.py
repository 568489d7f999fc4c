"""Functions of every lane: the sigmoid, and keeping what has a score within limits."""

import math

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import (
    INT,
    LIBERTIES,
    call_llvm,
    constant,
    multiply_add,
    spread_over,
)


@intrinsic
def within(typing, value, score, limit):
    """``value`` where -limit < score < limit, 0 elsewhere. limit: a float32 for all lanes."""
    count = value.count

    def generate(context, builder, signature, arguments):
        value_, score_, number = arguments
        size = call_llvm(builder, "fabs", score_)
        kept = builder.fcmp_ordered("<", size, spread_over(builder, number, count))
        return builder.select(kept, value_, constant(0.0, count))

    return value(value, score, types.float32), generate


def _power_series(builder, part, same):
    """2 ** part for a part in [-1/2, 1/2], term by term in pairs: a shorter chain than one term
    after the other (Estrin 1960)."""
    terms = [same(math.log(2) ** k / math.factorial(k)) for k in range(7)] + [same(0.0)]
    while len(terms) > 1:
        terms = [
            multiply_add(builder, odd, part, even)
            for even, odd in zip(terms[::2], terms[1::2], strict=True)
        ]
        part = builder.fmul(part, part, flags=LIBERTIES)
    return terms[0]


@intrinsic
def sigmoid(typing, score):
    """1 / (1 + exp(-score)) in every lane, within 2e-7; a score that is no number gives 0 or 1."""
    count = score.count
    whole_numbers = ir.VectorType(INT, count)

    def same(value):
        return constant(value, count)

    def generate(context, builder, signature, arguments):
        power = builder.fmul(arguments[0], same(-1 / math.log(2)), flags=LIBERTIES)
        power = call_llvm(builder, "maxnum", power, same(-126.0))
        power = call_llvm(builder, "minnum", power, same(126.0))
        whole = call_llvm(builder, "rint", power)
        part = builder.fsub(power, whole)  # in [-1/2, 1/2], where the series of 2^part is short
        series = _power_series(builder, part, same)
        exponent = builder.add(
            builder.fptosi(whole, whole_numbers), ir.Constant(whole_numbers, [127] * count)
        )
        bits = builder.shl(exponent, ir.Constant(whole_numbers, [23] * count))
        exponential = builder.fmul(
            series, builder.bitcast(bits, arguments[0].type), flags=LIBERTIES
        )
        total = builder.fadd(exponential, same(1.0), flags=LIBERTIES)
        return builder.fdiv(same(1.0), total)

    return score(score), generate
