"""Multiply-add on float32 vectors: with one rounding (fused) or two.

Which of the two a processor does would change bytes, so portable arithmetic is always fused. Where
there is no such instruction, float64 does the same in a dozen steps.
"""

from llvmlite import ir

from fastw2v.jit.simd.llvm import call_llvm
from fastw2v.jit.simd.width import has_multiply_add

_CONTRACT = ("contract",)
_DOUBLE, _LONG = ir.DoubleType(), ir.IntType(64)


def multiply_add(builder, left, right, addend, portable: bool):
    """left * right + addend. Not portable: LLVM makes one fused instruction of it or two others,
    as the processor has it."""
    if not portable:
        product = builder.fmul(left, right, flags=_CONTRACT)
        return builder.fadd(product, addend, flags=_CONTRACT)
    if has_multiply_add():
        return call_llvm(builder, "fma", left, right, addend)
    return _from_float64(builder, left, right, addend)


def _from_float64(builder, left, right, addend):
    """The product is exact in float64. Their sum is rounded to odd: its last bit is set if anything
    was lost, so that rounding it again, to float32, goes the right way (Boldo, Melquiond 2008,
    "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd")."""
    kind = left.type
    doubles, longs = ir.VectorType(_DOUBLE, kind.count), ir.VectorType(_LONG, kind.count)
    left, right, addend = (builder.fpext(each, doubles) for each in (left, right, addend))
    product = builder.fmul(left, right)
    total = builder.fadd(product, addend)
    # What the sum has lost, exactly (Knuth's TwoSum); NaN where it is not finite.
    back = builder.fsub(total, product)
    lost = builder.fadd(
        builder.fsub(product, builder.fsub(total, back)), builder.fsub(addend, back)
    )

    def same(number):
        return ir.Constant(longs, [number] * kind.count)

    bits, lost_bits = builder.bitcast(total, longs), builder.bitcast(lost, longs)
    inexact = builder.fcmp_ordered("!=", lost, ir.Constant(doubles, [0.0] * kind.count))
    even = builder.icmp_signed("==", builder.and_(bits, same(1)), same(0))
    outwards = builder.icmp_signed(">=", builder.xor(bits, lost_bits), same(0))
    step = builder.select(outwards, same(1), same(-1))
    odd = builder.select(builder.and_(inexact, even), builder.add(bits, step), bits)
    return builder.fptrunc(builder.bitcast(odd, doubles), kind)
