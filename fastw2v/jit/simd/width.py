"""How wide the vector registers are for which the kernels are compiled."""

import llvmlite.binding as llvm

OCTET = 8
"""Gradients of one hidden row: eight places, of which a tile of K output rows uses K."""


def _host_width() -> int:
    """Lanes of the widest registers this processor has; any width works on any processor."""
    return 16 if llvm.get_host_cpu_features().get("avx512f") else 8


WIDTH = _host_width()
BYTES = 4 * WIDTH
