"""SIMD operations on lanes and tiles against NumPy: every one, tiles of 1 to 8 rows."""

import numba
import numpy as np
import pytest

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.prefetch import prefetch
from fastw2v.jit.simd.width import LANES_BYTES, PORTABLE, SLOTS, WIDTH
from fastw2v.matrix.aligned import aligned_zeros

rng = np.random.default_rng(17)


def matrix(rows: int, columns: int = 3 * WIDTH) -> np.ndarray:
    filled = aligned_zeros(rows, columns)
    filled[:] = rng.normal(size=filled.shape)
    return filled


def addresses(rows: np.ndarray) -> np.ndarray:
    """The address of each row, in an order that is not theirs in memory."""
    return np.array([row.ctypes.data for row in rows[::-1]], np.int64)


@compiled
def move_tile(source, target, offset, size):
    lanes.store_tile(target.ctypes.data, offset, lanes.load_tile(source.ctypes.data, offset, size))


@compiled
def weigh_rows(listed, numbers, hidden, out, size, portable):
    tile = lanes.load_tile(listed.ctypes.data, 0, size)
    weights = lanes.broadcast_tile(numbers.ctypes.data, 0, size)
    own = lanes.load(hidden.ctypes.data, 0)
    lanes.store(out.ctypes.data, 0, lanes.add_weighted_rows(own, weights, tile, portable))
    lanes.store_tile(listed.ctypes.data, 0, lanes.multiply_add(weights, own, tile, portable))


@compiled
def sum_products(listed, first, second, out, size, portable):
    one, two = lanes.zero_sums(size, portable), lanes.zero_sums(size, portable)
    rows, left, right = listed.ctypes.data, first.ctypes.data, second.ctypes.data
    for offset in range(0, 3 * LANES_BYTES, LANES_BYTES):
        one, two = lanes.add_both_products(one, two, rows, offset, left, right, portable)
    two = lanes.add_products(two, rows, 0, right, portable)
    lanes.store_pair(out.ctypes.data, 0, lanes.horizontal_sums(one, two))


@compiled
def sum_numbers(pair, out):
    out[0] = lanes.sum_of_pair(lanes.load_pair(pair.ctypes.data, 0))


@compiled
def sum_rows(first, second, out, size, other):
    left = lanes.load_tile(first.ctypes.data, LANES_BYTES, size)
    right = lanes.load_tile(second.ctypes.data, 0, other)
    lanes.store_pair(out.ctypes.data, 0, lanes.horizontal_sums(left, right))


@compiled
def combine(left, right, number, out):
    x, y = lanes.load(left.ctypes.data, 0), lanes.load(right.ctypes.data, 0)
    lanes.store(out.ctypes.data, 0, (x * y + (y * number - x)) * lanes.broadcast(number))


@compiled
def combine_with_numbers(left, number, out):
    x = lanes.load(left.ctypes.data, 0)
    lanes.store(out.ctypes.data, 0, number - x * number + (x + number) * (number + x))


@compiled
def combine_tiles(first, second, hidden, out, size):
    x = lanes.load_tile(first.ctypes.data, 0, size)
    y = lanes.load_tile(second.ctypes.data, 0, size)
    own = lanes.load(hidden.ctypes.data, 0)
    lanes.store_tile(out.ctypes.data, 0, x * y - own * x + (y - own))


@compiled
def combine_pairs(pair, slots, number, out):
    both = lanes.load_pair(pair.ctypes.data, 8 * SLOTS)
    twice = lanes.load_twice(slots.ctypes.data + 4)
    lanes.store_pair(out.ctypes.data, 8 * SLOTS, lanes.sigmoid(both, None) * (twice * number))


@compiled
def add_float64(left, number, out):
    lanes.store(out.ctypes.data, 0, lanes.load(left.ctypes.data, 0) + number)


@compiled
def add_pair_to_tile(left, out, size):
    tile = lanes.load_tile(left.ctypes.data, 0, size)
    lanes.store_tile(left.ctypes.data, 0, tile + lanes.load_tile(left.ctypes.data, 0, (0, 0)))


@compiled
def squash(scores, out):
    for offset in range(0, 4 * scores.shape[0], LANES_BYTES):
        value = lanes.load(scores.ctypes.data, offset)
        lanes.store(out.ctypes.data, offset, lanes.sigmoid(value, None))


@compiled
def keep_inside(values, scores, limit, out):
    value, score = lanes.load(values.ctypes.data, 0), lanes.load(scores.ctypes.data, 0)
    lanes.store(out.ctypes.data, 0, lanes.zero_beyond(value, score, limit))


@compiled
def magnitudes(left, right, out):
    x, y = lanes.load(left.ctypes.data, 0), lanes.load(right.ctypes.data, 0)
    larger = lanes.larger_magnitude(x, y)
    lanes.store(out.ctypes.data, 0, larger)
    return lanes.largest_magnitude(larger)


@compiled
def prefetch_both(signed, unsigned):
    prefetch(signed)
    prefetch(unsigned)


@pytest.mark.parametrize("count", range(1, SLOTS + 1))
def test_tiles_are_loaded_and_stored(count):
    source, target = matrix(count), matrix(count)
    before = target.copy()
    move_tile(addresses(source), addresses(target), 2 * LANES_BYTES, (0,) * count)
    np.testing.assert_array_equal(target[:, 2 * WIDTH :], source[:, 2 * WIDTH :])
    np.testing.assert_array_equal(target[:, : 2 * WIDTH], before[:, : 2 * WIDTH])


@pytest.mark.parametrize("portable", [None, PORTABLE])
@pytest.mark.parametrize("count", range(1, SLOTS + 1))
def test_products_and_weighted_rows(count, portable):
    rows, numbers, hidden, out = matrix(count), matrix(1)[0], matrix(1)[0], matrix(1)[0]
    old = rows[::-1, :WIDTH].astype(np.float64)
    weights = numbers[:count, None].astype(np.float64)
    own = hidden[:WIDTH].astype(np.float64)
    weigh_rows(addresses(rows), numbers, hidden, out, (0,) * count, portable)
    np.testing.assert_allclose(out[:WIDTH], own + (weights * old).sum(axis=0), atol=1e-5)
    np.testing.assert_allclose(rows[::-1, :WIDTH], old + weights * own, atol=1e-5)


@pytest.mark.parametrize("portable", [None, PORTABLE])
@pytest.mark.parametrize("count", [1, 4, 6, SLOTS])
def test_sums_of_products(count, portable):
    rows, first, second, out = matrix(count), matrix(1)[0], matrix(1)[0], matrix(1)[0]
    sum_products(addresses(rows), first, second, out, (0,) * count, portable)
    np.testing.assert_allclose(out[:count], rows[::-1] @ first, atol=1e-4)
    expected = rows[::-1] @ second + rows[::-1, :WIDTH] @ second[:WIDTH]
    np.testing.assert_allclose(out[SLOTS : SLOTS + count], expected, atol=1e-4)


def test_the_sum_of_a_pair():
    pair, out = matrix(1)[0], np.empty(1, np.float32)
    sum_numbers(pair, out)
    assert out[0] == pytest.approx(pair[: 2 * SLOTS].sum(), abs=1e-5)


@pytest.mark.parametrize("count", range(1, SLOTS + 1))
def test_horizontal_sums_land_in_their_slots(count):
    first, second, out = matrix(count), matrix(3), matrix(1, 2 * WIDTH)[0]
    sum_rows(addresses(first), addresses(second), out, (0,) * count, (0,) * 3)
    expected = np.zeros(2 * SLOTS)
    expected[:count] = first[::-1, WIDTH : 2 * WIDTH].sum(axis=1)
    expected[SLOTS : SLOTS + 3] = second[::-1, :WIDTH].sum(axis=1)
    np.testing.assert_allclose(out[: 2 * SLOTS], expected, atol=1e-5)


def test_operators_on_lanes():
    left, right, out = (matrix(1)[0] for _ in range(3))
    combine(left, right, np.float32(2.5), out)
    x, y = left[:WIDTH], right[:WIDTH]
    np.testing.assert_allclose(out[:WIDTH], (x * y + (y * 2.5 - x)) * 2.5, atol=1e-5)


def test_a_number_on_either_side_of_an_operator_is_broadcast():
    left, out = matrix(1)[0], matrix(1)[0]
    combine_with_numbers(left, np.float32(2.5), out)
    x = left[:WIDTH]
    expected = 2.5 - x * 2.5 + (x + 2.5) * (2.5 + x)
    np.testing.assert_allclose(out[:WIDTH], expected, rtol=1e-5)


@pytest.mark.parametrize("count", [1, 4, 6])
def test_operators_on_tiles(count):
    first, second, hidden, out = matrix(count), matrix(count), matrix(1)[0], matrix(count)
    combine_tiles(*map(addresses, (first, second)), hidden, addresses(out), (0,) * count)
    x, y, own = first[:, :WIDTH], second[:, :WIDTH], hidden[:WIDTH]
    np.testing.assert_allclose(out[:, :WIDTH], x * y - own * x + (y - own), atol=1e-5)


def test_operands_that_do_not_fit_together_do_not_compile():
    left, out = matrix(3), matrix(1)[0]
    with pytest.raises(numba.TypingError, match=r"Lanes\d+, float64"):
        add_float64(left[0], 2.5, out)
    with pytest.raises(numba.TypingError, match=r"Tile3x\d+, Tile2x\d+"):
        add_pair_to_tile(addresses(left), out, (0,) * 3)


def test_pairs_of_slots():
    pair, slots, out = (matrix(1, 48)[0] for _ in range(3))
    combine_pairs(pair, slots, np.float32(0.5), out)
    expected = 1 / (1 + np.exp(-pair[16:32])) * np.tile(slots[1:9], 2) * 0.5
    np.testing.assert_allclose(out[16:32], expected, atol=1e-6)


def test_zero_beyond_keeps_what_has_a_score_inside_the_limit():
    values, scores, out = (matrix(1)[0] for _ in range(3))
    scores[:6] = [2, -2, 1.99, -1.99, np.nan, -np.inf]
    keep_inside(values, scores, np.float32(2), out)
    with np.errstate(invalid="ignore"):
        inside = np.abs(scores[:WIDTH]) < 2
    assert inside[:6].tolist() == [False, False, True, True, False, False]
    np.testing.assert_array_equal(out[:WIDTH], np.where(inside, values[:WIDTH], 0))
    keep_inside(values, scores, np.float32(np.inf), out)
    np.testing.assert_array_equal(out[:4], values[:4])


def test_sigmoid_within_its_bound():
    scores = aligned_zeros(64 * WIDTH)
    scores[:] = np.linspace(-30, 30, scores.size)
    scores[:4] = [0, -1e30, 1e30, np.inf]
    out = aligned_zeros(scores.size)
    squash(scores, out)
    with np.errstate(over="ignore"):
        expected = 1 / (1 + np.exp(-scores.astype(np.float64)))
    np.testing.assert_allclose(out, expected, atol=2e-7)
    scores[:] = np.nan
    squash(scores, out)
    assert ((out >= 0) & (out <= 1)).all()


def test_magnitudes():
    left, right, out = (matrix(1)[0] for _ in range(3))
    left[:2], right[:2] = [-7, 3], [2, -8]
    largest = magnitudes(left, right, out)
    wanted = np.maximum(np.abs(left[:WIDTH]), np.abs(right[:WIDTH]))
    np.testing.assert_array_equal(out[:WIDTH], wanted)
    assert largest == wanted.max() == 8
    for side in (left, right):
        for number in (-np.inf, np.nan):
            before, side[1] = side[1], number
            np.testing.assert_equal(magnitudes(left, right, out), np.float32(abs(number)))
            np.testing.assert_equal(out[1], np.float32(abs(number)))
            side[1] = before


def test_prefetching_changes_nothing_and_any_address_is_safe():
    row = matrix(1)[0]
    before = row.copy()
    for address in (row.ctypes.data, 0, 12345):
        prefetch_both(np.int64(address), np.uint64(address))
    np.testing.assert_array_equal(row, before)
