"""Private rows: copies on which a shard trains, so that it does not see what other shards do.

For deterministic training (see `fastw2v.kernels.rounds`). A row is copied when the shard first
uses it in a round. At the end of the round each copy is replaced by its change, and
the changes of all shards are added to the shared rows. Time and memory depend on the number of rows
used in a round, not on the size of the model.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import row_address, row_bytes


@compiled(inline=True)
def address_for(own, matrix, row):
    """Address of the row that a shard trains: its copy, or the shared row if ``own`` is None."""
    if own is None:
        return row_address(matrix, row)
    return _own_address(own, matrix, row)


@compiled(inline=True)
def _own_address(own, matrix, row):
    slot = np.int64(own.slots[row]) - 1
    if slot < 0:
        slot = own.used[0]
        own.used[0] = slot + 1
        own.slots[row] = slot + 1
        own.rows[slot] = row
        _copy(row_address(matrix, row), row_address(own.copies, slot), row_bytes(matrix))
    return row_address(own.copies, slot)


@compiled(inline=True)
def _copy(source, target, size):
    for offset in range(0, size, LANES_BYTES):
        lanes.store(target, offset, lanes.load(source, offset))


@compiled(inline=True)
def forget_copies(own):
    """Start a round: the end of the last one has released all copies."""
    if own is not None:
        own.used[0] = 0


@compiled(inline=True)
def turn_into_changes(own, matrix):
    """Replace each copy by its change, copy - shared row."""
    if own is None:
        return
    size = row_bytes(matrix)
    for slot in range(own.used[0]):
        shared, copy = row_address(matrix, own.rows[slot]), row_address(own.copies, slot)
        for offset in range(0, size, LANES_BYTES):
            lanes.store(copy, offset, lanes.load(copy, offset) - lanes.load(shared, offset))


@compiled(inline=True)
def add_changes(private_rows, matrix, part, parts):
    """Add the changes of all shards to the shared rows of one part of a matrix, and release the
    copies. The order is that of the shards, so the result does not depend on the threads."""
    if private_rows is None:
        return
    first = part * matrix.shape[0] // parts
    end = (part + 1) * matrix.shape[0] // parts
    for shard in range(private_rows.used.shape[0]):
        slots, rows = private_rows.slots[shard], private_rows.rows[shard]
        copies = private_rows.copies[shard]
        for slot in range(private_rows.used[shard, 0]):
            row = rows[slot]
            if first <= row < end:
                slots[row] = 0
                _add(row_address(copies, slot), row_address(matrix, row), row_bytes(matrix))


@compiled(fast=True, inline=True)
def _add(source, target, size):
    for offset in range(0, size, LANES_BYTES):
        lanes.store(target, offset, lanes.load(target, offset) + lanes.load(source, offset))
