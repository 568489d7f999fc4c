"""Numbers to text and back: the bytes of ``%.9g``, and what Python's ``float`` reads."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from fastw2v.formats.decimals import row_texts
from fastw2v.formats.parsing import parse_rows

QUICK = settings(deadline=None, max_examples=200)
ANY_BITS = st.integers(0, 2**32 - 1)
ORDINARY = st.floats(-12, 12, width=32)


def from_bits(bits):
    return np.array(bits, np.uint32).view(np.float32)


def naive_texts(matrix, separator):
    return [b"".join([separator + b"%.9g" % n for n in row]) for row in matrix.tolist()]


def naive_rows(texts, dimensions):
    """(n, D) float32, or None."""
    rows = []
    for text in texts:
        fields = text.split(b" ")
        try:
            rows.append([float(field) for field in fields])
        except ValueError:
            return None
        if len(fields) != dimensions or b"_" in text:
            return None
    with np.errstate(over="ignore"):
        return np.array(rows, np.float32).reshape(len(texts), dimensions)


def check_parsed(texts, dimensions):
    found, expected = parse_rows(texts, dimensions), naive_rows(texts, dimensions)
    if expected is None:
        assert found is None
    else:
        assert found.tobytes() == expected.tobytes()


class TestWriting:
    @QUICK
    @given(
        hnp.arrays(np.uint32, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=ANY_BITS)
    )
    def test_any_float32_is_written_as_c_prints_it(self, bits):
        matrix = from_bits(bits)
        assert list(row_texts(matrix)) == naive_texts(matrix, b" ")

    @QUICK
    @given(
        hnp.arrays(np.float32, st.tuples(st.integers(1, 5), st.integers(1, 7)), elements=ORDINARY)
    )
    def test_ordinary_numbers(self, matrix):
        assert list(row_texts(matrix, b"\t")) == naive_texts(matrix, b"\t")

    def test_many_numbers_around_every_edge(self):
        edges = np.float32([1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 9.5, 10, 100, 1e9, 0, 2**-149])
        near = edges.view(np.int32)[:, None] + np.arange(-40, 41, dtype=np.int32)
        chance = np.random.default_rng(5)
        scales = 10.0 ** chance.uniform(-6, 2, (300, 81))
        matrix = np.concatenate(
            [near.view(np.float32), (scales * chance.normal(size=scales.shape))]
        )
        matrix = matrix.astype(np.float32)
        assert list(row_texts(matrix)) == naive_texts(matrix, b" ")

    @pytest.mark.parametrize("shape", [(0, 3), (1, 1), (1, 20_001), (403, 102)])
    def test_shapes(self, shape):
        matrix = np.random.default_rng(2).normal(size=shape).astype(np.float32)
        assert list(row_texts(matrix)) == naive_texts(matrix, b" ")


class TestReading:
    @QUICK
    @given(st.lists(st.lists(st.floats(width=32), min_size=3, max_size=3), min_size=1, max_size=4))
    def test_written_numbers_are_read_back(self, rows):
        matrix = np.array(rows, np.float32)
        texts = [text[1:] for text in row_texts(matrix)]
        found = parse_rows(texts, 3)
        assert np.array_equal(found, matrix, equal_nan=True)
        assert np.array_equal(
            np.signbit(found[~np.isnan(found)]), np.signbit(matrix[~np.isnan(matrix)])
        )

    @settings(deadline=None, max_examples=150)
    @given(
        st.lists(
            st.lists(
                st.from_regex(
                    rb"[-+]?[0-9]{0,18}[.]?[0-9]{0,18}(e[-+]?[0-9]{1,2})?", fullmatch=True
                ),
                min_size=2,
                max_size=2,
            ),
            min_size=1,
            max_size=3,
        )
    )
    @example([[b"1.2.3", b""], [b"-", b"."]])
    def test_numbers_of_all_kinds(self, rows):
        check_parsed([b" ".join(row) for row in rows], 2)

    @settings(deadline=None, max_examples=150)
    @given(st.lists(st.text("0123456789.-+e_ \t", max_size=9), min_size=1, max_size=4))
    @example(["1-2", " 3"])
    @example(["1 2 3", "4"])
    @example(["1.2.3 4", "5 6"])
    @example(["0-1 4", "-5 --6"])
    def test_text_that_is_almost_a_number(self, texts):
        check_parsed([text.encode() for text in texts], 2)

    @pytest.mark.parametrize(
        "text",
        ["nan", "-inf", "INFINITY", "1e400", "-1e-400", "1e39", "3.4028235677973366e38", "+5", "5.",
         ".5", "-.5", "-0", "007", "00000000000000000.5", "123456789012345.5", "999999999999999",
         "0.000000000000001", "16777217", "0.1000000014901161193847656250", "2.5e-45", "1e-05"],
    )  # fmt: skip
    def test_odd_numbers(self, text):
        check_parsed([b"0.5", text.encode(), b"-0.25"], 1)
        found = parse_rows([text.encode()], 1)
        with np.errstate(over="ignore"):
            assert np.array_equal(found, np.float32([[float(text)]]), equal_nan=True)

    @pytest.mark.parametrize("shape", [(0, 3), (1, 1), (1, 20_001), (403, 102)])
    def test_shapes(self, shape):
        matrix = np.random.default_rng(2).normal(size=shape).astype(np.float32)
        found = parse_rows([text[1:] for text in row_texts(matrix)], shape[1])
        assert found.shape == shape
        assert found.tobytes() == matrix.tobytes()

    def test_six_decimals_of_the_c_program(self):
        matrix = np.random.default_rng(4).normal(size=(41, 17))
        texts = [b" ".join([b"%f" % number for number in row]) for row in matrix.tolist()]
        check_parsed(texts, 17)
