"""The changes of rows that ranks send to each other, and their merging.

Each rank trains all matrices for a while, from the same *base*. Then it writes the changes of the
rows it has moved for their owners; row i belongs to rank i mod R, so that frequent and rare rows
are shared out evenly. The owner adds up the changes in the order of the ranks, scales the sum by
the rule of `fastw2v.kernels.merging`, and hands it to all: the base moves by it. What a rank has
sent is taken back from its matrix, so that it may have trained on in the meantime.

Changes are `fastw2v.kernels.records`, those of one owner in the order of the rows: so each row is
needed once, with all that belongs to it, and sums need no memory.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS
from fastw2v.kernels.curvature import add_moments
from fastw2v.kernels.merging import REST, add_scaled_change, weigh_directions
from fastw2v.kernels.records import Numbers, read_record, write_record
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


class Places(NamedTuple):
    """nexts, ends: (R,) int64, from where to where in all records those of each rank are that
    belong to some rows. nexts move on."""

    nexts: Array
    ends: Array


class Rule(NamedTuple):
    """How sums of changes are scaled: see `fastw2v.kernels.merging`.

    levels: (V,) uint8. factors: (LEVELS, 2 SLOTS) float32. direction_ptrs: of a `Curvature`.
    size, form: of the records, as in `Replica`.
    """

    levels: Array
    factors: Array
    direction_ptrs: Array
    portable: int | None
    size: int
    form: int


class Work(NamedTuple):
    """Memory to work with of one thread: two rows, of which the second is 0 where rows are padded.
    slots: two times SLOTS float32."""

    change: Numbers
    other: Numbers
    slots: Array

    @classmethod
    def new(cls, columns: int) -> "Work":
        """For matrices of so many columns."""
        return cls(Numbers.new(columns), Numbers.new(columns), aligned_zeros(2 * SLOTS))


# The tuples are borrowed: to count references to their arrays took most of the time.


@compiled
def take_changes(replica, rows, records, work):
    """Write a record of each of the rows that was moved; returns how many."""
    return _take_changes(borrow(replica), rows, borrow(records), borrow(work))


@compiled(inline=True)
def _take_changes(replica, rows, records, work):
    found = 0
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        _prefetch(replica, min(row + _AHEAD * rows.step, replica.matrix.shape[0] - 1))
        if _take(replica, row, work.change.floats):
            write_record(records, found, row, work.change, replica.size, replica.form)
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
def merge_changes(rows, received, places, rule, records, work):
    """Merge what all ranks have sent of these rows. Writes a record of each row that any of them
    has moved; returns how many.

    received: `Records` of all ranks, one after the other. places: of these rows.
    """
    return _merge_changes(
        rows, borrow(received), borrow(places), borrow(rule), borrow(records), borrow(work)
    )


@compiled(inline=True)
def _merge_changes(rows, received, places, rule, records, work):
    found = 0
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        if _add_up(row, received, places, rule, work):
            _scale(work.change.floats, work.slots, rule, rule.levels[row])
            write_record(records, found, row, work.change, rule.size, rule.form)
            found += 1
    return found


@compiled(inline=True)
def _add_up(row, received, places, rule, work):
    """Write the sum of a row's changes to ``work.change``; returns whether there are any."""
    moved = False
    for rank in range(places.nexts.shape[0]):
        place = places.nexts[rank]
        if place < places.ends[rank] and received.rows[place, 0] == row:
            places.nexts[rank] = place + 1
            if not moved:
                _clear(work.change.floats)
                moved = True
            read_record(received, place, work.other, rule.size, rule.form)
            add_scaled(work.change.floats, _ONE, work.other.floats, rule.portable)
    return moved


@compiled(inline=True)
def _clear(row):
    zero = lanes.broadcast(np.float32(0))
    for offset in range(0, row_bytes(row), LANES_BYTES):
        lanes.store(address_of(row), offset, zero)


@compiled(inline=True)
def _scale(change, slots, rule, level):
    """Scale a sum of changes, (P,) float32, by the rule."""
    sums, pair = address_of(change), element_address(slots, 0)
    factors, zero = row_address(rule.factors, level), lanes.broadcast(np.float32(0))
    weigh_directions(sums, rule.direction_ptrs, change, pair, factors, rule.portable)
    rest = rule.factors[level, REST]
    for offset in range(0, row_bytes(change), LANES_BYTES):
        scaled = add_scaled_change(
            zero, sums, offset, pair, rest, rule.direction_ptrs, rule.portable
        )
        lanes.store(sums, offset, scaled)


@compiled
def apply_changes(replica, merged, work):
    """Move the base by the merged changes of rows; the matrix becomes the same."""
    _apply_changes(borrow(replica), borrow(merged), borrow(work))


@compiled(inline=True)
def _apply_changes(replica, merged, work):
    last, change = merged.rows.shape[0] - 1, address_of(work.other.floats)
    for place in range(last + 1):
        _prefetch(replica, merged.rows[min(place + _AHEAD, last), 0])
        row = merged.rows[place, 0]
        read_record(merged, place, work.other, replica.size, replica.form)
        matrix, base = row_address(replica.matrix, row), row_address(replica.base, row)
        for offset in range(0, row_bytes(replica.matrix), LANES_BYTES):
            moved = lanes.load(base, offset) + lanes.load(change, offset)
            lanes.store(base, offset, moved)
            lanes.store(matrix, offset, moved)


@compiled
def apply_changes_late(replica, merged, sent, work):
    """Move the base by the merged changes of rows, and the matrix by what these differ from what
    was sent: it keeps what was trained since.

    sent: `Records` of this rank's changes, which may be of some of these rows, in their order.
    """
    _apply_changes_late(borrow(replica), borrow(merged), borrow(sent), borrow(work))


@compiled(inline=True)
def _apply_changes_late(replica, merged, sent, work):
    last, at = merged.rows.shape[0] - 1, 0
    own, everyones = address_of(work.change.floats), address_of(work.other.floats)
    for place in range(last + 1):
        _prefetch(replica, merged.rows[min(place + _AHEAD, last), 0])
        row = merged.rows[place, 0]
        _clear(work.change.floats)
        if at < sent.rows.shape[0] and sent.rows[at, 0] == row:
            read_record(sent, at, work.change, replica.size, replica.form)
            at += 1
        read_record(merged, place, work.other, replica.size, replica.form)
        matrix, base = row_address(replica.matrix, row), row_address(replica.base, row)
        for offset in range(0, row_bytes(replica.matrix), LANES_BYTES):
            change = lanes.load(everyones, offset)
            lanes.store(base, offset, lanes.load(base, offset) + change)
            late = change - lanes.load(own, offset)
            lanes.store(matrix, offset, lanes.load(matrix, offset) + late)


@compiled
def look_at_rows(matrix, rows, visits, curvature, work, portable):
    """Add the rows to the sums of a curvature. visits: (V,) float32."""
    pair = element_address(work.slots, 0)
    for k in range(rows.begin, rows.end):
        row = rows.first + k * rows.step
        add_moments(curvature, 0, row_address(matrix, row), visits[row], pair, portable)
