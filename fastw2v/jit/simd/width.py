"""What the processor that kernels are compiled for can do: vector width, fused multiply-add.

*Portable* arithmetic gives the same bytes on every processor: scores are summed in eight lanes, and
every multiply-add is fused, in hardware or not. *Native* arithmetic is whatever is fastest. On
processors with eight lanes and fused multiply-add they are the same.
"""

from functools import cache

import llvmlite.binding as llvm
from numba.core.registry import cpu_target

_ASSEMBLY = """
target triple = "{}"
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
define <8 x float> @probe(<8 x float> %a, <8 x float> %b, <8 x float> %c) {{
  %d = call <8 x float> @llvm.fma.v8f32(<8 x float> %a, <8 x float> %b, <8 x float> %c)
  ret <8 x float> %d
}}
"""


def _width() -> int:
    """float32 lanes of the processor's widest registers. LLVM splits or fills up vectors that do
    not fit a register, so any width works on any processor, only slower."""
    features = cpu_target.target_context.codegen().magic_tuple()[2]
    return 16 if "+avx512f" in features.split(",") else 8


WIDTH = _width()
"""Lanes of a vector: float32 numbers in one register."""

LANES_BYTES = 4 * WIDTH
"""Bytes of a vector, and of the block of matrix columns that one vector holds."""

SLOTS = 8
"""float32 places for the scores, and later the gradients, of one hidden row with the output rows
of one tile: a tile of K rows uses the first K. Also the lanes in which portable sums are taken."""

PORTABLE = 0
"""A mark for functions of `fastw2v.jit.simd.lanes`: portable arithmetic; None is native. Only the
type matters, which is known when kernels are compiled."""


@cache
def has_multiply_add() -> bool:
    """Whether the processor has fused multiply-add. LLVM is asked: it calls the C library's
    function where there is no instruction."""
    triple, name, features = cpu_target.target_context.codegen().magic_tuple()
    target = llvm.Target.from_triple(triple)
    machine = target.create_target_machine(cpu=name, features=features)
    return "fmaf" not in machine.emit_assembly(llvm.parse_assembly(_ASSEMBLY.format(triple)))


def arithmetic(portable: bool) -> int | None:
    """The mark to hand on. portable: the results must be the same on every processor."""
    return PORTABLE if portable or (WIDTH == SLOTS and has_multiply_add()) else None
