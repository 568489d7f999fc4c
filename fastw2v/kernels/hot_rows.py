"""Hot rows: the tree's nodes near the root, of which each shard trains its own replica.

Every word's path starts there, and threads that all write the same few rows wait for each other's
cache lines. So each shard trains a copy of these rows, and from time to time adds its changes to
the shared rows and reads the changes of the others (after Vuurens, Eickhoff, de Vries 2016,
"Efficient parallel learning of Word2Vec").
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import row_address, row_bytes
from fastw2v.matrix.aligned import aligned_zeros, padded
from fastw2v.settings import Settings

HOT_NODES = 64
"""Nodes copied, 28 KB at 100 dimensions. They take a tenth of all visits (half of them if nodes are
not sub-sampled), and nearly all of those in which threads would wait for each other."""

WINDOWS = 1_000
"""Windows trained between two merges: merging then takes less than 1 % of the time."""


def copies_shape(words: int, settings: Settings) -> tuple[int, int, int]:
    """(T, K, P), the shape of all shards' copies of K nodes; K is 0 if a shard needs none."""
    alone = settings.threads == 1 or settings.in_rounds
    rows = 0 if alone else min(HOT_NODES, words - 1)
    return settings.threads, rows, padded(settings.size)


def new_copies(nodes: np.ndarray, settings: Settings) -> np.ndarray:
    """Room for each shard's copies, float32, as `copies_shape` has it."""
    return aligned_zeros(*copies_shape(len(nodes), settings))


@compiled(inline=True)
def take_hot_rows(shard, hierarchical):
    """Copy the current shared rows."""
    size, shared, copies, merged = _blocks(shard, hierarchical)
    for offset in range(0, size, LANES_BYTES):
        now = lanes.load(shared, offset)
        lanes.store(copies, offset, now)
        lanes.store(merged, offset, now)


@compiled(inline=True)
def merge_after_windows(shard, counters, hierarchical):
    """Merge once `WINDOWS` windows were trained since the last time."""
    if counters.kept - counters.round_kept >= WINDOWS:
        merge_hot_rows(shard, hierarchical)
        counters.round_kept = counters.kept


@compiled(fast=True, inline=True)
def merge_hot_rows(shard, hierarchical):
    """Add the shard's changes since the last merge to the shared rows, then copy these."""
    size, shared, copies, merged = _blocks(shard, hierarchical)
    for offset in range(0, size, LANES_BYTES):
        change = lanes.load(copies, offset) - lanes.load(merged, offset)
        now = lanes.load(shared, offset) + change
        lanes.store(shared, offset, now)
        lanes.store(copies, offset, now)
        lanes.store(merged, offset, now)


@compiled(inline=True)
def _blocks(shard, hierarchical):
    """The copied rows as one block each: its bytes, and the addresses of the shared rows, of the
    shard's copies, and of what these were after the last merge."""
    rows = hierarchical.copies.shape[1]
    size = rows * row_bytes(hierarchical.outputs)
    shared = row_address(hierarchical.outputs, first_copied(hierarchical))
    copies = row_address(hierarchical.copies, shard * rows)
    return size, shared, copies, row_address(hierarchical.merged, shard * rows)


@compiled(inline=True)
def first_copied(hierarchical):
    """The first node that is copied. Nodes are numbered towards the root, which is the last row
    but one."""
    return np.int64(hierarchical.outputs.shape[0] - 1 - hierarchical.copies.shape[1])


@compiled(inline=True)
def hot_row_address(node, shard, hierarchical):
    """Address of the row that a shard trains for a node: its own copy, or the shared row."""
    first = first_copied(hierarchical)
    if node < first:
        return row_address(hierarchical.outputs, node)
    copy = shard * hierarchical.copies.shape[1] + node - first
    return row_address(hierarchical.copies, copy)
