"""Borrowed tuples of arrays: passed to functions by address, without reference counts.

Kernels pass on tuples of dozens of arrays. Numba passes a tuple as each single number of each
array in it, hundreds for every call, and most of the compile time went into that code. And it
counts references to an array whenever it is taken out of a tuple, by an atomic instruction on a
counter that all threads share: in short loops this took most of the time on one core, and made
the threads wait for one another.

So a named tuple is borrowed: what is passed is its address on the owner's stack. Its fields are
read as before; a named tuple in it is borrowed again. Once everything is inlined into one
function, LLVM sees through the addresses and keeps values in registers.
"""

import hashlib

import numba
from numba import types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, models, register_model


class BorrowedType(types.Type):
    """Numba's type of a borrowed named tuple. owned: the type of the tuple itself."""

    def __init__(self, owned: types.BaseNamedTuple):
        self.owned = owned
        # Part of every function's name: the whole type would make these kilobytes long.
        digest = hashlib.blake2b(str(owned).encode(), digest_size=6).hexdigest()
        super().__init__(name=f"Borrowed{owned.instance_class.__name__}{digest}")

    def field(self, name: str) -> tuple[int, types.Type]:
        """Position and type of a field; a named tuple in the borrowed one is borrowed too."""
        place = self.owned.fields.index(name)
        kind = self.owned.types[place]
        return place, BorrowedType(kind) if isinstance(kind, types.BaseNamedTuple) else kind


@register_model(BorrowedType)
class _BorrowedModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        owned = manager.lookup(numba_type.owned).get_value_type()
        super().__init__(manager, numba_type, owned.as_pointer())


@infer_getattr
class _BorrowedFields(AttributeTemplate):
    key = BorrowedType

    def generic_resolve(self, borrowed, name):
        return borrowed.field(name)[1] if name in borrowed.owned.fields else None


@lower_getattr_generic(BorrowedType)
def _field(context, builder, borrowed, address, name):
    place, kind = borrowed.field(name)
    member = cgutils.gep_inbounds(builder, address, 0, place)
    return member if isinstance(kind, BorrowedType) else builder.load(member)


def _put(context, builder, kind, value, address):
    """Store a value; arrays in it, at any depth of named tuples, lose the link to their owner."""
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
def to_owned(typing, borrowed):
    """The named tuple that was borrowed."""

    def generate(context, builder, signature, arguments):
        return builder.load(arguments[0])

    return borrowed.owned(borrowed), generate


@intrinsic
def borrow(typing, owned):
    """Borrow a named tuple of arrays, numbers and such tuples.

    Valid while the caller runs and holds the tuple: no function may return it, or pass an array
    out of it to a function that counts references.
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
