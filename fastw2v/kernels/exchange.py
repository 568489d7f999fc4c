"""The changes of rows that ranks send to each other, and their merging.

Each rank trains all matrices for a while, from the same *base*. Then it sends the changes of the
rows it has moved to their owners; row i belongs to rank i mod R, so that frequent and rare rows
are shared out evenly. The owner adds up the changes, its own and then the others' in the order of
the ranks, scales the sum by the rule of `fastw2v.kernels.merging`, and hands it back to all: base
and matrix become the same.

Changes are sent as `fastw2v.kernels.records`, those of one owner in the order of the rows: so the
owner needs each row once, with all that belongs to it, and no memory for sums.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS
from fastw2v.kernels.curvature import add_moments
from fastw2v.kernels.merging import REST, add_scaled_change, weigh_directions
from fastw2v.kernels.records import read_record, write_record
from fastw2v.kernels.rows import (
    add_scaled,
    address_of,
    element_address,
    prefetch_bytes,
    row_address,
    row_bytes,
)
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.matrix.arrays import Array

_AHEAD = 8  # rows that are prefetched before they are needed
_ONE = np.float32(1)


class Replica(NamedTuple):
    """A rank's matrix and its base, (V, P) float32 each, of which ``size`` columns count.

    form: of the records, see `fastw2v.kernels.records`.
    """

    matrix: Array
    base: Array
    size: int
    form: int


class Rows(NamedTuple):
    """The rows first + k x step, for k from begin until end."""

    first: int
    step: int
    begin: int
    end: int


class Rule(NamedTuple):
    """How sums of changes are scaled: see `fastw2v.kernels.merging`.

    levels: (V,) uint8. factors: (LEVELS, 2 SLOTS) float32. direction_ptrs: of a `Curvature`.
    """

    levels: Array
    factors: Array
    direction_ptrs: Array
    portable: int | None


class Work(NamedTuple):
    """Memory to work with of one thread. change, other: (P,) float32, of which the second is 0
    where rows are padded. slots: two times SLOTS float32."""

    change: Array
    other: Array
    slots: Array

    @classmethod
    def new(cls, columns: int) -> "Work":
        """For matrices of so many columns."""
        return cls(aligned_zeros(columns), aligned_zeros(columns), aligned_zeros(2 * SLOTS))


@compiled
def take_changes(replica, rows, records, work):
    """Write a record of each of the rows that was moved; returns how many."""
    found, change = 0, work.change
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        _prefetch(replica, min(row + _AHEAD * rows.step, replica.matrix.shape[0] - 1))
        if _take(replica, row, change):
            write_record(records, found, row, change, replica.size, replica.form)
            found += 1
    return found


@compiled(inline=True)
def _prefetch(replica, row):
    prefetch_bytes(row_address(replica.matrix, row), row_bytes(replica.matrix))
    prefetch_bytes(row_address(replica.base, row), row_bytes(replica.base))


@compiled(inline=True)
def _take(replica, row, change):
    """Write the change of a row to (P,) float32; returns whether there is any."""
    now, before = row_address(replica.matrix, row), row_address(replica.base, row)
    target, largest = address_of(change), lanes.broadcast(np.float32(0))
    for offset in range(0, row_bytes(change), LANES_BYTES):
        difference = lanes.load(now, offset) - lanes.load(before, offset)
        largest = lanes.larger_magnitude(largest, difference)
        lanes.store(target, offset, difference)
    return lanes.largest_magnitude(largest) != 0  # NaN, too


@compiled
def merge_changes(replica, rows, received, nexts, ends, rule, records, work):
    """Merge the changes of own rows, here and of all other ranks; the matrix becomes the same as
    the base. Writes a record of each row that was moved; returns how many.

    received: `Records` of all ranks, one after the other. nexts, ends: (R,) int64, from where to
    where those of each rank are that belong to these rows; nexts are lost.
    """
    found = 0
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        _prefetch(replica, min(row + _AHEAD * rows.step, replica.matrix.shape[0] - 1))
        moved = _take(replica, row, work.change)
        for rank in range(nexts.shape[0]):
            place = nexts[rank]
            if place < ends[rank] and received.rows[place, 0] == row:
                nexts[rank] = place + 1
                read_record(received, place, work.other, replica.size, replica.form)
                add_scaled(work.change, _ONE, work.other, rule.portable)
                moved = True
        if moved:
            _scale(work, rule, rule.levels[row])
            write_record(records, found, row, work.change, replica.size, replica.form)
            _apply(replica, row, records, found, work.other)
            found += 1
    return found


@compiled(inline=True)
def _scale(work, rule, level):
    """Scale a sum of changes by the rule."""
    change, pair = address_of(work.change), element_address(work.slots, 0)
    factors, zero = row_address(rule.factors, level), lanes.broadcast(np.float32(0))
    weigh_directions(change, rule.direction_ptrs, work.change, pair, factors, rule.portable)
    rest = rule.factors[level, REST]
    for offset in range(0, row_bytes(work.change), LANES_BYTES):
        scaled = add_scaled_change(
            zero, change, offset, pair, rest, rule.direction_ptrs, rule.portable
        )
        lanes.store(change, offset, scaled)


@compiled(inline=True)
def _apply(replica, row, records, place, change):
    """Move the base of a row by what is in a record: what all ranks get is what counts."""
    read_record(records, place, change, replica.size, replica.form)
    matrix, base = row_address(replica.matrix, row), row_address(replica.base, row)
    for offset in range(0, row_bytes(change), LANES_BYTES):
        moved = lanes.load(base, offset) + lanes.load(address_of(change), offset)
        lanes.store(base, offset, moved)
        lanes.store(matrix, offset, moved)


@compiled
def apply_changes(replica, records, work):
    """Move the base of the rows by the merged changes of other owners; the matrix becomes the
    same."""
    last = records.rows.shape[0] - 1
    for place in range(last + 1):
        _prefetch(replica, records.rows[min(place + _AHEAD, last), 0])
        _apply(replica, records.rows[place, 0], records, place, work.other)


@compiled
def look_at_rows(matrix, rows, visits, curvature, work, portable):
    """Add the rows to the sums of a curvature. visits: (V,) float32."""
    pair = element_address(work.slots, 0)
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        add_moments(curvature, 0, row_address(matrix, row), visits[row], pair, portable)
