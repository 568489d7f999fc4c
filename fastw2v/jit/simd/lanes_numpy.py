"""The operations of `fastw2v.jit.simd.lanes` in NumPy, for use with the JIT switched off.

Lanes are arrays of (WIDTH,), tiles of (K, WIDTH), pairs of slots of (2 * SLOTS,), all float32:
the operators are NumPy's.
"""

import ctypes

import numpy as np

from fastw2v.jit.simd.width import SLOTS, WIDTH


def _view(address, count, kind=ctypes.c_float):
    return np.ctypeslib.as_array((kind * count).from_address(int(address)))


def _row_views(rows, offset, count):
    return [_view(row + offset, WIDTH) for row in _view(rows, count, ctypes.c_int64)]


def load(row, offset):
    return _view(row + offset, WIDTH).copy()


def store(row, offset, value):
    _view(row + offset, WIDTH)[:] = value


def load_tile(rows, offset, size):
    return np.array(_row_views(rows, offset, len(size)))


def store_tile(rows, offset, tile):
    for view, row in zip(_row_views(rows, offset, len(tile)), tile, strict=True):
        view[:] = row


def load_pair(address, offset):
    return _view(address + offset, 2 * SLOTS).copy()


def store_pair(address, offset, value):
    _view(address + offset, 2 * SLOTS)[:] = value


def load_twice(address):
    return np.tile(_view(address, SLOTS), 2)


def broadcast(number):
    return np.full(WIDTH, number, np.float32)


def broadcast_tile(address, offset, size):
    return np.repeat(_view(address + offset, len(size))[:, None], WIDTH, axis=1)


def multiply_add(left, right, addend, portable):
    return left * right + addend


def zero_sums(size, portable):
    return np.zeros((len(size), WIDTH), np.float32)


def add_products(totals, rows, offset, row, portable):
    return totals + load_tile(rows, offset, totals) * load(row, offset)


def add_both_products(totals1, totals2, rows, offset, row1, row2, portable):
    return tuple(
        add_products(totals, rows, offset, row, portable)
        for totals, row in ((totals1, row1), (totals2, row2))
    )


def add_weighted_rows(total, weights, tile, portable):
    return total + (weights * tile).sum(axis=0)


def horizontal_sums(first, second):
    pair = np.zeros(2 * SLOTS, np.float32)
    pair[: len(first)] = first.sum(axis=1)
    pair[SLOTS : SLOTS + len(second)] = second.sum(axis=1)
    return pair


def sum_of_pair(pair):
    return pair.sum()


def zero_beyond(value, score, limit):
    return np.where(np.abs(score) < limit, value, np.float32(0))


def larger_magnitude(left, right):
    return np.maximum(np.abs(left), np.abs(right))


def largest_magnitude(value):
    return np.abs(value).max()


def sigmoid(score, portable):
    bounded = np.clip(score.astype(np.float64), -87, 87)
    return (1 / (1 + np.exp(-bounded))).astype(np.float32)
