"""The width of the SIMD vectors for which the kernels are compiled."""

import llvmlite.binding as llvm


def _host_width() -> int:
    """float32 lanes of this processor's widest registers. LLVM splits or fills up vectors that do
    not fit a register, so any width gives the same results on any processor, only slower."""
    return 16 if llvm.get_host_cpu_features().get("avx512f") else 8


WIDTH = _host_width()
"""Lanes of a vector: float32 numbers in one register."""

LANES_BYTES = 4 * WIDTH
"""Bytes of a vector, and of the block of matrix columns that one vector holds."""

SLOTS = 8
"""float32 places for the scores, and later the gradients, of one hidden row with the output rows
of one tile: a tile of K rows uses the first K."""
