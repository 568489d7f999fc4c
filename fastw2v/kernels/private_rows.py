"""A shard's private rows: copies that it trains, independent of all other shards.

They make training with several threads reproducible (see `fastw2v.kernels.rounds`). A row is copied
when the shard first uses it in a round; at the end of the round the copy becomes the change, and
the changes of all shards are added to the shared rows. Time and memory depend on the rows used, not
on the size of the model.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import row_address, row_bytes
from fastw2v.kernels.state import PrivateRows
from fastw2v.matrix.aligned import aligned_zeros, shard_zeros


def new_private_rows(matrix: np.ndarray, shards: int, most: int) -> PrivateRows:
    """For a matrix of which a shard touches ``most`` rows in a round, or all."""
    words, width = matrix.shape
    most = min(most, words)
    return PrivateRows(
        shard_zeros(shards, words, np.int32),
        shard_zeros(shards, most, np.int32),
        aligned_zeros(shards, most, width),
        shard_zeros(shards, 16, np.int64),
    )


@compiled(inline=True)
def address_for(own, matrix, row):
    """Where the shard is to read and write a row of a matrix."""
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
    """Begin a round: all slots are free by now."""
    if own is not None:
        own.used[0] = 0


@compiled(inline=True)
def turn_into_changes(own, matrix):
    """What the shard has changed of each row, in place of its copy."""
    if own is None:
        return
    size = row_bytes(matrix)
    for slot in range(own.used[0]):
        shared, copy = row_address(matrix, own.rows[slot]), row_address(own.copies, slot)
        for offset in range(0, size, LANES_BYTES):
            lanes.store(copy, offset, lanes.load(copy, offset) - lanes.load(shared, offset))


@compiled(inline=True)
def add_changes(own_rows, matrix, part, parts):
    """Add the changes of all shards, the first one's first, to the rows of one part of a matrix;
    after this no shard has rows of its own in it."""
    if own_rows is None:
        return
    first = part * matrix.shape[0] // parts
    end = (part + 1) * matrix.shape[0] // parts
    for shard in range(own_rows.used.shape[0]):
        slots, rows, copies = own_rows.slots[shard], own_rows.rows[shard], own_rows.copies[shard]
        for slot in range(own_rows.used[shard, 0]):
            row = rows[slot]
            if first <= row < end:
                slots[row] = 0
                _add(row_address(copies, slot), row_address(matrix, row), row_bytes(matrix))


@compiled(fast=True, inline=True)
def _add(source, target, size):
    for offset in range(0, size, LANES_BYTES):
        lanes.store(target, offset, lanes.load(target, offset) + lanes.load(source, offset))
