"""A flag in an array that one thread sets and kernels in others read."""

import numba
from numba import types
from numba.extending import intrinsic


@intrinsic
def is_set(typing, flags, place):
    """Whether ``flags[place]`` (int64) is not 0, read from memory each time.

    Another thread sets it. Without the word "atomic" the compiler, which sees nobody write there,
    may read it once before the loop, and the loop never ends early.
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
