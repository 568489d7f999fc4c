"""What the SIMD operations are made of: their Numba types, and short sequences of LLVM
instructions (LLVM language reference, https://llvm.org/docs/LangRef.html)."""

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import models, register_model

from fastw2v.jit.simd.width import SLOTS, WIDTH

FLOAT, INT = ir.FloatType(), ir.IntType(32)
VECTOR = ir.VectorType(FLOAT, WIDTH)


class LanesType(types.Type):
    """Numba's type of a vector of ``count`` float32 numbers."""

    def __init__(self, count: int):
        self.count = count
        super().__init__(name=f"Lanes{count}")


class TileType(types.Type):
    """Numba's type of a tile: as many columns of ``rows`` matrix rows, a vector each."""

    def __init__(self, rows: int, columns: int = WIDTH):
        self.rows, self.columns = rows, columns
        super().__init__(name=f"Tile{rows}x{columns}")


lanes = LanesType(WIDTH)
slots_pair = LanesType(2 * SLOTS)


@register_model(LanesType)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        super().__init__(manager, numba_type, ir.VectorType(FLOAT, numba_type.count))


@register_model(TileType)
class _TileModel(models.PrimitiveModel):
    def __init__(self, manager, numba_type):
        vector = ir.VectorType(FLOAT, numba_type.columns)
        super().__init__(manager, numba_type, ir.ArrayType(vector, numba_type.rows))


def tile_rows(builder, tile) -> list:
    """The vectors of a tile."""
    return cgutils.unpack_tuple(builder, tile, tile.type.count)


def tile_of(builder, rows):
    """A tile of these vectors."""
    return cgutils.pack_array(builder, rows, rows[0].type)


def typed_pointer(builder, address, to):
    return builder.inttoptr(address, to.as_pointer())


def constant(value: float, count: int = WIDTH):
    """A vector with the same number in every lane."""
    return ir.Constant(ir.VectorType(FLOAT, count), [value] * count)


def shuffle(builder, left, right, order):
    """The lanes ``order`` of two vectors; those of ``right`` are numbered after ``left``'s."""
    mask = ir.Constant(ir.VectorType(INT, len(order)), list(order))
    return builder.shuffle_vector(left, right, mask)


def broadcast_scalar(builder, scalar, count: int = WIDTH):
    """A vector with the scalar in every lane."""
    undefined = ir.Constant(ir.VectorType(FLOAT, count), ir.Undefined)
    first = builder.insert_element(undefined, scalar, INT(0))
    return shuffle(builder, first, first, [0] * count)


def call_llvm(builder, name: str, *arguments):
    """Call LLVM's intrinsic function ``llvm.NAME`` for float vectors such as the arguments."""
    vector = arguments[0].type
    function_type = ir.FunctionType(vector, [vector] * len(arguments))
    name = f"llvm.{name}.v{vector.count}f32"
    function = cgutils.get_or_insert_function(builder.module, function_type, name)
    return builder.call(function, arguments)


def block_pointer(builder, row, offset):
    """Pointer to the vector ``offset`` bytes from the address of a row."""
    return typed_pointer(builder, builder.add(row, offset), VECTOR)


def listed_row(builder, addresses, k: int):
    """The k-th of the row addresses, int64, that are listed at an address."""
    listed = typed_pointer(builder, addresses, ir.IntType(64))
    return builder.load(builder.gep(listed, [INT(k)]))
