"""Replicas: copies of the rows that are trained most, one set for each worker.

A row that several cores write is sent from cache to cache at each write. So each worker, a shard or
a few shards, trains copies of its own of the K rows with the most visits, and from time to time
the changes of all workers are merged (see `fastw2v.kernels.rounds` and `merging`). All other rows
are shared: two workers seldom train the same one at the same time (Hogwild: Niu, Recht, Re, Wright
2011).
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import address_of, row_address, row_bytes


class MatrixReplicas(NamedTuple):
    """The replicas of one matrix (V, P): R workers, K rows each; K = 0: all rows are shared."""

    matrix: np.ndarray  # (V, P) float32
    copies: np.ndarray  # (R, K, P) float32
    first: int  # the row of the matrix of which the first copy is made; the others follow it
    # of the rows that are copied, those from one to before the other are merged after each round;
    # the others, before or after them, after several
    often_begin: int
    often_end: int
    visits: np.ndarray  # (K,) float32, visits of each copied row in a window, on average
    levels: np.ndarray  # (K,) uint8, the logarithm of the same (see `merging`)
    factors: np.ndarray  # (LEVELS, 2 SLOTS) float32, by level (see `merging`)


class Curvature(NamedTuple):
    """How fast rows of one side relax, and along which directions: see `curvature`."""

    directions: np.ndarray  # (DIRECTIONS, P) float32, orthonormal: those of the largest curvatures
    values: np.ndarray  # (DIRECTIONS + 1,) float64, curvatures; the last: mean of all others
    direction_ptrs: np.ndarray  # (DIRECTIONS,) int64, their addresses
    sums: np.ndarray  # (T, at least DIRECTIONS + 2, P) float32, of each part of the rows
    sum_ptrs: np.ndarray  # (T, at least DIRECTIONS) int64, addresses of the first ones
    work: np.ndarray  # (DIRECTIONS + 2, P) float64, to work with
    shares: np.ndarray  # (2,) float64, of the second moment and of the mean in the curvature


class Replicas(NamedTuple):
    """All replicas; None for matrices that there are not."""

    inputs: MatrixReplicas
    outputs: MatrixReplicas | None
    nodes: MatrixReplicas | None
    pending: np.ndarray  # (2,) float64, words since seldom merged rows were, and words x rate
    input_curvature: Curvature  # of input rows, from output rows and nodes
    output_curvature: Curvature  # of output rows and nodes, from input rows


class WorkerRows(NamedTuple):
    """Where one worker finds the rows of one matrix."""

    first: int  # its first copied row
    count: int  # how many follow, that one included
    origin: int  # where row 0 would be if all rows were copied, address


@compiled(inline=True)
def worker_rows(worker, replicas):
    """The `WorkerRows` of a worker; None of None."""
    if replicas is None:
        return None
    copies, first = replicas.copies, np.int64(replicas.first)
    origin = row_address(copies, worker * copies.shape[1]) - first * row_bytes(copies)
    return WorkerRows(first, np.int64(copies.shape[1]), origin)


@compiled(inline=True)
def worker_of(shard, shards, replicas):
    """The number of the worker that a shard belongs to."""
    return shard * np.int64(replicas.inputs.copies.shape[0]) // np.int64(shards)


@compiled(inline=True)
def address_for(own, matrix, row):
    """Address of the row that a worker trains: its copy, or the shared row."""
    place = np.int64(row) - own.first
    # One of the two addresses, not a branch: which it is cannot be guessed.
    copied = (place >= 0) & (place < own.count)
    origin = own.origin if copied else address_of(matrix)
    return origin + np.int64(row) * row_bytes(matrix)


@compiled(inline=True)
def take_copies(worker, replicas):
    """Copy the shared rows."""
    if replicas is None:
        return
    copies = replicas.copies
    source = row_address(replicas.matrix, replicas.first)
    target = row_address(copies, worker * copies.shape[1])
    for offset in range(0, copies.shape[1] * row_bytes(copies), LANES_BYTES):
        lanes.store(target, offset, lanes.load(source, offset))
