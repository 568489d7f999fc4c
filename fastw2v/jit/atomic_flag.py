"""A flag in an array that one thread sets and kernels in others read."""

import numba
from numba import types
from numba.extending import intrinsic


@intrinsic
def is_set(typing, flags, place):
    """Whether ``flags[place]`` (int64) is not 0, read from memory at every call.

    Another thread sets it. The compiler sees no write: without an atomic load it may read the
    flag once before the loop, which then never ends early.
    """

    def generate(context, builder, signature, arguments):
        array = context.make_helper(builder, flags, value=arguments[0])
        address = builder.gep(array.data, [arguments[1]])
        value = builder.load_atomic(address, ordering="monotonic", align=8)
        return builder.icmp_signed("!=", value, value.type(0))

    return types.boolean(flags, types.intp), generate


if numba.config.DISABLE_JIT:

    def is_set(flags, place):
        return flags[place] != 0
