"""The records in which ranks send changes of rows, against plain NumPy."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.records import (
    FORMS,
    Numbers,
    Records,
    read_record,
    record_length,
    write_record,
)

SIZE = 21
NUMBERS = st.floats(-1e6, 1e6, width=32)


@compiled
def write_and_read(records, place, row, numbers, found, size, form):
    write_record(records, place, row, numbers, size, form)
    read_record(records, place, found, size, form)


def sent(numbers, form, row=7):
    """What comes out of a record of the numbers, (SIZE,) float32; and the records."""
    given_, found = Numbers.new(48), Numbers.new(48)
    given_.floats[:SIZE] = numbers
    rows = np.full((3, record_length(SIZE, FORMS[form])), -1, np.int32)
    write_and_read(Records.of(rows), 1, row, given_, found, SIZE, FORMS[form])
    assert (rows[[0, 2]] == -1).all(), "nothing is written beside the record"
    assert rows[1, 0] == row
    assert not found.floats[SIZE:].any()
    return found.floats[:SIZE]


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, SIZE, elements=NUMBERS))
def test_float32_is_exact(numbers):
    np.testing.assert_array_equal(sent(numbers, "float32"), numbers)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, SIZE, elements=NUMBERS))
def test_bfloat16_is_the_nearest_number_of_eight_bits(numbers):
    bits = numbers.view(np.uint32).astype(np.uint64)
    below, rest = bits >> 16, bits & 0xFFFF
    up = (rest > 0x8000) | ((rest == 0x8000) & (below & 1 == 1))
    wanted = ((below + up) << 16).astype(np.uint32).view(np.float32)
    np.testing.assert_array_equal(sent(numbers, "bfloat16"), wanted)


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.float32, SIZE, elements=NUMBERS))
def test_int8_is_within_half_a_step_of_the_largest(numbers):
    found = sent(numbers, "int8")
    largest = np.abs(numbers.astype(np.float64)).max()
    if largest < 1e-30:
        assert not found.any()
        return
    step = largest / 127
    assert np.abs(found - numbers.astype(np.float64)).max() <= 0.5001 * step
    most = np.abs(numbers).argmax()
    np.testing.assert_allclose(found[most], numbers[most], rtol=3e-7)
    whole = np.rint(found / step)
    np.testing.assert_allclose(found, whole * step, atol=1e-5 * step)


@pytest.mark.parametrize("form", list(FORMS))
def test_numbers_that_are_not_finite_stay_so(form):
    numbers = np.linspace(-1, 1, SIZE).astype(np.float32)
    for number in (np.nan, np.inf, -np.inf):
        numbers[4] = number
        with np.errstate(invalid="ignore", over="ignore"):
            found = sent(numbers, form)
        assert not np.isfinite(found[4])
        if form != "int8":  # there one scale is of all
            np.testing.assert_equal(found[4], np.float32(number))


@pytest.mark.parametrize(("form", "size", "length"), [
    ("float32", 100, 101), ("bfloat16", 100, 51), ("bfloat16", 3, 3),
    ("int8", 100, 27), ("int8", 1, 3), ("int8", 5, 4),
])  # fmt: skip
def test_how_long_a_record_is(form, size, length):
    assert record_length(size, FORMS[form]) == length


def test_a_part_of_records_is_the_same_memory():
    rows = np.arange(5 * 4, dtype=np.int32).reshape(5, 4)
    part = Records.of(rows).part(1, 3)
    part.floats[0, 1] = 1.0
    assert rows[1, 1] == np.float32(1).view(np.int32)
    assert [len(each) for each in part] == [2] * 4
    assert [each.shape[1] for each in part] == [4, 4, 8, 16]
