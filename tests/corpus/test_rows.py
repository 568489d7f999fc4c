"""Rows of tables: one column is trained on, and a table without a column is refused."""

import csv
import io
import sqlite3
from collections import namedtuple

import numpy as np
import pytest

from fastw2v.corpus.rows import token_lists
from fastw2v.errors import CorpusError
from fastw2v.progress import Progress

TEXTS = ["river stone", None, "  cloud\tlamp\nriver ", ""]
WANTED = [["river", "stone"], [], ["cloud", "lamp", "river"], []]
TOKENS = [["river", "stone"], ["a b"], [], ["lamp"]]
Row = namedtuple("Row", ["text", "label"])


class Listening(Progress):
    def __init__(self):
        self.said = []

    def message(self, text):
        self.said.append(text)


def lists(corpus, column=None):
    return [list(each) for each in token_lists(corpus, column)]


def pandas_frame():
    return pytest.importorskip("pandas").DataFrame({"text": TEXTS, "label": range(4)})


def arrow_table():
    return pytest.importorskip("pyarrow").table({"text": TEXTS, "label": range(4), "t": TOKENS})


def arrow_dataset():
    arrow_table()
    return pytest.importorskip("pyarrow.dataset").dataset(arrow_table())


def face_dataset():
    datasets = pytest.importorskip("datasets")
    return datasets.Dataset.from_dict({"text": TEXTS, "label": list(range(4))})


def database():
    base = sqlite3.connect(":memory:")
    base.row_factory = sqlite3.Row
    rows = base.execute("select ? as text, 0 as label", TEXTS[:1]).fetchall()
    base.close()
    return rows


MAPPINGS = [{"text": text, "label": 0} for text in TEXTS]
TABLES = {
    "pandas frame": pandas_frame,
    "pandas frames": lambda: iter([pandas_frame(), pandas_frame()[:0]]),
    "pandas series": lambda: pandas_frame()["text"],
    "arrow table": arrow_table,
    "arrow record batch": lambda: arrow_table().to_batches()[0],
    "arrow record batches": lambda: arrow_table().to_batches(max_chunksize=3),
    "arrow reader": lambda: arrow_table().to_reader(),
    "arrow column": lambda: arrow_table()["text"],
    "arrow array": lambda: arrow_table()["text"].chunk(0),
    "arrow dataset": arrow_dataset,
    "dataset": face_dataset,
    "dataset column": lambda: face_dataset()["text"],
    "streamed dataset": lambda: face_dataset().to_iterable_dataset(),
    "mappings": lambda: MAPPINGS,
    "generator of mappings": lambda: iter(MAPPINGS),
    "mapping of lists": lambda: {"text": TEXTS, "label": range(4)},
    "named tuples": lambda: [Row(text, 0) for text in TEXTS],
}
COLUMNS = {"pandas series", "arrow column", "arrow array", "dataset column"}
ROWS = TABLES.keys() - COLUMNS - {"named tuples"}


@pytest.mark.parametrize("name", TABLES)
def test_fields_that_are_strings_are_split_at_whitespace(name):
    assert lists(TABLES[name](), None if name in COLUMNS else "text") == WANTED


@pytest.mark.parametrize("name", sorted(ROWS))
def test_without_a_column_rows_are_refused_and_the_columns_named(name):
    with pytest.raises(CorpusError, match=r"column='text'|rows with columns") as caught:
        lists(TABLES[name]())
    if name != "arrow dataset":
        assert "text, label" in str(caught.value)


@pytest.mark.parametrize("name", sorted(ROWS - {"arrow dataset", "arrow reader"}))
def test_a_column_that_is_not_there_is_named_with_the_near_one(name):
    with pytest.raises(CorpusError, match="no column 'texts'; did you mean 'text'"):
        lists(TABLES[name](), "texts")


def test_fields_that_are_lists_are_token_lists():
    assert lists(arrow_table(), "t") == TOKENS
    assert lists([{"t": each} for each in TOKENS], "t") == TOKENS
    assert lists([{"t": np.array(["a", "b"])}], "t") == [["a", "b"]]


def test_csv_and_sqlite():
    text = "text,label\nriver stone,1\n,2\n"
    assert lists(csv.DictReader(io.StringIO(text)), "text") == [["river", "stone"], []]
    assert lists(csv.reader(io.StringIO(text)), 0)[1:] == [["river", "stone"], []]
    assert lists(database(), "text") == WANTED[:1]
    with pytest.raises(CorpusError, match=r"not a Row with the fields text, label; .*'text'"):
        lists(database())


def test_structured_arrays():
    array = np.array([("river stone", 1)], dtype=[("text", "U20"), ("n", "i4")])
    assert lists(array, "text") == WANTED[:1]
    with pytest.raises(CorpusError, match="columns text, n"):
        lists(array)


def test_fields_without_a_value_are_counted():
    frame = pandas_frame()
    frame["text"] = frame["text"].astype("string")
    listening = Listening()
    assert [list(each) for each in token_lists(frame, "text", listening)] == WANTED
    assert listening.said == ["1 of 4 rows have no value for 'text'"]
    assert lists([{"text": float("nan")}, {"text": "a"}], "text") == [[], ["a"]]


@pytest.mark.parametrize(
    ("rows", "column", "part"),
    [
        ([{"text": 5}], "text", "row 1: 'text' is 5; it must be a string"),
        ([{"text": "a"}, {"text": {"en": "a"}}], "text", "row 2: 'text' is {'en': 'a'}"),
        ([{"text": "a"}, {"label": 1}], "text", "row 2: no column 'text'; it has label"),
        ([["a", "b"]], "text", "row 1: is \\['a', 'b'\\], which has no column 'text'"),
        ([["a", "b"]], 2, "row 1: has 2 fields, and no number 2"),
        (["a b"], "text", "row 1: is 'a b'"),
        ([{}], "text", "row 1: no column 'text'; it has none"),
        ({"train": {}}, "text", "no column 'text'; it has train"),
        ([["a"]], 1.5, "column is 1.5"),
        ([["a"]], ["text"], r"column is \['text'\]"),
    ],
    ids=lambda given: repr(given)[:30],
)
def test_rows_that_cannot_be_read(rows, column, part):
    with pytest.raises(CorpusError, match=part):
        lists(rows, column)


def test_the_splits_of_a_dataset_are_not_a_table():
    datasets = pytest.importorskip("datasets")
    splits = datasets.DatasetDict(train=face_dataset(), test=face_dataset())
    for column in ("text", None):
        with pytest.raises(CorpusError, match=r"DatasetDict of train, test: .* corpus\['train'\]"):
            lists(splits, column)


def test_one_column_needs_no_name():
    series = pandas_frame()["text"]
    assert lists(series, "text") == WANTED
    with pytest.raises(CorpusError, match="the corpus is one column, 'text': drop column"):
        lists(series, "label")


def test_columns_of_the_same_name():
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["a", "b"]], columns=["text", "text"])
    with pytest.raises(CorpusError, match="several columns have the name 'text'"):
        lists(frame, "text")


def test_token_lists_are_left_alone():
    rows = [["a", "b"], ("c",), {"d"}, np.array([3, 4]), {"e": 1}.keys()]
    assert [list(row) for row in token_lists(rows, None)] == [list(row) for row in rows]
