"""Rows of the matrices, spread over the lanes of a warp: lane l has the columns l, l + 32, ..."""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.shape import LANES, Shape

ALL = 0xFFFFFFFF  # lanes take part


class Rows(NamedTuple):
    """Functions of kernels. ``row`` is (columns,) float32, a lane's part in its registers."""

    load: Any  # (row, matrix, number, lane): row = matrix[number]
    add: Any  # (matrix, number, row, factor, lane): matrix[number] += factor * row, atomically
    store: Any  # (matrix, number, row, lane): matrix[number] = row, of memory no other warp uses
    store_zeros: Any  # (matrix, number, lane): likewise
    change: Any  # (matrix, number, row, factor, lane): matrix[number] += factor * row, likewise
    clear: Any  # (row): row = 0
    add_scaled: Any  # (row, factor, other): row += factor * other
    dot: Any  # (row, other): of the lane's columns


def row_functions(lanes: Lanes, shape: Shape) -> Rows:
    cuda, float32 = lanes.cuda, lanes.float32
    columns, width = shape.columns, shape.width
    ZERO = float32(0)

    @lanes.function
    def load(row, matrix, number, lane):
        for i in range(columns):
            column = lane + LANES * i
            if LANES * (i + 1) <= width or column < width:
                row[i] = matrix[number, column]
            else:
                row[i] = ZERO

    @lanes.function
    def add(matrix, number, row, factor, lane):
        # Atomically: where two warps store a row at once, plain stores lose one of the two changes.
        for i in range(columns):
            column = lane + LANES * i
            if LANES * (i + 1) <= width or column < width:
                cuda.atomic.add(matrix, (number, column), factor * row[i])

    @lanes.function
    def store(matrix, number, row, lane):
        for i in range(columns):
            column = lane + LANES * i
            if LANES * (i + 1) <= width or column < width:
                matrix[number, column] = row[i]

    @lanes.function
    def store_zeros(matrix, number, lane):
        for i in range(columns):
            column = lane + LANES * i
            if LANES * (i + 1) <= width or column < width:
                matrix[number, column] = ZERO

    @lanes.function
    def change(matrix, number, row, factor, lane):
        for i in range(columns):
            column = lane + LANES * i
            if LANES * (i + 1) <= width or column < width:
                matrix[number, column] += factor * row[i]

    @lanes.function
    def clear(row):
        for i in range(columns):
            row[i] = ZERO

    @lanes.function
    def add_scaled(row, factor, other):
        for i in range(columns):
            row[i] += factor * other[i]

    @lanes.function
    def dot(row, other):
        total = ZERO
        for i in range(columns):
            total += row[i] * other[i]
        return total

    return Rows(load, add, store, store_zeros, change, clear, add_scaled, dot)
