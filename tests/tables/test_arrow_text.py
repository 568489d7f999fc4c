"""A column of Arrow's arrays: every type of text and of lists, nulls, slices, structs."""

import pyarrow as pa
import pytest

from fastw2v.errors import CorpusError
from fastw2v.tables import arrow_text
from fastw2v.tables.arrow_text import batch_text, find_column
from fastw2v.tables.problems import RowError


def texts(array, name="c", column="c", before=0) -> bytes:
    batch = pa.record_batch([array], names=[name])
    path = find_column(batch.schema, column, "F")
    return b"".join(bytes(part) for part in batch_text(batch, path, before))


WORDS = ["a b", None, "", "é\nc", "a b"]


@pytest.mark.parametrize(
    "array",
    [
        pa.array(WORDS),
        pa.array(WORDS, pa.large_string()),
        pa.array(WORDS, pa.string_view()),
        pa.array(WORDS).cast(pa.binary()),
        pa.array(WORDS).cast(pa.large_binary()),
        pa.array(WORDS).dictionary_encode(),
        pa.array(["x", *WORDS, "y"]).slice(1, 5),
    ],
    ids=lambda array: str(array.type),
)
def test_all_types_of_text(array, monkeypatch):
    expected = "a b\n\n\né\nc\na b\n".encode()
    assert texts(array) == expected
    monkeypatch.setattr(arrow_text, "_PART_BYTES", 1)
    assert texts(array) == expected


def test_other_binary_types_and_nulls():
    assert texts(pa.array([b"ab", None, b"\xe9 "], pa.binary(2))) == b"ab\n\n\xe9 \n"
    assert texts(pa.nulls(2)) == b"\n\n"
    assert texts(pa.array([], pa.string())) == b""


def test_lists_of_tokens():
    assert texts(pa.array([["a", "b"], None, [], ["c"]])) == b"a b\n\n\nc\n"
    assert texts(pa.array([[1, 2], None, [-3]], pa.large_list(pa.int8()))) == b"1 2\n\n-3\n"
    assert texts(pa.array([[1, 2], [3, 4]], pa.list_(pa.uint16(), 2))) == b"1 2\n3 4\n"
    coded = pa.list_(pa.dictionary(pa.int8(), pa.string()))
    assert texts(pa.array([["x"], ["a", "b"], None, ["c"]], coded).slice(1, 3)) == b"a b\n\nc\n"


def test_fields_of_structs_and_names_with_points():
    rows = pa.array([{"b": {"c": "x"}}, None, {"b": None}, {"b": {"c": "y"}}])
    assert texts(rows, "a", "a.b.c") == b"x\n\n\ny\n"
    assert texts(pa.array(["x"]), "a.b", "a.b") == b"x\n"


@pytest.mark.parametrize(
    ("rows", "row", "problem"),
    [
        ([["fine"], ["a b"]], 12, "a space, tab or line end in the token 'a b'"),
        ([["a"], ["b", None]], 12, "null in a list of tokens"),
        ([[""]], 11, "a token is empty"),
        ([[], ["x", "y\n"]], 12, "in the token"),
    ],
)
def test_tokens_that_text_cannot_hold_are_errors_with_their_row(rows, row, problem):
    with pytest.raises(RowError, match=problem) as caught:
        texts(pa.array(rows), before=10)
    assert (caught.value.number, caught.value.unit) == (row, "row")


@pytest.mark.parametrize(
    ("array", "column", "problem"),
    [
        (pa.array([1]), "c", "F: column 'c' has the type int64, not text"),
        (pa.array([[1.5]]), "c", "has the type list<.*double>"),
        (pa.array([{"a": "x"}]), "c", "has the type struct"),
        (pa.array([{"a": {"b": "x"}}]), "c.b", r"there are: 'c', 'c\.a', 'c\.a\.b'"),
    ],
)
def test_other_types_and_missing_columns_are_errors(array, column, problem):
    with pytest.raises(CorpusError, match=problem):
        texts(array, column=column)


def test_two_columns_of_one_name():
    schema = pa.schema([("c", pa.string()), ("c", pa.string())])
    with pytest.raises(CorpusError, match="several columns are named 'c'"):
        find_column(schema, "c", "F")
