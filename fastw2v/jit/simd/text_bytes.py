"""SIMD operations on text: 64 bytes compared at once, and eight bytes read from any address.

Addresses are uint64. LLVM lowers each operation to what the processor has, from SSE2 to AVX-512;
the result is the same. With the JIT switched off the same names come from `text_bytes_numpy`.
"""

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import typed_pointer

_BYTE, _LONG = ir.IntType(8), ir.IntType(64)
_SEPARATORS = b" \t\n"
WINDOW = 64
"""Bytes that `separators` looks at."""


@intrinsic
def separators(typing, address):
    """uint64 mask of the 64 bytes at an address, lowest bit first: 1 = space, tab or newline."""
    window = ir.VectorType(_BYTE, WINDOW)

    def generate(context, builder, signature, arguments):
        text = builder.load(typed_pointer(builder, arguments[0], window), align=1)
        wanted = [ir.Constant(window, [byte] * WINDOW) for byte in _SEPARATORS]
        found = [builder.icmp_unsigned("==", text, byte) for byte in wanted]
        return builder.bitcast(builder.or_(builder.or_(*found[:2]), found[2]), _LONG)

    return types.uint64(types.uint64), generate


@intrinsic
def lowest_bit(typing, bits):
    """Index of the lowest bit of a uint64 that is 1; 64 if none is."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def eight_bytes(typing, address):
    """The eight bytes at an address as a uint64, the first byte lowest."""

    def generate(context, builder, signature, arguments):
        return builder.load(typed_pointer(builder, arguments[0], _LONG), align=1)

    return types.uint64(types.uint64), generate


if numba.config.DISABLE_JIT:
    from fastw2v.jit.simd.text_bytes_numpy import *  # noqa: F403
