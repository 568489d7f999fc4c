"""Prefetching: start loading a cache line before it is needed."""

import numba
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.simd.llvm import INT, typed_pointer

LINE_BYTES = 64
"""Bytes of a cache line, on all processors that matter here; a wrong value costs only speed."""

_FOR_WRITING, _KEEP_IN_ALL_CACHES, _DATA = INT(1), INT(3), INT(1)


@intrinsic
def prefetch(typing, address):
    """Start loading the cache line at an address, to be read and written soon. Any address is
    safe: the processor ignores those it cannot read.

    address: int64 or uint64.
    """

    def generate(context, builder, signature, arguments):
        pointer = typed_pointer(builder, arguments[0], ir.IntType(8))
        function_type = ir.FunctionType(ir.VoidType(), [pointer.type, INT, INT, INT])
        name = "llvm.prefetch.p0"
        function = cgutils.get_or_insert_function(builder.module, function_type, name)
        builder.call(function, [pointer, _FOR_WRITING, _KEEP_IN_ALL_CACHES, _DATA])
        return context.get_dummy_value()

    return types.void(address), generate


if numba.config.DISABLE_JIT:

    def prefetch(address):
        """Nothing: without the compiler there is nothing to speed up."""
