"""Arrays aligned to cache lines.

Rows of vectors are padded with zeros to a multiple of 16 numbers, so that each starts a cache line.
"""

import numpy as np

from fastw2v.matrix import pages

ROW_MULTIPLE = 16  # float32 numbers in 64 bytes
_ALIGNMENT = 128  # bytes
_MAPPED = 1 << 22  # bytes; from here on arrays have pages of their own, huge ones if available

SLAB_BYTES = 1024
"""What the working memory of two shards is apart, at least. Threads that write lines next to each
other share none, but a core that runs through its own fetches lines ahead, out of the cache of the
core that is writing them: two threads were 1.6 times one at this distance, 1.3 times at 128 bytes
(Xeon with AVX-512; no difference was seen on an EPYC of the Zen 3 kind).
Distances of 16,384 bytes lose again, since all slabs then compete for the same places in a cache.
"""


def padded(size: int) -> int:
    """``size`` rounded up to whole cache lines of float32: ``padded(100) == 112``."""
    return -(-size // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(*shape: int, kind=np.float32) -> np.ndarray:
    """Zeros in C order, of type ``kind``, at an address divisible by `_ALIGNMENT`."""
    count = int(np.prod(shape, dtype=np.int64))
    size = np.dtype(kind).itemsize
    if count * size >= _MAPPED:
        return pages.zeros(count, kind).reshape(shape)
    memory = np.zeros(count + _ALIGNMENT // size, kind)
    skip = (-memory.ctypes.data % _ALIGNMENT) // size
    return memory[skip : skip + count].reshape(shape)


def shard_zeros(shards: int, count: int, kind=np.float32) -> np.ndarray:
    """Zeros of `shard_shape`."""
    return aligned_zeros(*shard_shape(shards, count, kind), kind=kind)


def shard_shape(shards: int, count: int, kind=np.float32) -> tuple[int, int]:
    """(shards, at least ``count``), so that each row is a multiple of `SLAB_BYTES`."""
    step = SLAB_BYTES // np.dtype(kind).itemsize
    return shards, -(-count // step) * step
