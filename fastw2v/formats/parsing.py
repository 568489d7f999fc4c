"""Parsing many numbers at once, each as Python's ``float`` does, then rounded to float32.

Numbers of up to 15 digits without exponent, which are nearly all, are parsed by NumPy from the
bytes of a block: their digits form an integer below 2 ** 53, and so does the power of ten by which
it is divided, so that a single division rounds correctly (Clinger 1990, "How to read floating point
numbers accurately"). Others are parsed one by one.
"""

import numpy as np

MAX_NUMBER_LENGTH = 1000  # characters; longer ones take long to parse, and no program writes them
_BLOCK = 1 << 14  # numbers parsed at once: intermediates fit in the cache
_PAD = b" " * 16  # so that 16 bytes before each position are readable
_MAX_DIGITS = 15
_POWERS = np.array([10**places for places in range(_MAX_DIGITS + 1)], np.int64)
_SPACE, _DIGIT, _POINT, _MINUS, _OTHER = range(5)


# byte -> its kind
_KINDS = bytes(
    _DIGIT if byte in b"0123456789" else {32: _SPACE, 45: _MINUS, 46: _POINT}.get(byte, _OTHER)
    for byte in range(256)
)


def parse_rows(texts: list[bytes], dimensions: int) -> np.ndarray | None:
    """(n, D) float32 from n texts of D numbers separated by single spaces.

    None if one of them is invalid; the caller has to find out which.
    """
    matrix = np.empty((len(texts), dimensions), np.float32)
    rows = max(1, _BLOCK // dimensions)
    for start in range(0, len(texts), rows):
        block = _parse_block(texts[start : start + rows], dimensions)
        if block is None:
            return None
        with np.errstate(over="ignore"):  # 1e39 is infinity
            matrix[start : start + rows] = block.reshape(-1, dimensions)
    return matrix


def _parse_block(texts: list[bytes], dimensions: int) -> np.ndarray | None:
    """(n * D,) float64, or None."""
    content = b"".join((_PAD, b" ".join(texts), b" "))
    kinds = np.frombuffer(content.translate(_KINDS), np.uint8)
    ends = len(_PAD) + np.flatnonzero(kinds[len(_PAD) :] == _SPACE)
    row_ends = len(_PAD) - 1 + np.cumsum([len(text) + 1 for text in texts])
    # The total number of spaces is not enough: one row may have one more, another one less.
    if not np.array_equal(ends[dimensions - 1 :: dimensions], row_ends):
        return None
    starts = np.empty_like(ends)
    starts[0], starts[1:] = len(_PAD), ends[:-1] + 1
    negative = kinds[starts] == _MINUS
    points, irregular = _points(np.flatnonzero(kinds == _POINT), ends)
    odd = np.flatnonzero(kinds >= _MINUS)
    odd = odd[(kinds[odd] == _OTHER) | (kinds[odd - 1] != _SPACE)]  # a minus must come first
    irregular[np.searchsorted(ends, odd)] = True
    before = points - starts - negative  # digits before the point
    after = np.maximum(ends - points - 1, 0)
    digits = before + after
    irregular |= (digits == 0) | (digits > _MAX_DIGITS) | (before > 8)
    after[irregular] = 0
    numbers = _decimal_numbers(content, points, ends, before, after)
    np.negative(numbers, where=negative, out=numbers)
    try:
        for i in np.flatnonzero(irregular).tolist():
            numbers[i] = parse_number(content[starts[i] : ends[i]])
    except ValueError:
        return None
    return numbers


def _points(found: np.ndarray, ends: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Position of the decimal point in each field, its end without one; and which have several.

    found: positions of points. ends: of the ends of fields. Both increasing.
    """
    several = np.zeros(len(ends), np.bool_)
    if len(found) == len(ends) and (found < ends).all() and (found[1:] > ends[:-1]).all():
        return found, several  # one in each field, the usual case
    fields = np.searchsorted(ends, found)
    points = ends.copy()
    points[fields] = found
    several[fields[1:][fields[1:] == fields[:-1]]] = True
    return points, several


def _decimal_numbers(content: bytes, points, ends, before, after) -> np.ndarray:
    """(n,) float64: the numbers with ``before`` and ``after`` digits around the points.

    points, ends, before, after: (n,) int64.
    """
    # A view of eight bytes from every byte on.
    words = np.ndarray((len(content) - 7,), "<u8", content, strides=(1,))
    whole = _eight_digits(words[points - 8], np.minimum(before, 8))
    decimals = _eight_digits(words[ends - 8], np.minimum(after, 8))
    if after.max(initial=0) > 8:
        decimals += 10**8 * _eight_digits(words[ends - 16], np.maximum(after - 8, 0))
    powers = _POWERS[after]
    return (whole * powers + decimals) / powers


def _eight_digits(words: np.ndarray, count: np.ndarray) -> np.ndarray:
    """(n,) int64: the numbers that the last ``count`` (0 to 8) characters of each word spell.

    words: (n,) uint64, eight characters each, the first in the lowest byte.
    """
    unused = (64 - 8 * count).astype(np.uint64)
    digits = ((words >> unused) << unused) & np.uint64(0x0F0F0F0F0F0F0F0F)
    # Combine adjacent digits into numbers of two, four, eight digits, for all of a word at once.
    digits = (digits * np.uint64(10) + (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    digits = (digits * np.uint64(100) + (digits >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    digits = (digits * np.uint64(10_000) + (digits >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return digits.astype(np.int64)


def parse_number(field: bytes) -> float:
    """The number in a field. Raises ValueError if it is invalid."""
    if b"_" in field:  # Python would read 1_0 as 10
        raise ValueError("an underscore in a number")
    if len(field) > MAX_NUMBER_LENGTH:
        raise ValueError("too long for a number")
    return float(field)
