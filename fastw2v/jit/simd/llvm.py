"""What the operations on lanes are made of: their types for Numba, and steps in LLVM's language."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, register_model

from fastw2v.jit.simd.width import OCTET, WIDTH

FLOAT, INT = ir.FloatType(), ir.IntType(32)
VECTOR = ir.VectorType(FLOAT, WIDTH)
LIBERTIES = ("reassoc", "contract", "nsz", "arcp")


class LanesType(types.Type):
    """Numba's type of a vector of float32 numbers."""

    def __init__(self, count: int):
        self.count = count
        super().__init__(name=f"Lanes{count}")


lanes = LanesType(WIDTH)
octets = LanesType(2 * OCTET)


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        super().__init__(manager, numba_type, ir.VectorType(FLOAT, numba_type.count))


def rows_type(count: int) -> types.UniTuple:
    return types.UniTuple(lanes, count)


def typed_pointer(builder, address, to):
    return builder.inttoptr(address, to.as_pointer())


def constant(value: float, count: int = WIDTH):
    return ir.Constant(ir.VectorType(FLOAT, count), [value] * count)


def shuffled(builder, left, right, order):
    mask = ir.Constant(ir.VectorType(INT, len(order)), list(order))
    return builder.shuffle_vector(left, right, mask)


def spread_over(builder, scalar, count: int = WIDTH):
    """A vector with the scalar in every lane."""
    nothing = ir.Constant(ir.VectorType(FLOAT, count), ir.Undefined)
    first = builder.insert_element(nothing, scalar, INT(0))
    return shuffled(builder, first, first, [0] * count)


def call_llvm(builder, name: str, *arguments):
    """Call LLVM's own function ``llvm.NAME`` for float vectors such as the arguments."""
    vector = arguments[0].type
    kind = ir.FunctionType(vector, [vector] * len(arguments))
    name = f"llvm.{name}.v{vector.count}f32"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), arguments)


def multiply_add(builder, left, right, addend, flags=LIBERTIES):
    product = builder.fmul(left, right, flags=flags)
    return builder.fadd(product, addend, flags=flags)


def row_pointer(builder, addresses, k: int, offset):
    listed = typed_pointer(builder, addresses, ir.IntType(64))
    row = builder.load(builder.gep(listed, [INT(k)]))
    return typed_pointer(builder, builder.add(row, offset), VECTOR)
