"""What a processor can do with text and Numba has no word for: 64 bytes compared at once, bytes
from any address, asking for memory before it is needed.

Addresses are uint64. LLVM lowers each operation to what the processor has, from SSE2 to AVX-512;
the result is the same. With the JIT switched off the same names do the same in Python.
"""

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

_BYTE, _INT, _LONG = ir.IntType(8), ir.IntType(32), ir.IntType(64)
_BLANKS = b" \t\n"
WINDOW = 64
"""Bytes that `separators` looks at."""


@intrinsic
def separators(typing, address):
    """One bit for each of the 64 bytes at an address, the first lowest: space, tab or newline."""
    window = ir.VectorType(_BYTE, WINDOW)

    def generate(context, builder, signature, arguments):
        text = builder.load(builder.inttoptr(arguments[0], window.as_pointer()), align=1)
        blanks = [ir.Constant(window, [blank] * WINDOW) for blank in _BLANKS]
        found = [builder.icmp_unsigned("==", text, blank) for blank in blanks]
        return builder.bitcast(builder.or_(builder.or_(*found[:2]), found[2]), _LONG)

    return types.uint64(types.uint64), generate


@intrinsic
def lowest_bit(typing, bits):
    """The number of the lowest bit that is 1; 64 where none is."""

    def generate(context, builder, signature, arguments):
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.uint64(types.uint64), generate


@intrinsic
def eight_bytes(typing, address):
    """The eight bytes at an address, the first lowest."""

    def generate(context, builder, signature, arguments):
        return builder.load(builder.inttoptr(arguments[0], _LONG.as_pointer()), align=1)

    return types.uint64(types.uint64), generate


@intrinsic
def prefetch(typing, address):
    """Ask for the cache line at an address, to be read and written soon."""

    def generate(context, builder, signature, arguments):
        pointer = builder.inttoptr(arguments[0], _BYTE.as_pointer())
        kind = ir.FunctionType(ir.VoidType(), [pointer.type, _INT, _INT, _INT])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        builder.call(function, [pointer, _INT(1), _INT(3), _INT(1)])
        return context.get_dummy_value()

    return types.void(types.uint64), generate


if numba.config.DISABLE_JIT:
    from fastw2v.jit.simd.text_bytes_python import *  # noqa: F403
