"""The changes of rows that ranks send to each other, and their merging.

Each rank trains all matrices for a while, from the same *base*. Then it sends the changes of the
rows it has moved to their owners; row i belongs to rank i mod R, so that frequent and rare rows
are shared out evenly. The owner adds up the changes in the order of the ranks, scales the sum by
the rule of `fastw2v.kernels.merging`, and hands it back to all: base and matrix become the same.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.curvature import add_moments
from fastw2v.kernels.merging import REST, add_scaled_change, weigh_directions
from fastw2v.kernels.rows import element_address, row_address, row_bytes

_HALF = np.uint32(0x7FFF)


@compiled
def find_moved(matrix, base, owners, often, counts, rows):
    """Write the rows that differ from their base to ``rows``, those of owner 0 first, ascending.

    often: (begin, end, inside): only the rows between the two, or only the others.
    rows: (V,) int32. counts: (R,) int64, how many rows of each owner there are. Of another order
    than ascending within an owner nothing would be the same twice.
    """
    found = 0
    first, last, inside = often
    for owner in range(owners):
        begin = found
        for row in range(owner, matrix.shape[0], owners):
            if (first <= row < last) == inside and _differs(matrix, base, row):
                rows[found] = row
                found += 1
        counts[owner] = found - begin
    return found


@compiled(inline=True)
def _differs(matrix, base, row):
    different = False
    for d in range(matrix.shape[1]):
        different = different or matrix[row, d] != base[row, d]
    return different


@compiled
def take_changes(matrix, base, rows, changes):
    """changes: (n, D) float32, of so many rows."""
    for place in range(rows.shape[0]):
        row = rows[place]
        for d in range(changes.shape[1]):
            changes[place, d] = matrix[row, d] - base[row, d]


@compiled
def add_changes(rows, changes, owners, sums, moved):
    """Add the changes of one rank to the owner's sums. sums: (K, P) float32. moved: (K,) bool."""
    for number in range(rows.shape[0]):
        place = rows[number] // owners
        moved[place] = True
        for d in range(changes.shape[1]):
            sums[place, d] += changes[number, d]


@compiled
def scale_changes(sums, moved, levels, factors, direction_ptrs, slots, portable):
    """Scale the sums of the rows that were moved by the rule of merging, in place.

    levels: (K,) uint8, of the rows; factors: see `fastw2v.kernels.merging.set_factors`.
    slots: two times SLOTS float32 to work with.
    """
    pair, zero = element_address(slots, 0), lanes.broadcast(np.float32(0))
    for place in range(sums.shape[0]):
        if moved[place]:
            change, level = row_address(sums, place), levels[place]
            own = row_address(factors, level)
            weigh_directions(change, direction_ptrs, sums, pair, own, portable)
            rest = factors[level, REST]
            for offset in range(0, row_bytes(sums), LANES_BYTES):
                scaled = add_scaled_change(
                    zero, change, offset, pair, rest, direction_ptrs, portable
                )
                lanes.store(change, offset, scaled)


@compiled
def apply_changes(matrix, base, rows, changes):
    """Move the base of the rows by the changes, (n, D) float32; the matrix becomes the same."""
    for place in range(rows.shape[0]):
        row = rows[place]
        for d in range(changes.shape[1]):
            base[row, d] += changes[place, d]
            matrix[row, d] = base[row, d]


@compiled
def look_at_rows(matrix, begin, end, step, visits, curvature, slots, portable):
    """Add every so many-th row between two to the sums of a curvature. visits: (V,) float32."""
    pair = element_address(slots, 0)
    for row in range(begin, end, step):
        add_moments(curvature, 0, row_address(matrix, row), visits[row], pair, portable)


@compiled
def to_bfloat16(numbers, halves):
    """Round float32 bits, (n, D) uint32, to their upper halves, (n, D) uint16: to even."""
    for place in range(numbers.shape[0]):
        for d in range(numbers.shape[1]):
            bits = numbers[place, d]
            odd = (bits >> np.uint32(16)) & np.uint32(1)
            halves[place, d] = np.uint16((bits + _HALF + odd) >> np.uint32(16))


@compiled
def from_bfloat16(halves, numbers):
    """The float32 bits, (n, D) uint32, whose upper halves these are."""
    for place in range(numbers.shape[0]):
        for d in range(numbers.shape[1]):
            numbers[place, d] = np.uint32(halves[place, d]) << np.uint32(16)
