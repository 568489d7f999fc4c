"""Calling a compiled function by its address, known only when the call is made.

Numba links what a function calls into that function, and compiles a parallel loop as four
functions one around the other: each got the shard's whole walk, optimised and turned into machine
code four times over. An address is a number; what it leads to is compiled once. It differs from
process to process, so it is an argument, never a constant in code that is kept on disk.
"""

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def address_of(function, *arguments) -> int:
    """Where the compiled function for arguments of these types lies; compiled now if need be.

    Good for as long as ``function`` lives.
    """
    kinds = tuple(map(numba.typeof, arguments))
    function.compile(kinds)
    result = function.overloads[kinds]
    return result.library.get_pointer_to_function(result.fndesc.llvm_func_name)


@intrinsic
def call_at(typing, address, arguments):
    """Call the function at an address, which must be that of `address_of` for arguments of the
    same types, with a tuple of arguments. It returns nothing."""

    def generate(context, builder, signature, values):
        convention = context.call_conv
        kinds = list(arguments)
        kind = convention.get_function_type(types.none, kinds)
        function = builder.inttoptr(values[0], kind.as_pointer())
        members = cgutils.unpack_tuple(builder, values[1], len(kinds))
        status, _ = convention.call_function(builder, function, types.none, kinds, members)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return context.get_dummy_value()

    return types.void(types.int64, arguments), generate


if numba.config.DISABLE_JIT:

    def address_of(function, *arguments):
        return function

    def call_at(address, arguments):
        address(*arguments)
