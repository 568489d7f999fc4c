"""Formatting many numbers at once.

The text is that of C's ``%.9g``: nine significant digits without trailing zeros. Nine digits
represent every float32 exactly.
"""

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

_BLOCK = 1 << 14  # numbers formatted at once: their cells fit in the cache
_CELL = 16  # bytes: a separator, and up to 15 characters
# Between these the text is ``-D.DDDDDDDDDDDD`` without trailing zeros, and the first significant
# digit is at the fourth decimal place or before.
_SMALLEST, _LARGEST = 1e-4, 10.0
_POWERS = np.array([float(10**places) for places in range(13)])
_TO_12_PLACES = 10 ** np.arange(12, -1, -1, dtype=np.int64)


def row_texts(matrix: np.ndarray, separator: bytes = b" ") -> Iterator[bytes]:
    """For each row of (V, D) float32 its numbers, each preceded by a one-byte separator."""
    dimensions = matrix.shape[1]
    rows = max(1, _BLOCK // dimensions)
    width = _CELL * dimensions
    for start in range(0, len(matrix), rows):
        text = _cells(matrix[start : start + rows].ravel(), separator).tobytes()
        for first in range(0, len(text), width):
            yield text[first : first + width].translate(None, b"\0")


def _cells(numbers: np.ndarray, separator: bytes) -> np.ndarray:
    """(n, 4) uint32: each row the 16 bytes of separator and number, NUL for unused ones.

    numbers: (n,) float32.
    """
    with np.errstate(invalid="ignore"):  # signalling NaN
        wide = numbers.astype(np.float64)
    size = np.abs(wide)
    plain = ((size >= _SMALLEST) & (size < _LARGEST)) | (size == 0)
    size[~plain] = 0
    places = 8 + (size < 1) + (size < 0.1) + (size < 0.01) + (size < 0.001)
    # The product is exact, so that rounding happens once: 24 bits times at most 5 ** 12 (28 bits)
    # fit in the 53 bits of float64.
    digits = np.rint(size * _POWERS[places]).astype(np.int64) * _TO_12_PLACES[places]
    whole, decimals = digits // 10**12, digits % 10**12
    first, rest = decimals // 10**8, decimals % 10**8
    second, third = rest // 10**4, rest % 10**4

    heads, groups, bare = _heads(separator), _groups(), 10_000
    cells = np.empty((len(numbers), 4), np.uint32)
    cells[:, 0] = heads[whole + 10 * np.signbit(wide) + 20 * (decimals == 0)]
    cells[:, 1] = groups[first + bare * (rest == 0)]
    cells[:, 2] = groups[second + bare * (third == 0)]
    cells[:, 3] = groups[third + bare]
    odd = np.flatnonzero(~plain)
    if len(odd):
        texts = [separator + b"%.9g" % number for number in wide[odd].tolist()]
        cells.view(f"S{_CELL}")[odd, 0] = texts
    return cells


@lru_cache
def _heads(separator: bytes) -> np.ndarray:
    """(40,) uint32, four characters each: separator, sign, digit, point.

    Entry digit, + 10 if negative, + 20 if a whole number.
    """
    heads = [
        separator + sign + b"%d" % digit + point
        for point in (b".", b"")
        for sign in (b"", b"-")
        for digit in range(10)
    ]
    return np.array(heads, "S4").view(np.uint32)


@lru_cache
def _groups() -> np.ndarray:
    """(20,000,) uint32, four characters each: 0000 to 9999, then without their trailing zeros."""
    full = [b"%04d" % number for number in range(10_000)]
    return np.array(full + [digits.rstrip(b"0") for digits in full], "S4").view(np.uint32)
