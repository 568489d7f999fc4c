"""The wish that kernels stop, as they see it."""

import numba
from numba import types
from numba.extending import intrinsic

from fastw2v.kernels.state import STOP


@intrinsic
def stop_asked(typing, control):
    """Whether ``control[STOP]`` is set, read from memory each time.

    Another thread sets it. Without the word "atomic" the compiler, which sees nobody write there,
    may read it once before the loop, and the loop never ends early.
    """

    def generate(context, builder, signature, arguments):
        array = context.make_helper(builder, control, value=arguments[0])
        place = builder.gep(array.data, [context.get_constant(types.intp, STOP)])
        value = builder.load_atomic(place, ordering="monotonic", align=8)
        return builder.icmp_signed("!=", value, value.type(0))

    return types.boolean(control), generate


if numba.config.DISABLE_JIT:

    def stop_asked(control):
        return control[STOP] != 0
