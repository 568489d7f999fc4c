"""The operations of `fastw2v.jit.simd.lanes` in NumPy, for runs without the compiler.

Lanes are float32 arrays of `WIDTH` numbers, rows are tuples of them.
"""

import ctypes

import numpy as np

from fastw2v.jit.simd.width import OCTET, WIDTH


def _view(address, count, kind=ctypes.c_float):
    return np.ctypeslib.as_array((kind * count).from_address(int(address)))


def _row_views(addresses, offset, count):
    rows = _view(addresses, count, ctypes.c_int64)
    return [_view(row + offset, WIDTH) for row in rows]


def load(address):
    return _view(address, WIDTH).copy()


def store(address, value):
    _view(address, len(value))[:] = value


def load_octets(address):
    return _view(address, 2 * OCTET).copy()


def load_octet_twice(address):
    return np.tile(_view(address, OCTET), 2)


def load_rows(addresses, offset, tile):
    return tuple(view.copy() for view in _row_views(addresses, offset, len(tile)))


def store_rows(addresses, offset, rows):
    for view, row in zip(_row_views(addresses, offset, len(rows)), rows, strict=True):
        view[:] = row


def broadcast_rows(address, tile):
    return tuple(spread(number) for number in _view(address, len(tile)))


def prefetch(address):
    pass


def zero_rows(tile):
    return tuple(spread(0) for _ in tile)


def spread(number):
    return np.full(WIDTH, number, np.float32)


def add(left, right):
    return left + right


def subtract(left, right):
    return left - right


def multiply(left, right):
    return left * right


def scale(value, number):
    return value * np.float32(number)


def add_products(totals, rows, factor):
    return tuple(total + row * factor for total, row in zip(totals, rows, strict=True))


def add_combination(total, factors, rows):
    return total + sum(factor * row for factor, row in zip(factors, rows, strict=True))


def sums(first, second):
    pair = np.zeros(2 * OCTET, np.float32)
    pair[: len(first)] = np.sum(first, axis=1)
    pair[OCTET : OCTET + len(second)] = np.sum(second, axis=1)
    return pair


def within(value, score, limit):
    return np.where(np.abs(score) < limit, value, np.float32(0))


def sigmoid(score):
    bounded = np.clip(score.astype(np.float64), -87, 87)
    return (1 / (1 + np.exp(-bounded))).astype(np.float32)
