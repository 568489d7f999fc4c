"""Addresses of rows and numbers, and plain arithmetic on rows outside the inner loops.

Inner loops reach memory through addresses (`fastw2v.jit.simd.lanes`): a hidden row may be an input
vector, a private copy of one, or CBOW's mean, and an address fits all of them. The kernels
compute addresses nowhere but here.

Rows are padded with zeros to whole vectors (see `fastw2v.matrix.aligned`), so every function runs
over whole rows and no loop has a remainder.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.prefetch import LINE_BYTES, prefetch
from fastw2v.jit.simd.width import SLOTS

_FLOAT_BYTES = 4

# --- addresses ------------------------------------------------------------------------------


@compiled(inline=True)
def row_bytes(matrix):
    """Bytes of one row. matrix: float32 of any shape; its rows lie along the last axis."""
    return _FLOAT_BYTES * matrix.shape[-1]


@compiled(inline=True)
def row_address(matrix, row):
    """Address of a row of a float32 matrix, int64. If ``matrix`` has more than two axes, rows are
    counted through all but the last."""
    return address_of(matrix) + np.int64(row) * row_bytes(matrix)


@compiled(inline=True)
def address_of(array):
    """Address of the first number of an array, int64."""
    return np.int64(array.ctypes.data)


@compiled(inline=True)
def element_address(array, i):
    """Address of element i of a one-dimensional array, int64."""
    return address_of(array) + np.int64(i) * array.itemsize


@compiled(inline=True)
def slots_offset(i):
    """Bytes from the slots of a tile's first hidden row to those of hidden row i."""
    return _FLOAT_BYTES * SLOTS * i


@compiled(inline=True)
def prefetch_bytes(address, size):
    """Prefetch every cache line of ``size`` bytes from an address."""
    for offset in range(0, size, LINE_BYTES):
        prefetch(address + offset)


# --- arithmetic -----------------------------------------------------------------------------


@compiled(fast=True, inline=True)
def dot(left, right):
    """Dot product of two rows, float32."""
    total = np.float32(0)
    for d in range(left.shape[0]):
        total += left[d] * right[d]
    return total


@compiled(fast=True, inline=True)
def add_scaled(target, scale, source):
    """target += scale * source; scale: float32."""
    for d in range(target.shape[0]):
        target[d] += scale * source[d]


@compiled(inline=True)
def clear(target):
    """target = 0"""
    for d in range(target.shape[0]):
        target[d] = np.float32(0)
