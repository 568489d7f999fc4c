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


@compiled(fast=True, inline=True)
def store_products(row, direction_ptrs, size, slots):
    """Write the products of a row and each direction to the slots at an address."""
    directions = element_address(direction_ptrs, 0)
    totals = lanes.zero_tile(SIX)
    for offset in range(0, size, LANES_BYTES):
        totals = totals + lanes.load_tile(directions, offset, SIX) * lanes.load(row, offset)
    lanes.store_pair(slots, 0, lanes.horizontal_sums(totals, lanes.zero_tile(SIX)))


@compiled(fast=True, inline=True)
def add_moments(curvature, part, row, visits, slots):
    """Add the row at an address to the sums of a part: visits x row (row . e) for each direction
    e, visits x row, and visits x row^2. visits: in a window, float32. slots: address of a pair of
    slots to work with."""
    size = row_bytes(curvature.sums)
    store_products(row, curvature.direction_ptrs, size, slots)
    sums = element_address(curvature.sum_ptrs[part], 0)
    mean = row_address(curvature.sums, part * curvature.sums.shape[1] + _MEAN)
    for offset in range(0, size, LANES_BYTES):
        numbers = lanes.load(row, offset)
        weighted = numbers * visits
        tile = lanes.load_tile(sums, offset, SIX)
        tile = tile + lanes.broadcast_tile(slots, 0, SIX) * weighted
        lanes.store_tile(sums, offset, tile)
        lanes.store(mean, offset, lanes.load(mean, offset) + weighted)
        squares = mean + size
        lanes.store(squares, offset, lanes.load(squares, offset) + weighted * numbers)


@compiled
def update_curvature(curvature, size):
    """One step of the iteration with the sums of all parts, which are cleared.

    size: D. ``curvature.shares`` are those of the second moment sum of visits x row row^T and of
    the outer product of the sums of visits x row.
    """
    directions, values = curvature.directions, curvature.values
    moment_share, mean_share = curvature.shares
    total = _take_sums(curvature.sums)
    trace = moment_share * total[_SQUARES].sum()
    mean = total[_MEAN]
    trace += mean_share * _dot(mean, mean)
    if not trace > 0.0:
        return
    products = moment_share * total[:DIRECTIONS]
    left = trace
    for k in range(DIRECTIONS):
        old = directions[k].astype(np.float64)
        products[k] += mean_share * _dot(mean, old) * mean
        values[k] = max(0.0, _dot(products[k], old))
        left -= values[k]
        # So that a direction that H does not have stays what it was.
        products[k] += 1e-9 * trace * old
    values[DIRECTIONS] = max(0.0, left) / max(1, size - DIRECTIONS)
    _orthonormalise(products, directions)


@compiled
def _take_sums(sums):
    """The sums of all parts, in their order, float64; the parts' are cleared."""
    total = np.zeros((DIRECTIONS + 2, sums.shape[2]), np.float64)
    for part in range(sums.shape[0]):
        for k in range(total.shape[0]):
            for d in range(total.shape[1]):
                total[k, d] += sums[part, k, d]
                sums[part, k, d] = np.float32(0)
    return total


@compiled
def _orthonormalise(rows, target):
    """Write orthonormal rows that span what ``rows`` span to ``target`` (Gram-Schmidt, each row
    twice); a row that the ones before it span already becomes 0."""
    for k in range(rows.shape[0]):
        before = math.sqrt(_dot(rows[k], rows[k]))
        for _ in range(2):
            for j in range(k):
                rows[k] -= _dot(rows[k], rows[j]) * rows[j]
        length = math.sqrt(_dot(rows[k], rows[k]))
        if length > 1e-7 * before:
            rows[k] /= length
        else:
            rows[k] = 0.0
        for d in range(rows.shape[1]):
            target[k, d] = np.float32(rows[k, d])


@compiled
def _dot(left, right):
    total = 0.0
    for d in range(left.shape[0]):
        total += left[d] * right[d]
    return total
