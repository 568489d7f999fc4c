"""Where rows of float32 lie, and plain arithmetic on them for what is not hot.

Rows are padded with zeros (see `fastw2v.matrix.aligned`), so every function runs over whole rows
and has no tail to mind.
"""

import numpy as np

from fastw2v.jit.compiled import compiled


@compiled(inline=True)
def row_bytes(matrix):
    """From one row's address to the next one's."""
    return 4 * matrix.shape[1]


@compiled(inline=True)
def row_address(matrix, row):
    """Where a row of float32 lies."""
    return matrix.ctypes.data + np.int64(row) * row_bytes(matrix)


@compiled(fast=True, inline=True)
def dot(left, right):
    """Sum of products of two rows."""
    total = np.float32(0)
    for d in range(left.shape[0]):
        total += left[d] * right[d]
    return total


@compiled(fast=True, inline=True)
def add_scaled(target, scale, source):
    """target += scale * source, ``scale`` float32"""
    for d in range(target.shape[0]):
        target[d] += scale * source[d]


@compiled(inline=True)
def clear(target):
    """target = 0"""
    for d in range(target.shape[0]):
        target[d] = np.float32(0)
