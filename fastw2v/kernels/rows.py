"""Rows of float32 in memory, and plain arithmetic on them for what is not hot.

Rows are padded with zeros to a multiple of 16 numbers, so every function runs over whole rows
and has no tail to mind.
"""

import numpy as np

from fastw2v.compiling import compiled

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
    """Zeros, (shards, at least ``count``): what one shard writes is on no cache line of another.

    Two lines that processors fetch as a pair count as one.
    """
    step = _APART // np.dtype(kind).itemsize
    return aligned_zeros(shards, -(-count // step) * step, kind=kind)


@compiled(hot=True)
def row_bytes(matrix):
    """From one row's address to the next one's."""
    return 4 * matrix.shape[1]


@compiled(hot=True)
def row_address(matrix, row):
    """Where a row of float32 lies."""
    return matrix.ctypes.data + np.int64(row) * row_bytes(matrix)


@compiled(fast=True, hot=True)
def dot(left, right):
    """Sum of products of two rows."""
    total = np.float32(0)
    for d in range(left.shape[0]):
        total += left[d] * right[d]
    return total


@compiled(fast=True, hot=True)
def add_scaled(target, scale, source):
    """target += scale * source, ``scale`` float32"""
    for d in range(target.shape[0]):
        target[d] += scale * source[d]


@compiled(hot=True)
def clear(target):
    """target = 0"""
    for d in range(target.shape[0]):
        target[d] = np.float32(0)
