"""The records in which ranks send changes of rows to each other.

A record is as many int32 as `record_length` says: the number of the row, and its D numbers in a
*form*. `FLOAT32` is float32. `BFLOAT16` is the upper half of each float32, two of them in an int32.
`INT8` is one float32, the scale, and then whole numbers from -127 to 127, four of them in an int32:
times the scale they are the changes; the largest is 127 or -127.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import address_of, row_bytes
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.matrix.arrays import Array

FLOAT32, BFLOAT16, INT8 = range(3)
FORMS = {"float32": FLOAT32, "bfloat16": BFLOAT16, "int8": INT8}

# Where the numbers begin, in units of their own
_FIRST_FLOAT, _FIRST_HALF, _FIRST_CODE = 1, 2, 8
_SCALE = 1  # place of the scale, of INT8

_HALF = np.uint32(0x7FFF)
_MOST = np.float32(127)
_TINY = np.float32(1e-30)  # changes below it are nothing; and 127 / them may be infinite
_TO_WHOLE = np.float32(3 << 22)  # a float32 of this size has a whole number in its low bits


def record_length(size: int, form: int) -> int:
    """How many int32 a record has, of a row of ``size`` numbers."""
    return 1 + {FLOAT32: size, BFLOAT16: -(-size // 2), INT8: 1 + -(-size // 4)}[form]


class Records(NamedTuple):
    """The same memory as each of what is in it. rows: (n, L) int32, of which the first are the
    numbers of the rows."""

    rows: Array
    floats: Array
    halves: Array
    codes: Array

    @classmethod
    def of(cls, rows: Array) -> "Records":
        """rows: (n, L) int32, contiguous."""
        views = (rows.view(dtype) for dtype in (np.float32, np.uint16, np.int8))
        return cls(rows, *views)

    def part(self, begin: int, end: int) -> "Records":
        """The records between two."""
        return Records(*(each[begin:end] for each in self))


class Numbers(NamedTuple):
    """A row to write or read. floats: (P,) float32. bits: the same memory, uint32."""

    floats: Array
    bits: Array

    @classmethod
    def new(cls, columns: int) -> "Numbers":
        """Zeros, for matrices of so many columns."""
        floats = aligned_zeros(columns)
        return cls(floats, floats.view(np.uint32))


@compiled(inline=True)
def write_record(records, place, row, numbers, size, form):
    """Write one record. numbers: `Numbers`, which are lost, with ``size`` that count; the others
    are 0."""
    records.rows[place, 0] = row
    if form == FLOAT32:
        _write_floats(records.floats, place, numbers.floats, size)
    elif form == BFLOAT16:
        _write_halves(records.halves, place, numbers.bits, size)
    else:
        largest = _largest(numbers.floats)
        records.floats[place, _SCALE] = largest / _MOST
        factor = np.float32(0) if largest < _TINY else _MOST / largest
        _round(numbers.floats, factor)
        _write_codes(records.codes, place, numbers.bits, size)


@compiled(inline=True)
def read_record(records, place, numbers, size, form):
    """Write to the first ``size`` of the `Numbers` what is in a record."""
    if form == FLOAT32:
        _read_floats(records.floats, place, numbers.floats, size)
    elif form == BFLOAT16:
        _read_halves(records.halves, place, numbers.bits, size)
    else:
        scale = records.floats[place, _SCALE]
        _read_codes(records.codes, place, scale, numbers.floats, size)


@compiled(inline=True)
def _largest(numbers):
    """The largest magnitude; NaN if one is NaN, so that it is not lost."""
    row = address_of(numbers)
    largest = lanes.broadcast(np.float32(0))
    for offset in range(0, row_bytes(numbers), LANES_BYTES):
        largest = lanes.larger_magnitude(largest, lanes.load(row, offset))
    return lanes.largest_magnitude(largest)


@compiled(inline=True)
def _round(numbers, factor):
    """Times a factor, and to whole numbers, to even, which are then the low bits."""
    row = address_of(numbers)
    whole, factors = lanes.broadcast(_TO_WHOLE), lanes.broadcast(factor)
    for offset in range(0, row_bytes(numbers), LANES_BYTES):
        lanes.store(row, offset, lanes.load(row, offset) * factors + whole)


# Of arrays that are known not to overlap, LLVM makes vectors: five times as fast.


@compiled(inline=True, noalias=True)
def _write_floats(floats, place, numbers, size):
    for d in range(size):
        floats[place, _FIRST_FLOAT + d] = numbers[d]


@compiled(inline=True, noalias=True)
def _read_floats(floats, place, numbers, size):
    for d in range(size):
        numbers[d] = floats[place, _FIRST_FLOAT + d]


@compiled(inline=True, noalias=True)
def _write_halves(halves, place, bits, size):
    for d in range(size):
        odd = (bits[d] >> np.uint32(16)) & np.uint32(1)  # so that ties are rounded to even
        halves[place, _FIRST_HALF + d] = np.uint16((bits[d] + _HALF + odd) >> np.uint32(16))


@compiled(inline=True, noalias=True)
def _read_halves(halves, place, bits, size):
    for d in range(size):
        bits[d] = np.uint32(halves[place, _FIRST_HALF + d]) << np.uint32(16)


@compiled(inline=True, noalias=True)
def _write_codes(codes, place, bits, size):
    for d in range(size):
        codes[place, _FIRST_CODE + d] = np.int8(bits[d])


@compiled(inline=True, noalias=True)
def _read_codes(codes, place, scale, numbers, size):
    for d in range(size):
        numbers[d] = scale * np.float32(codes[place, _FIRST_CODE + d])
