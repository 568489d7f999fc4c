"""Rows of float32 in memory, and plain arithmetic on them for what is not hot.

Rows are padded with zeros to a multiple of 16 numbers, so every function runs over whole rows
and has no tail to mind.
"""

import numpy as np

from fastw2v.compiling import compiled

ROW_MULTIPLE = 16  # float32 numbers in 64 bytes


def padded(size: int) -> int:
    """``size`` rounded up to whole cache lines of float32: ``padded(100) == 112``."""
    return -(-size // ROW_MULTIPLE) * ROW_MULTIPLE


def aligned_zeros(*shape: int) -> np.ndarray:
    """Zeros of float32, C order, the first number at an address divisible by 64."""
    count = int(np.prod(shape, dtype=np.int64))
    memory = np.zeros(count + ROW_MULTIPLE, np.float32)
    skip = (-memory.ctypes.data % 64) // 4
    return memory[skip : skip + count].reshape(shape)


@compiled(fast=True, hot=True)
def dot(left, right):
    """Sum of products of two rows."""
    total = np.float32(0)
    for d in range(left.shape[0]):
        total += left[d] * right[d]
    return total


@compiled(fast=True, hot=True)
def add(target, source):
    """target += source"""
    for d in range(target.shape[0]):
        target[d] += source[d]


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
