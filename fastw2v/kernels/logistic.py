"""Logistic regression of a few hidden rows on a few output rows: the step all models share.

Skip-gram brings the input vectors of the context words as hidden rows, CBOW brings their mean.
Negative sampling brings the centre word and its noise as output rows ("targets"), hierarchical
softmax the nodes on the centre word's path.

For the hidden rows H (I, P), the targets W (K, P) with labels y (K,), weights w (K,) and the
learning rate a:

    scores S = H W^T, less an offset for each target (I, K)
    gradients G = (y - sigmoid(S)) * a * w           (I, K), 0 where |S| is beyond the limit
    H += G W;  W += G^T H

This is "HogBatch" (Ji, Satish, Li, Dubey 2016, "Parallelizing Word2Vec in Shared and Distributed
Memory"): all context words of a window share its targets, so a target is loaded once for all of
them, whereas the C program loads it again for each. Gradients are summed, not averaged, so the
learning rate means what it means in the C program.

The targets are cut into tiles of six or four rows (see `fastw2v.kernels.targets`). S and G lie in
``own.gradients`` (see `fastw2v.kernels.state.Scratch`): tile after tile, `SLOTS` float32 for each
hidden row, of which a tile of K rows uses the first K.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.lanes import sigmoid, zero_beyond
from fastw2v.jit.simd.width import LANES_BYTES, SLOTS
from fastw2v.kernels.prefetch import fetch_column, take_noted
from fastw2v.kernels.rows import element_address, row_bytes, slots_offset
from fastw2v.kernels.targets import FOUR, SIX, tiles_for


@compiled(inline=True)
def train_targets(window, own, targets, limit, offsets=None):
    """One step of the window's hidden rows on all targets, in place.

    targets: how many were put into ``own``, int64. limit: scores s with |s| >= limit train
    nothing, float32. offsets: (S,) float32, subtracted from the scores of each target; None costs
    nothing.

    All scores come from one snapshot: every tile is scored before any row changes, so G is the
    gradient at one point in spite of the tiles. Only the updates run tile by tile: skip-gram's
    hidden rows, which are updated in place, have moved when the second tile's targets are updated
    by them.
    """
    sixes, fours = tiles_for(targets)
    for tile in range(sixes):
        _score_tile(window, own, tile, 6 * tile, SIX)
    for tile in range(fours):
        _score_tile(window, own, sixes + tile, 6 * sixes + 4 * tile, FOUR)
    for tile in range(sixes):
        _scores_to_gradients(window, own, tile, 6 * tile, limit, offsets)
    for tile in range(fours):
        first = 6 * sixes + 4 * tile
        _scores_to_gradients(window, own, sixes + tile, first, limit, offsets)
    for tile in range(sixes):
        _apply_gradients(window, own, tile, 6 * tile, SIX)
    for tile in range(fours):
        _apply_gradients(window, own, sixes + tile, 6 * sixes + 4 * tile, FOUR)


@compiled(inline=True)
def _slots(window, own, tile):
    """Address of the slots of a tile's first hidden row. An odd number of hidden rows is rounded
    up, because slots are read and written in pairs."""
    even = (window.inputs + 1) // 2 * 2
    return element_address(own.gradients, SLOTS * even * tile)


@compiled(inline=True)
def _score_tile(window, own, tile, first, size):
    """S = H W^T for one tile. first: its first target; size: `SIX` or `FOUR`.

    Two hidden rows at a time: each load of a target serves two multiply-adds, and with six targets
    the twelve sums still fit in 16 registers. Twelve are also enough independent chains to keep
    both multiply-add units busy (latency 4 cycles).
    """
    bytes_ = row_bytes(own.padding_row)
    rows = element_address(own.target_ptrs, first)
    slots = _slots(window, own, tile)
    inputs, hidden = window.inputs, window.hidden_rows
    for i in range(0, inputs - 1, 2):
        scores = _score_two(hidden[i], hidden[i + 1], rows, bytes_, size, own.portable)
        lanes.store_pair(slots, slots_offset(i), scores)
    if inputs % 2 == 1:
        scores = _score_one(hidden[inputs - 1], rows, bytes_, size, own.portable)
        lanes.store_pair(slots, slots_offset(inputs - 1), scores)


@compiled(inline=True)
def _score_two(first, second, rows, bytes_, size, portable):
    """Dot products of two hidden rows with every target of a tile, as a pair of slots.

    totals1 += targets * hidden1; totals2 += targets * hidden2. Written so, LLVM loads all six
    targets first, needs 20 registers and spills sums in the innermost loop;
    `lanes.add_both_products` takes target after target and needs 15.
    """
    totals1 = lanes.zero_sums(size, portable)
    totals2 = lanes.zero_sums(size, portable)
    for offset in range(0, bytes_, LANES_BYTES):
        totals1, totals2 = lanes.add_both_products(
            totals1, totals2, rows, offset, first, second, portable
        )
    return lanes.horizontal_sums(totals1, totals2)


@compiled(inline=True)
def _score_one(hidden, rows, bytes_, size, portable):
    """Dot products of one hidden row with every target of a tile; the second slots are 0."""
    totals = lanes.zero_sums(size, portable)
    for offset in range(0, bytes_, LANES_BYTES):
        totals = lanes.add_products(totals, rows, offset, hidden, portable)
    return lanes.horizontal_sums(totals, lanes.zero_sums(size, portable))


@compiled(inline=True)
def _scores_to_gradients(window, own, tile, first, limit, offsets):
    """G = (y - sigmoid(S)) * a * w for one tile, in place of S; two hidden rows at a time."""
    labels = lanes.load_twice(element_address(own.labels, first))
    weights = lanes.load_twice(element_address(own.weights, first))
    rates = weights * window.alpha
    slots = _slots(window, own, tile)
    for i in range(0, window.inputs, 2):
        scores = lanes.load_pair(slots, slots_offset(i))
        if offsets is not None:
            scores = scores - lanes.load_twice(element_address(offsets, first))
        gradients = zero_beyond(labels - sigmoid(scores, own.portable), scores, limit)
        lanes.store_pair(slots, slots_offset(i), gradients * rates)


@compiled(inline=True)
def _apply_gradients(window, own, tile, first, size):
    """errors += G W and W += G^T H for one tile. CBOW: errors is ``own.error``; skip-gram: H.

    Both products in one pass over the columns: the old and the new values of six targets stay in
    registers for all hidden rows, and every number is loaded and stored once per tile.
    """
    rows = element_address(own.target_ptrs, first)
    slots = _slots(window, own, tile)
    hidden_rows, error_rows = window.hidden_rows, window.error_rows
    noted = take_noted(own)
    for offset in range(0, row_bytes(own.padding_row), LANES_BYTES):
        fetch_column(noted, offset, own)
        old = lanes.load_tile(rows, offset, size)
        new = old
        for i in range(window.inputs):
            gradients = lanes.broadcast_tile(slots, slots_offset(i), size)
            hidden = lanes.load(hidden_rows[i], offset)
            error = lanes.load(error_rows[i], offset)
            error = lanes.add_weighted_rows(error, gradients, old, own.portable)
            lanes.store(error_rows[i], offset, error)
            new = lanes.multiply_add(gradients, hidden, new, own.portable)
        lanes.store_tile(rows, offset, new)
