"""Merging replicas: the workers' changes of a row become one change of the shared row.

Workers that start from the same row move it towards the same place. The sum of their changes goes
too far where each of them has arrived already; the mean falls short where none has. How far a row
gets is known: near its optimum the logistic loss has a curvature, by which a row relaxes in n
visits by 1 - exp(-kappa n). So along an eigenvector of the curvature with kappa, the sum of m
workers' changes of n / m visits each is scaled by

    (1 - exp(-kappa n)) / (m (1 - exp(-kappa n / m)))

which is 1 for rare rows and flat directions, where the changes are added, and 1 / m for hot rows
along steep directions, where their mean is taken. kappa = `SLOPE` x learning rate x curvature; the
curvature is that of `fastw2v.kernels.curvature`. Derived and measured in
``benchmarks/notebook/replicas.md``.

Visits are expected ones, which are known from the counts of the words: those of a row in a window,
times windows. Rows whose visits are alike share a *level*, and factors are computed once for
each level.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS
from fastw2v.kernels.curvature import DIRECTIONS, add_moments, store_products
from fastw2v.kernels.rows import element_address, prefetch_bytes, row_address, row_bytes
from fastw2v.kernels.state import SELDOM
from fastw2v.kernels.targets import SIX
from fastw2v.model.elementary import LOG2, exp, expm1, logs

LEVELS = 256
REST = SLOTS  # place of the factor of all other directions; before it, what those differ by
_LEVELS_AN_OCTAVE = 8
_OCTAVES = 6  # level 0 is 2^6 visits in a window

SLOPE = 0.2
"""The derivative of the logistic function, sigma(1 - sigma), on average over trained scores: it is
from .1 to .25 for those between -2 and 2."""

_FLAT = 1e-5  # kappa n below which the factor is 1 in float32, or nearly so


def levels_of(visits: np.ndarray) -> np.ndarray:
    """The level of each row, uint8. visits: in a window, float."""
    octaves = logs(np.maximum(np.asarray(visits, np.float64), 2.0**-64)) / LOG2
    levels = np.rint((_OCTAVES - octaves) * _LEVELS_AN_OCTAVE)
    return np.clip(levels, 0, LEVELS - 1).astype(np.uint8)


@compiled
def set_factors(factors, levels, workers, curvatures, windows, rate):
    """Compute the factors of all levels, (LEVELS, 2 SLOTS) float32, for changes in so many windows
    of all workers together, at a mean learning rate.

    levels: (K,) uint8, of the rows. curvatures: (DIRECTIONS + 1,) float64, see
    `fastw2v.kernels.replicas.Curvature`.
    """
    last = np.int64(-1)
    for place in range(levels.shape[0]):
        last = max(last, np.int64(levels[place]))
    for level in range(last + 1):
        visits = windows * exp(LOG2 * (_OCTAVES - level / _LEVELS_AN_OCTAVE))
        # Those that visit the row at all, on average; of one, all changes count.
        visitors = max(1.0, workers * -expm1(-visits / workers))
        steepness = SLOPE * rate * visits
        rest = merging_factor(steepness * curvatures[DIRECTIONS], visitors)
        factors[level, REST] = rest
        for k in range(DIRECTIONS):
            factors[level, k] = merging_factor(steepness * curvatures[k], visitors) - rest


@compiled(inline=True)
def merging_factor(steepness, visitors):
    """What the sum of changes is multiplied by. steepness: kappa n; visitors: m, 1 or more."""
    if not steepness > _FLAT:
        return 1.0
    return expm1(-steepness) / (visitors * expm1(-steepness / visitors))


@compiled(inline=True)
def merge_rows(replicas, curvature, other, part, shared):
    """Merge one of as many parts of the rows that are due as there are shards: all copies and the
    shared row become the same. The order of sums is that of the workers.

    curvature: of these rows. other: of the rows that are trained with these: their second moment
    is summed here, while they are at hand, over those that are merged after each round.
    """
    if replicas is None:
        return
    seldom = shared.shards.control[SELDOM] != 0
    begin, end = part_of_places(replicas, seldom, part, shared.shards.counters.shape[0])
    change = row_address(shared.scratch.error, part * shared.scratch.error.shape[1])
    slots, portable = element_address(shared.scratch.gradients[part], 0), shared.settings.portable
    for place in range(begin, end):
        row = row_address(replicas.matrix, replicas.first + place)
        factors = row_address(replicas.factors, replicas.levels[place])
        _sum_changes(replicas.copies, place, row, change)
        # A row that nobody moved stays as it is: adding 0 would make -0.0 of it 0.0.
        if _is_moved(shared.scratch.error[part, 0]):
            weigh_directions(
                change, curvature.direction_ptrs, replicas.matrix, slots, factors, portable
            )
            rest = replicas.factors[replicas.levels[place], REST]
            move = row, change, slots, rest
            _move_rows(replicas.copies, place, move, curvature.direction_ptrs, portable)
        if not seldom:
            add_moments(other, part, row, replicas.visits[place], slots, portable)


@compiled(inline=True)
def weigh_directions(change, direction_ptrs, matrix, slots, factors, portable):
    """Write to the slots by which multiples of the directions a change times the factor of all
    others is to be moved. change, factors: addresses. matrix: of rows as long as the change."""
    store_products(change, direction_ptrs, row_bytes(matrix), slots, portable)
    lanes.store_pair(slots, 0, lanes.load_pair(slots, 0) * lanes.load_pair(factors, 0))


@compiled(inline=True)
def add_scaled_change(now, change, offset, slots, rest, direction_ptrs, portable):
    """Lanes of a row, plus rest x those of the change, plus the slots' multiples of the
    directions'."""
    now = lanes.multiply_add(lanes.load(change, offset), lanes.broadcast(rest), now, portable)
    weights = lanes.broadcast_tile(slots, 0, SIX)
    tile = lanes.load_tile(element_address(direction_ptrs, 0), offset, SIX)
    return lanes.add_weighted_rows(now, weights, tile, portable)


@compiled(inline=True)
def due_places(replicas, seldom):
    """From where to where the copied rows are that are merged after each round, or the others."""
    begin = np.int64(replicas.often_begin - replicas.first)
    end = np.int64(replicas.often_end - replicas.first)
    if not seldom:
        return begin, end
    if begin > 0:
        return np.int64(0), begin
    return end, np.int64(replicas.copies.shape[1])


@compiled(inline=True)
def part_of_places(replicas, seldom, part, parts):
    """One of as many parts of `due_places`."""
    begin, end = due_places(replicas, seldom)
    return begin + part * (end - begin) // parts, begin + (part + 1) * (end - begin) // parts


@compiled(inline=True)
def look_at_copies(replicas, other, part, shared):
    """Sum the second moment of one part of the rows that are merged after each round, as the
    workers have them, each row from another worker; nothing is merged."""
    if replicas is None:
        return
    rows = replicas.copies.shape[1]
    begin, end = part_of_places(replicas, False, part, shared.shards.counters.shape[0])
    slots, portable = element_address(shared.scratch.gradients[part], 0), shared.settings.portable
    for place in range(begin, end):
        worker = place % replicas.copies.shape[0]
        row = row_address(replicas.copies, worker * rows + place)
        add_moments(other, part, row, replicas.visits[place], slots, portable)


@compiled(inline=True)
def _sum_changes(copies, place, row, change):
    """Write the sum of all workers' changes to the row at ``change``."""
    size, distance = row_bytes(copies), copies.shape[1] * row_bytes(copies)
    first = row_address(copies, place)
    for worker in range(copies.shape[0]):
        prefetch_bytes(first + worker * distance + size, size)  # of the next row
    for offset in range(0, size, LANES_BYTES):
        before = lanes.load(row, offset)
        total = lanes.load(first, offset) - before
        for worker in range(1, copies.shape[0]):
            total = total + (lanes.load(first + worker * distance, offset) - before)
        lanes.store(change, offset, total)


@compiled(inline=True)
def _is_moved(change):
    """Whether a change, (P,) float32, is not all 0."""
    moved = False
    for d in range(change.shape[0]):
        moved = moved or change[d] != 0
    return moved


@compiled(inline=True)
def _move_rows(copies, place, move, direction_ptrs, portable):
    """Add rest x change and the slots' multiples of the directions to the row, and write what it
    is then to all copies."""
    row, change, slots, rest = move
    size, distance = row_bytes(copies), copies.shape[1] * row_bytes(copies)
    first = row_address(copies, place)
    for offset in range(0, size, LANES_BYTES):
        now = lanes.load(row, offset)
        now = add_scaled_change(now, change, offset, slots, rest, direction_ptrs, portable)
        lanes.store(row, offset, now)
        for worker in range(copies.shape[0]):
            lanes.store(first + worker * distance, offset, now)
