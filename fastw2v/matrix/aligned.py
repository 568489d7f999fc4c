"""Arrays aligned to cache lines.

Rows of vectors are padded with zeros to a multiple of 16 numbers, so that each starts a cache line.
"""

import numpy as np

ROW_MULTIPLE = 16  # float32 numbers in 64 bytes
_ALIGNMENT = 128  # bytes


def padded(size: int) -> int:
    """``size`` rounded up to whole cache lines of float32: ``padded(100) == 112``."""
    return -(-size // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(*shape: int, kind=np.float32) -> np.ndarray:
    """Zeros in C order, of type ``kind``, at an address divisible by `_ALIGNMENT`."""
    count = int(np.prod(shape, dtype=np.int64))
    size = np.dtype(kind).itemsize
    memory = np.zeros(count + _ALIGNMENT // size, kind)
    skip = (-memory.ctypes.data % _ALIGNMENT) // size
    return memory[skip : skip + count].reshape(shape)


def shard_zeros(shards: int, count: int, kind=np.float32) -> np.ndarray:
    """Zeros, (shards, at least ``count``), without false sharing: no two shards share a cache line.

    Pairs of lines that processors fetch together count as one.
    """
    step = _ALIGNMENT // np.dtype(kind).itemsize
    return aligned_zeros(shards, -(-count // step) * step, kind=kind)
