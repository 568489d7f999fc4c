"""Arrays that begin where a cache line does.

Rows of vectors are padded with zeros to a multiple of 16 numbers: each begins at a line of its own.
"""

import numpy as np

ROW_MULTIPLE = 16  # float32 numbers in 64 bytes
_APART = 128  # bytes


def padded(size: int) -> int:
    """``size`` rounded up to whole cache lines of float32: ``padded(100) == 112``."""
    return -(-size // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(*shape: int, kind=np.float32) -> np.ndarray:
    """Zeros in C order, the first number at an address divisible by `_APART`."""
    count = int(np.prod(shape, dtype=np.int64))
    size = np.dtype(kind).itemsize
    memory = np.zeros(count + _APART // size, kind)
    skip = (-memory.ctypes.data % _APART) // size
    return memory[skip : skip + count].reshape(shape)


def shard_zeros(shards: int, count: int, kind=np.float32) -> np.ndarray:
    """Zeros of `shard_shape`: what one shard writes is on no cache line of another."""
    return aligned_zeros(*shard_shape(shards, count, kind), kind=kind)


def shard_shape(shards: int, count: int, kind=np.float32) -> tuple[int, int]:
    """(shards, at least ``count``), so that a row ends with a cache line.

    Two lines that processors fetch as a pair count as one.
    """
    step = _APART // np.dtype(kind).itemsize
    return shards, -(-count // step) * step
