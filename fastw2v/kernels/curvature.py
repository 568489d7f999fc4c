"""The curvature of the loss in a row: the second moment of the rows it is trained with.

The logistic loss of a hidden row h has the Hessian sum of sigma(1 - sigma) u u^T over its output
rows u, and sigma(1 - sigma) differs little. So each visit of a row adds on average H = sum of
visits(u) u u^T, where visits(u) counts how often u is trained in a window: the same for all
rows of a side. For output rows it is the second moment of the hidden rows: of input vectors in
skip-gram, of means of them in CBOW.

Only the `DIRECTIONS` largest eigenvalues of H are kept: the first is some sixty times the median,
the rest differ little, and their mean is used for all of them. They are followed by orthogonal
iteration (Rutishauser 1969, "Computational aspects of F. L. Bauer's simultaneous iteration
method"): one step at each merge, since H changes slowly.
"""

import math

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import element_address, row_address, row_bytes
from fastw2v.kernels.targets import SIX

DIRECTIONS = len(SIX)
_MEAN, _SQUARES = DIRECTIONS, DIRECTIONS + 1  # rows of ``sums`` besides those of the directions


@compiled(inline=True)
def store_products(row, direction_ptrs, size, slots, portable):
    """Write the products of a row and each direction to the slots at an address."""
    directions = element_address(direction_ptrs, 0)
    totals = lanes.zero_sums(SIX, portable)
    for offset in range(0, size, LANES_BYTES):
        totals = lanes.add_products(totals, directions, offset, row, portable)
    lanes.store_pair(slots, 0, lanes.horizontal_sums(totals, lanes.zero_sums(SIX, portable)))


@compiled(inline=True)
def add_moments(curvature, part, row, visits, slots, portable):
    """Add the row at an address to the sums of a part: visits x row (row . e) for each direction
    e, visits x row, and visits x row^2. visits: in a window, float32. slots: address of a pair of
    slots to work with."""
    size = row_bytes(curvature.sums)
    store_products(row, curvature.direction_ptrs, size, slots, portable)
    sums = element_address(curvature.sum_ptrs[part], 0)
    mean = row_address(curvature.sums, part * curvature.sums.shape[1] + _MEAN)
    for offset in range(0, size, LANES_BYTES):
        numbers = lanes.load(row, offset)
        weighted = numbers * visits
        tile = lanes.load_tile(sums, offset, SIX)
        products = lanes.broadcast_tile(slots, 0, SIX)
        tile = lanes.multiply_add(products, weighted, tile, portable)
        lanes.store_tile(sums, offset, tile)
        lanes.store(mean, offset, lanes.load(mean, offset) + weighted)
        squares = mean + size
        square = lanes.multiply_add(weighted, numbers, lanes.load(squares, offset), portable)
        lanes.store(squares, offset, square)


@compiled
def update_curvature(directions, values, sums, work, shares, size):
    """One step of the iteration with the sums of all parts, which are cleared.

    size: D. The others: fields of `fastw2v.kernels.replicas.Curvature`; each array by itself, and
    rows by their numbers, which takes less time to compile.
    """
    _take_sums(sums, work)
    trace = shares[1] * _dot(work, _MEAN, work, _MEAN)
    for d in range(work.shape[1]):
        trace += shares[0] * work[_SQUARES, d]
    if not trace > 0.0:
        return
    left = trace
    for k in range(DIRECTIONS):
        along = shares[1] * _dot(work, _MEAN, directions, k)
        for d in range(work.shape[1]):
            work[k, d] = shares[0] * work[k, d] + along * work[_MEAN, d]
        values[k] = max(0.0, _dot(work, k, directions, k))
        left -= values[k]
        # So that a direction that H does not have stays what it was.
        _add(work, k, 1e-9 * trace, directions, k)
    values[DIRECTIONS] = max(0.0, left) / max(1, size - DIRECTIONS)
    for k in range(DIRECTIONS):
        _orthonormalise(work, k)
        for d in range(work.shape[1]):
            directions[k, d] = np.float32(work[k, d])


@compiled
def _take_sums(sums, work):
    """Write the sums of all parts, in their order, to ``work``; the parts' are cleared."""
    for k in range(work.shape[0]):
        for d in range(work.shape[1]):
            work[k, d] = 0.0
    for part in range(sums.shape[0]):
        for k in range(work.shape[0]):
            for d in range(work.shape[1]):
                work[k, d] += sums[part, k, d]
                sums[part, k, d] = np.float32(0)


@compiled
def _orthonormalise(rows, k):
    """Make row k orthogonal to those before it, and of length 1 (Gram-Schmidt, twice); 0 if those
    span it already."""
    before = _dot(rows, k, rows, k)
    for _ in range(2):
        for j in range(k):
            _add(rows, k, -_dot(rows, k, rows, j), rows, j)
    squared = _dot(rows, k, rows, k)
    scale = 1.0 / math.sqrt(squared) if squared > 1e-14 * before else 0.0
    for d in range(rows.shape[1]):
        rows[k, d] *= scale


@compiled
def _add(target, i, scale, source, j):
    for d in range(target.shape[1]):
        target[i, d] += scale * source[j, d]


@compiled
def _dot(left, i, right, j):
    total = 0.0
    for d in range(left.shape[1]):
        total += left[i, d] * right[j, d]
    return total
