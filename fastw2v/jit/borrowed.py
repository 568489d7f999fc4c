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

import hashlib

import numba
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model


class BorrowedType(types.Type):
    """Numba's type of a named tuple that is lent."""

    def __init__(self, lent: types.BaseNamedTuple):
        self.lent = lent
        # The name goes into every function's: the whole type would make them kilobytes long.
        digest = hashlib.blake2b(str(lent).encode(), digest_size=6).hexdigest()
        super().__init__(name=f"Lent{lent.instance_class.__name__}{digest}")

    def field(self, name: str) -> tuple[int, types.Type]:
        """Place and type of a field; what is a named tuple in the lent one is lent too."""
        place = self.lent.fields.index(name)
        kind = self.lent.types[place]
        return place, BorrowedType(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@register_model(BorrowedType)
class _LentModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        lent = manager.lookup(numba_type.lent).get_value_type()
        super().__init__(manager, numba_type, lent.as_pointer())


@infer_getattr
class _LentFields(AttributeTemplate):
    key = BorrowedType

    def generic_resolve(self, lent, name):
        return lent.field(name)[1] if name in lent.lent.fields else None


@lower_getattr_generic(BorrowedType)
def _field(context, builder, lent, address, name):
    place, kind = lent.field(name)
    member = cgutils.gep_inbounds(builder, address, 0, place)
    return member if isinstance(kind, BorrowedType) else builder.load(member)


def _put(context, builder, kind, value, address):
    """Store a value; arrays in it, at any depth of named tuples, no longer know their owner."""
    if isinstance(kind, types.BaseNamedTuple):
        members = cgutils.unpack_tuple(builder, value, len(kind))
        for place, (member_kind, member) in enumerate(zip(kind.types, members, strict=True)):
            member_address = cgutils.gep_inbounds(builder, address, 0, place)
            _put(context, builder, member_kind, member, member_address)
        return
    if isinstance(kind, types.Array):
        array = context.make_helper(builder, kind, value=value)
        array.meminfo = cgutils.get_null_value(array.meminfo.type)
        array.parent = cgutils.get_null_value(array.parent.type)
        value = array._getvalue()
    builder.store(value, address)


@intrinsic
def to_owned(typing, lent):
    """The named tuple that was lent, as it was."""

    def generate(context, builder, signature, arguments):
        return builder.load(arguments[0])

    return lent.lent(lent), generate


@intrinsic
def borrow(typing, owned):
    """A named tuple of arrays, numbers and such tuples, lent.

    Good for as long as the caller runs and keeps what it lends: no function may return it, or an
    array out of it to a function that counts references.
    """

    def generate(context, builder, signature, arguments):
        address = cgutils.alloca_once(builder, context.get_value_type(owned))
        _put(context, builder, owned, arguments[0], address)
        return address

    return BorrowedType(owned)(owned), generate


if numba.config.DISABLE_JIT:

    def borrow(owned):
        return owned

    to_owned = borrow
