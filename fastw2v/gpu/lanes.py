"""The operations that kernels are made of: numba-cuda's.

The names of ``cuda`` that kernels use: threadIdx, blockIdx, gridDim, local.array, shared.array,
atomic.add, shfl_sync, shfl_xor_sync, ballot_sync, syncwarp, popc, ffs. The tests have a twin for
each, with which kernels run in plain Python.
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from fastw2v.system.ownership import NotOurOwnError, check_own_folder, make_own_folder


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


def _kept_kernel(function: Callable) -> Any:
    """A kernel whose compiled code is kept on disk, if that can be written and is the user's own:
    to read it is to run what is in it (see `fastw2v.jit.code_cache`)."""
    from numba import cuda

    try:
        kernel = cuda.jit(fastmath=True, cache=True)(function)
        folder = kernel.stats.cache_path
        make_own_folder(folder)
        check_own_folder(folder)
    except (RuntimeError, OSError, NotOurOwnError):
        return cuda.jit(fastmath=True)(function)
    return kernel


def cuda_lanes() -> Lanes:
    """numba-cuda's operations. Raises ImportError without it."""
    from numba import cuda, float32, float64, int32, int64, uint32, uint64

    return Lanes(
        cuda=cuda,
        function=cuda.jit(device=True, forceinline=True, fastmath=True),
        kernel=_kept_kernel,
        int32=int32,
        int64=int64,
        uint32=uint32,
        uint64=uint64,
        float32=float32,
        float64=float64,
        exp=math.exp,
        log=math.log,
    )
