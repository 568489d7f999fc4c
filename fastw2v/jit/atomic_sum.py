"""A number in memory that several threads add to."""

import ctypes

import numba
from numba import types
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import typed_pointer


@intrinsic
def add_atomically(typing, address, amount):
    """Add to the int64 at an address; returns what it was. No two threads get the same."""

    def generate(context, builder, signature, arguments):
        amount = arguments[1]
        pointer = typed_pointer(builder, arguments[0], amount.type)
        return builder.atomic_rmw("add", pointer, amount, "monotonic")

    return types.int64(types.int64, types.int64), generate


if numba.config.DISABLE_JIT:

    def add_atomically(address, amount):
        number = ctypes.c_int64.from_address(int(address))
        before = number.value
        number.value += int(amount)
        return before
