"""The operators + - * on lanes and tiles, so that kernels read as formulas.

Both operands have the same type, or one is broadcast: a float32 to all lanes, lanes to all rows of
a tile. Any other pair does not compile. Each operator is one LLVM instruction per vector, rounded
by itself: `fastw2v.jit.simd.lanes.multiply_add` is fused.

They are registered as Numba's own operators are. `numba.extending.overload` would compile a
function for each use of an operator, which takes longer.
"""

import operator

from numba import types
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import lower_builtin

from fastw2v.jit.simd.llvm import (
    LanesType,
    TileType,
    broadcast_scalar,
    lanes,
    tile_of,
    tile_rows,
)

_INSTRUCTIONS = {operator.add: "fadd", operator.sub: "fsub", operator.mul: "fmul"}
_VECTORS = (LanesType, TileType)
_OPERANDS = (*_VECTORS, types.Float)


def result_type(left, right):
    """Numba type of the result; None if the operands do not fit together."""
    if isinstance(left, _VECTORS) and left == right:
        return left
    for wide, narrow in ((left, right), (right, left)):
        if isinstance(wide, LanesType) and narrow == types.float32:
            return wide
        if isinstance(wide, TileType) and narrow == lanes:
            return wide
    return None


def vectors_of(builder, operand_type, operand, result):
    """The operand as one vector for each vector of the result, broadcast where necessary."""
    if isinstance(operand_type, TileType):
        return tile_rows(builder, operand)
    if isinstance(operand_type, types.Float):
        return [broadcast_scalar(builder, operand, result.count)]
    return [operand] * getattr(result, "rows", 1)


def _register(function, instruction: str) -> None:
    @infer_global(function)
    class _Operator(AbstractTemplate):
        def generic(self, operands, keywords):
            result = result_type(*operands) if len(operands) == 2 else None
            return None if result is None else signature(result, *operands)

    def lower(context, builder, signature, arguments):
        result = signature.return_type
        left, right = (
            vectors_of(builder, operand_type, operand, result)
            for operand_type, operand in zip(signature.args, arguments, strict=True)
        )
        emit = getattr(builder, instruction)
        vectors = [emit(*pair) for pair in zip(left, right, strict=True)]
        return tile_of(builder, vectors) if isinstance(result, TileType) else vectors[0]

    for left in _OPERANDS:
        for right in _OPERANDS:
            if left in _VECTORS or right in _VECTORS:
                lower_builtin(function, left, right)(lower)


for _function, _instruction in _INSTRUCTIONS.items():
    _register(_function, _instruction)
