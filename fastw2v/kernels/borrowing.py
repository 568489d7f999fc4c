"""Arrays without reference counts, for hot loops.

Numba counts references to an array whenever it is taken out of a tuple, with an atomic
instruction on a counter that all threads share: in a loop that does little between, that is most
of the time on one core, and a queue on many.
"""

import numba
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _borrowed(context, builder, numba_type, value):
    """The same value; arrays in it, at any depth of tuples, no longer know their owner."""
    if isinstance(numba_type, types.Array):
        array = context.make_helper(builder, numba_type, value=value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        return array._getvalue()
    if isinstance(numba_type, types.BaseTuple):
        members = cgutils.unpack_tuple(builder, value, len(numba_type))
        borrowed = [
            _borrowed(context, builder, member_type, member)
            for member_type, member in zip(numba_type, members, strict=True)
        ]
        return context.make_tuple(builder, numba_type, borrowed)
    return value


@intrinsic
def borrow(typing, owned):
    """``owned``, an array or a tuple of such, without reference counts.

    Good for as long as the caller keeps what it lends: use it on arguments, and return none of it.
    """

    def generate(context, builder, signature, arguments):
        return _borrowed(context, builder, owned, arguments[0])

    return owned(owned), generate


if numba.config.DISABLE_JIT:

    def borrow(owned):
        return owned
