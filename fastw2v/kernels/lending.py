"""Tuples of arrays lent to hot functions: by their address, without reference counts.

What kernels hand on are tuples of dozens of arrays. Numba passes a tuple as each single number of
each array in it, hundreds for every call, and most of the time of compiling went into writing
that down. And it counts references to an array whenever it is taken out of a tuple, with an
atomic instruction on a counter that all threads share: in a loop that does little between, that
is most of the time on one core, and a queue on many.

So a named tuple is lent: what is handed on is where it lies on the lender's stack. Its fields are
read as before; a tuple in it is again lent. Once all is melted into one function, LLVM sees
through the addresses, and keeps in registers what it can.
"""

import numba
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    infer_getattr,
    intrinsic,
    lower_getattr_generic,
    models,
    register_model,
)


class LentType(types.Type):
    """Numba's type of a named tuple that is lent."""

    def __init__(self, lent: types.BaseNamedTuple):
        self.lent = lent
        super().__init__(name=f"Lent{lent.instance_class.__name__}({hash_of(lent)})")


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
