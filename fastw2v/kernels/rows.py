"""Addresses of rows and numbers, and plain arithmetic on rows outside the inner loops.

Inner loops reach memory through addresses (`fastw2v.jit.simd.lanes`): a hidden row may be an input
vector, a private copy of one, or CBOW's mean, and an address fits all of them. The kernels
compute addresses nowhere but here.

Rows are padded with zeros to whole vectors (see `fastw2v.matrix.aligned`), so every function runs
over whole rows and no loop has a remainder.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.prefetch import LINE_BYTES, prefetch
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS

_FLOAT_BYTES = 4
PAIR_BYTES = 2 * SLOTS * _FLOAT_BYTES

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


@compiled(inline=True)
def dot(left, right, portable):
    """Dot product of two rows, float32, summed in twice `SLOTS` lanes."""
    left_row, right_row = address_of(left), address_of(right)
    total = lanes.load_pair(left_row, 0) * lanes.load_pair(right_row, 0)
    for offset in range(PAIR_BYTES, row_bytes(left), PAIR_BYTES):
        ours, theirs = lanes.load_pair(left_row, offset), lanes.load_pair(right_row, offset)
        total = lanes.multiply_add(ours, theirs, total, portable)
    return lanes.sum_of_pair(total)


@compiled(inline=True)
def add_scaled(target, scale, source, portable):
    """target += scale * source; scale: float32."""
    target_row, source_row, factor = address_of(target), address_of(source), lanes.broadcast(scale)
    for offset in range(0, row_bytes(target), LANES_BYTES):
        before, numbers = lanes.load(target_row, offset), lanes.load(source_row, offset)
        lanes.store(target_row, offset, lanes.multiply_add(numbers, factor, before, portable))


@compiled(inline=True)
def clear(target):
    """target = 0"""
    for d in range(target.shape[0]):
        target[d] = np.float32(0)
