"""Calling a compiled function by its address, known only when the call is made.

Numba links what a function calls into that function, and compiles a parallel loop as four
functions one around the other: each got the shard's whole walk, optimised and turned into machine
code four times over. An address is a number; what it leads to is compiled once, whoever calls. It
differs from process to process, so it is an argument, never a constant in code kept on disk.
"""

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from fastw2v.jit.borrowed import BorrowedType


def function_pointer(walk, task) -> int:
    """Where ``walk(shard, task)``, compiled for a lent task like this, lies; compiled now if need
    be. Good for as long as ``walk`` lives."""
    kinds = types.int64, BorrowedType(numba.typeof(task))
    walk.compile(kinds)
    result = walk.overloads[kinds]
    return result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


@intrinsic
def pointer_to(typing, lent):
    """The address of what is lent, as a number: the only form a parallel loop hands on."""

    def generate(context, builder, signature, arguments):
        return builder.ptrtoint(arguments[0], context.get_value_type(types.int64))

    return types.int64(lent), generate


@intrinsic
def call_pointer(typing, address, shard, place):
    """Call the walk at an address, which must be that of `function_pointer` for a task like the one
    lent at ``place``."""
    kinds = types.int64, types.voidptr

    def generate(context, builder, signature, arguments):
        address, shard, place = arguments
        convention = context.call_conv
        kind = convention.get_function_type(types.none, kinds)
        walk = builder.inttoptr(address, kind.as_pointer())
        lent = builder.inttoptr(place, context.get_value_type(types.voidptr))
        status, _ = convention.call_function(builder, walk, types.none, kinds, (shard, lent))
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), generate


if numba.config.DISABLE_JIT:

    def function_pointer(walk, task):
        return walk

    def pointer_to(lent):
        return lent

    def call_pointer(address, shard, place):
        address(shard, place)
