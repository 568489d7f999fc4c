"""Calling a compiled function by its address, which is known only at run time.

Numba links what a function calls into that function, and compiles a parallel loop as four nested
functions: each got the whole kernel, which was optimised and turned into machine code four times.
What an address points to is compiled once, whoever calls it. The address differs from process to
process, so it is an argument, never a constant in code kept on disk.
"""

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.borrowed import BorrowedType


def function_pointer(kernel, args) -> int:
    """The address of ``kernel(shard, args)``, compiled for borrowed arguments of this type.

    Compiles the kernel if it is not yet. Valid while ``kernel`` exists.
    """
    kinds = types.int64, BorrowedType(numba.typeof(args))
    kernel.compile(kinds)
    result = kernel.overloads[kinds]
    return result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


@intrinsic
def pointer_to(typing, borrowed):
    """The address of a borrowed tuple, as a number: the only form a parallel loop passes on."""

    def generate(context, builder, signature, arguments):
        return builder.ptrtoint(arguments[0], context.get_value_type(types.int64))

    return types.int64(borrowed), generate


@intrinsic
def call_pointer(typing, address, shard, place):
    """Call the kernel at ``address`` with the shard's number and the arguments at ``place``.

    address: from `function_pointer`, for arguments of the type of those at ``place``.
    place: from `pointer_to`.
    """
    kinds = types.int64, types.voidptr

    def generate(context, builder, signature, arguments):
        address, shard, place = arguments
        convention = context.call_conv
        kind = convention.get_function_type(types.none, kinds)
        kernel = builder.inttoptr(address, kind.as_pointer())
        args = builder.inttoptr(place, context.get_value_type(types.voidptr))
        status, _ = convention.call_function(builder, kernel, types.none, kinds, (shard, args))
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


if numba.config.DISABLE_JIT:

    def function_pointer(kernel, args):
        return kernel

    def pointer_to(borrowed):
        return borrowed

    def call_pointer(address, shard, place):
        address(shard, place)
