"""The operations that kernels are made of: numba-cuda's.

The names of ``cuda`` that kernels use: threadIdx, blockIdx, local.array, shared.array, atomic.add,
shfl_sync, shfl_xor_sync, ballot_sync, syncwarp, popc, ffs. The tests have a twin for each, with
which kernels run in plain Python.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple


class Lanes(NamedTuple):
    """What a kernel's source is compiled with.

    function, kernel: decorators for what is called from a kernel, and for a kernel.
    int32 ... float64: casts, also types of arrays. exp, log: of float32 or float64.
    """

    cuda: Any
    function: Callable[[Callable], Any]
    kernel: Callable[[Callable], Any]
    int32: Any
    int64: Any
    uint32: Any
    uint64: Any
    float32: Any
    float64: Any
    exp: Callable
    log: Callable


def cuda_lanes() -> Lanes:
    """numba-cuda's operations. Raises ImportError without it."""
    from numba import cuda, float32, float64, int32, int64, uint32, uint64

    return Lanes(
        cuda=cuda,
        function=cuda.jit(device=True, forceinline=True, fastmath=True),
        kernel=cuda.jit(fastmath=True, cache=True),
        int32=int32,
        int64=int64,
        uint32=uint32,
        uint64=uint64,
        float32=float32,
        float64=float64,
        exp=math.exp,
        log=math.log,
    )
