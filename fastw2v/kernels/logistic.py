"""The atom in which all models meet: a few hidden rows learn to score a few output rows.

Skip-gram brings the input vectors of the context words as hidden rows, CBOW their mean; negative
sampling brings the centre word and its noise as output rows, hierarchical softmax the nodes of
the centre word's path. A tile of output rows is scored against all hidden rows before anything
changes ("HogBatch", Ji, Satish, Li, Dubey 2016, "Parallelizing Word2Vec in Shared and
Distributed Memory"); errors are summed, not averaged, so the learning rate means what it means in
the C program.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import BYTES, OCTET
from fastw2v.kernels.targets import FOUR, SIX, tiles_for

_ADDRESS, _NUMBER = 8, 4  # bytes
_PAIR_BYTES = 2 * OCTET * _NUMBER


@compiled(fast=True, inline=True)
def train_targets(window, own, targets, limit):
    """One step of logistic regression of the window's hidden rows on all targets.

    targets: how many were put into ``own``. limit: scores beyond it, on either side, train
    nothing. All are scored before any row changes; where a hidden row is its own error row, it
    moves with the first tile, and the next one's targets follow its new place.
    """
    sixes, fours = tiles_for(targets)
    for tile in range(sixes):
        _score_tile(window, own, tile, 6 * tile, SIX)
    for tile in range(fours):
        _score_tile(window, own, sixes + tile, 6 * sixes + 4 * tile, FOUR)
    for tile in range(sixes):
        _turn_into_gradients(window, own, tile, 6 * tile, limit)
    for tile in range(fours):
        _turn_into_gradients(window, own, sixes + tile, 6 * sixes + 4 * tile, limit)
    for tile in range(sixes):
        _follow_gradients(window, own, tile, 6 * tile, SIX)
    for tile in range(fours):
        _follow_gradients(window, own, sixes + tile, 6 * sixes + 4 * tile, FOUR)


@compiled(inline=True)
def _scores(window, own, tile):
    """Address of a tile's scores, later gradients: an octet for each hidden row."""
    pairs = (window.inputs + 1) // 2
    return own.gradients.ctypes.data + _PAIR_BYTES * pairs * tile


@compiled(fast=True, inline=True)
def _score_tile(window, own, number, first, tile):
    """Score all hidden rows with the tile's targets."""
    row_bytes = _NUMBER * own.padding_row.shape[0]
    rows = own.target_ptrs.ctypes.data + _ADDRESS * first
    scores = _scores(window, own, number)
    inputs, hidden_rows = window.inputs, window.hidden_rows
    for i in range(0, inputs - 1, 2):  # two at a time: each target is loaded half as often
        pair = _score_two(hidden_rows[i], hidden_rows[i + 1], rows, row_bytes, tile)
        lanes.store(scores + _NUMBER * OCTET * i, pair)
    if inputs % 2 == 1:
        pair = _score_one(hidden_rows[inputs - 1], rows, row_bytes, tile)
        lanes.store(scores + _NUMBER * OCTET * (inputs - 1), pair)


@compiled(fast=True, inline=True)
def _turn_into_gradients(window, own, number, first, limit):
    """(label - sigmoid(score)) * alpha * weight, for all scores of a tile."""
    labels = lanes.load_octet_twice(own.labels.ctypes.data + _NUMBER * first)
    weights = lanes.load_octet_twice(own.weights.ctypes.data + _NUMBER * first)
    rates = lanes.scale(weights, window.alpha)
    begin = _scores(window, own, number)
    for place in range(begin, begin + _NUMBER * OCTET * window.inputs, _PAIR_BYTES):
        scores = lanes.load_octets(place)
        errors = lanes.within(lanes.subtract(labels, lanes.sigmoid(scores)), scores, limit)
        lanes.store(place, lanes.multiply(errors, rates))


@compiled(fast=True, inline=True)
def _score_two(first, second, rows, row_bytes, tile):
    """The scores of two hidden rows with every row of the tile, as an octet each."""
    totals1 = lanes.zero_rows(tile)
    totals2 = lanes.zero_rows(tile)
    for offset in range(0, row_bytes, BYTES):
        outputs = lanes.load_rows(rows, offset, tile)
        totals1 = lanes.add_products(totals1, outputs, lanes.load(first + offset))
        totals2 = lanes.add_products(totals2, outputs, lanes.load(second + offset))
    return lanes.sums(totals1, totals2)


@compiled(fast=True, inline=True)
def _score_one(hidden, rows, row_bytes, tile):
    """The scores of one hidden row, and an octet of zeros."""
    totals = lanes.zero_rows(tile)
    for offset in range(0, row_bytes, BYTES):
        outputs = lanes.load_rows(rows, offset, tile)
        totals = lanes.add_products(totals, outputs, lanes.load(hidden + offset))
    return lanes.sums(totals, lanes.zero_rows(tile))


@compiled(fast=True, inline=True)
def _follow_gradients(window, own, number, first, tile):
    """error += gradients x targets and targets += gradients x hidden, in one pass over the
    columns: the targets' old and new values stay in registers for all hidden rows."""
    row_bytes = _NUMBER * own.padding_row.shape[0]
    rows = own.target_ptrs.ctypes.data + _ADDRESS * first
    tile_gradients = _scores(window, own, number)
    hidden_rows, error_rows = window.hidden_rows, window.error_rows
    for offset in range(0, row_bytes, BYTES):
        old = lanes.load_rows(rows, offset, tile)
        new = old
        for i in range(window.inputs):
            gradients = lanes.broadcast_rows(tile_gradients + _NUMBER * OCTET * i, tile)
            hidden = lanes.load(hidden_rows[i] + offset)
            error = lanes.load(error_rows[i] + offset)
            lanes.store(error_rows[i] + offset, lanes.add_combination(error, gradients, old))
            new = lanes.add_products(new, gradients, hidden)
        lanes.store_rows(rows, offset, new)
