"""The vector layer against NumPy: every operation, K from 1 to 8 rows."""

import numpy as np
import pytest

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import BYTES, OCTET, WIDTH
from fastw2v.matrix.aligned import aligned_zeros

rng = np.random.default_rng(17)


def matrix(rows: int, columns: int = 3 * WIDTH) -> np.ndarray:
    filled = aligned_zeros(rows, columns)
    filled[:] = rng.normal(size=filled.shape)
    return filled


def addresses(rows: np.ndarray) -> np.ndarray:
    """Where each row lies, in an order that is not theirs in memory."""
    return np.array([row.ctypes.data for row in rows[::-1]], np.int64)


@compiled(fast=True)
def move_rows(source, target, offset, tile):
    lanes.store_rows(target.ctypes.data, offset, lanes.load_rows(source.ctypes.data, offset, tile))


@compiled(fast=True)
def weigh_rows(listed, numbers, hidden, out, tile):
    rows = lanes.load_rows(listed.ctypes.data, 0, tile)
    factors = lanes.broadcast_rows(numbers.ctypes.data, tile)
    own = lanes.load(hidden.ctypes.data)
    lanes.store(out.ctypes.data, lanes.add_combination(own, factors, rows))
    lanes.store_rows(listed.ctypes.data, 0, lanes.add_products(rows, factors, own))


@compiled(fast=True)
def sum_rows(first, second, out, tile, other):
    left = lanes.load_rows(first.ctypes.data, BYTES, tile)
    right = lanes.load_rows(second.ctypes.data, 0, other)
    lanes.store(out.ctypes.data, lanes.sums(left, right))


@compiled(fast=True)
def combine(left, right, number, out):
    x, y = lanes.load(left.ctypes.data), lanes.load(right.ctypes.data)
    total = lanes.add(lanes.multiply(x, y), lanes.subtract(lanes.scale(y, number), x))
    lanes.store(out.ctypes.data, lanes.multiply(total, lanes.spread(number)))


@compiled(fast=True)
def combine_octets(pair, octet, number, out):
    both = lanes.load_octets(pair.ctypes.data)
    twice = lanes.load_octet_twice(octet.ctypes.data + 4)
    lanes.store(out.ctypes.data, lanes.multiply(lanes.sigmoid(both), lanes.scale(twice, number)))


@compiled(fast=True)
def squash(scores, out):
    for start in range(0, scores.shape[0], WIDTH):
        value = lanes.load(scores.ctypes.data + 4 * start)
        lanes.store(out.ctypes.data + 4 * start, lanes.sigmoid(value))


@compiled(fast=True)
def keep_within(values, scores, limit, out):
    value, score = lanes.load(values.ctypes.data), lanes.load(scores.ctypes.data)
    lanes.store(out.ctypes.data, lanes.within(value, score, limit))


@pytest.mark.parametrize("count", range(1, OCTET + 1))
def test_rows_are_loaded_and_stored(count):
    source, target = matrix(count), matrix(count)
    before = target.copy()
    move_rows(addresses(source), addresses(target), 2 * BYTES, (0,) * count)
    np.testing.assert_array_equal(target[:, 2 * WIDTH :], source[:, 2 * WIDTH :])
    np.testing.assert_array_equal(target[:, : 2 * WIDTH], before[:, : 2 * WIDTH])


@pytest.mark.parametrize("count", range(1, OCTET + 1))
def test_products_and_combinations(count):
    rows, numbers, hidden, out = matrix(count), matrix(1)[0], matrix(1)[0], matrix(1)[0]
    old = rows[::-1, :WIDTH].astype(np.float64)
    factors = numbers[:count, None].astype(np.float64)
    own = hidden[:WIDTH].astype(np.float64)
    weigh_rows(addresses(rows), numbers, hidden, out, (0,) * count)
    np.testing.assert_allclose(out[:WIDTH], own + (factors * old).sum(axis=0), atol=1e-5)
    np.testing.assert_allclose(rows[::-1, :WIDTH], old + factors * own, atol=1e-5)


@pytest.mark.parametrize("count", range(1, OCTET + 1))
def test_sums_land_in_their_places(count):
    first, second, out = matrix(count), matrix(3), matrix(1, 2 * WIDTH)[0]
    sum_rows(addresses(first), addresses(second), out, (0,) * count, (0,) * 3)
    expected = np.zeros(2 * OCTET)
    expected[:count] = first[::-1, WIDTH : 2 * WIDTH].sum(axis=1)
    expected[OCTET : OCTET + 3] = second[::-1, :WIDTH].sum(axis=1)
    np.testing.assert_allclose(out[: 2 * OCTET], expected, atol=1e-5)


def test_arithmetic():
    left, right, out = (matrix(1)[0] for _ in range(3))
    combine(left, right, np.float32(2.5), out)
    x, y = left[:WIDTH], right[:WIDTH]
    np.testing.assert_allclose(out[:WIDTH], (x * y + (y * 2.5 - x)) * 2.5, atol=1e-5)


def test_octets():
    pair, octet, out = (matrix(1, 32)[0] for _ in range(3))
    combine_octets(pair, octet, np.float32(0.5), out)
    expected = 1 / (1 + np.exp(-pair[:16])) * np.tile(octet[1:9], 2) * 0.5
    np.testing.assert_allclose(out[:16], expected, atol=1e-6)


def test_within_keeps_what_has_a_score_inside_the_limit():
    values, scores, out = (matrix(1)[0] for _ in range(3))
    scores[:6] = [2, -2, 1.99, -1.99, np.nan, -np.inf]
    keep_within(values, scores, np.float32(2), out)
    with np.errstate(invalid="ignore"):
        inside = np.abs(scores[:WIDTH]) < 2
    assert inside[:6].tolist() == [False, False, True, True, False, False]
    np.testing.assert_array_equal(out[:WIDTH], np.where(inside, values[:WIDTH], 0))
    keep_within(values, scores, np.float32(np.inf), out)
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
