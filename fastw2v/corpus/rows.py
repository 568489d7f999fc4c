"""Rows of tables in Python -> token lists: one column of rows, frames, tables and batches.

Known by what they offer, so that none of their libraries is imported: pandas and polars frames and
series, pyarrow tables, record batches, arrays and readers, datasets of Hugging Face, and any
iterable of rows that are mappings, such as `csv.DictReader` and `sqlite3.Row`; also iterables of
frames or record batches, as files that are read in parts give them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from fastw2v.errors import CorpusError, near_names, parameter
from fastw2v.progress import SILENT, Progress

Column = str | int
"""The name of a column; a number for rows that are lists or tuples."""


class Table(Protocol):
    """What has columns by name."""

    def __getitem__(self, name: Any, /) -> Any:
        """A column."""


_SLICE = 4_096  # rows of a table that are Python objects at a time
_NAMES = 8  # as many names of columns are listed in a message


def token_lists(corpus: Any, column: Column | None, progress: Progress = SILENT) -> Iterable[Any]:
    """The sentences of ``corpus``: itself, if it is an iterable of token lists, or those of one
    column of a table.

    column: of which table or rows; its fields are strings, which are split at whitespace, or lists
        of tokens. Fields without a value are empty sentences, and their number is reported. None:
        rows are token lists.

    Raises CorpusError: a table and no column, a column that is not there, a field that is neither
    a string nor a list.
    """
    if column is not None and not isinstance(column, (str, int)):
        raise CorpusError(
            f"{parameter('column')} is {column!r:.60}; it must be the name of a column, or the "
            "number of a field"
        )
    if _is_series(corpus):  # is one column
        _check_name(corpus, column)
        return _Fields(_sliced(corpus), None, progress)
    _check_one_table(corpus)
    if column is None:
        _check_no_table(corpus)
        return _checked(corpus)
    return _Fields(_values(corpus, column), column, progress)


class _Fields:
    """Token lists of the values of a column; to be iterated once."""

    def __init__(self, values: Iterable[Any], column: Column | None, progress: Progress):
        self._values, self._progress = values, progress
        self._name = "the field" if column is None else f"{column!r}"

    def __iter__(self) -> Iterator[Any]:
        missing = row = 0
        for row, value in enumerate(self._values, start=1):
            if _is_missing(value):
                missing += 1
                yield ()
            elif isinstance(value, (str, bytes)):
                yield value.split()
            elif isinstance(value, Mapping) or not hasattr(value, "__iter__"):
                raise CorpusError(
                    f"row {row:,}: {self._name} is {value!r:.60}; it must be a string, which is "
                    "split at whitespace, or a list of tokens"
                )
            else:
                yield value
        if missing:
            self._progress.message(f"{missing:,} of {row:,} rows have no value for {self._name}")


def _checked(rows: Any) -> Iterator[Any]:
    """The rows, none of which may be a row of a table: its keys would be trained as words."""
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, (list, tuple)):
            names = _columns(row)
            if names is not None:
                raise CorpusError(
                    f"sentence {number:,}: expected a list of tokens, not "
                    f"{_described(row, names)}; {_remedy(names)}"
                )
        yield row


def _check_one_table(corpus: Any) -> None:
    """Raise CorpusError for a mapping of tables, as of the splits of a dataset."""
    names = _columns(corpus) if isinstance(corpus, Mapping) else None
    if names and all(_is_table(corpus[name]) for name in names):
        raise CorpusError(
            f"the corpus is a {type(corpus).__name__} of {_listed(names)}: give one of them, for "
            f"example corpus[{names[0]!r}]"
        )


def _check_no_table(corpus: Any) -> None:
    names = _columns(corpus)
    if names is None and _is_arrow(corpus) and not isinstance(corpus, Iterable):
        names = []
    if names is not None:
        raise CorpusError(f"the corpus is {_described(corpus, names)}; {_remedy(names)}")


def _values(rows: Any, column: Column) -> Iterator[Any]:
    """The values of a column: of a table, or of rows or tables that are iterated."""
    if _columns(rows) is not None:
        yield from _of_table(rows, column, "the corpus")
        return
    if _is_arrow(rows) and not isinstance(rows, Iterable):  # a dataset or a file of pyarrow
        to_batches = getattr(rows, "to_batches", None) or getattr(rows, "iter_batches", None)
        rows = rows if to_batches is None else to_batches(columns=[column])
    if isinstance(rows, (str, bytes)) or not isinstance(rows, Iterable):
        raise CorpusError(f"the corpus is {type(rows).__name__}: it has no rows with columns")
    for number, row in enumerate(rows, start=1):
        place = f"row {number:,}"
        if _is_table(row):
            yield from _of_table(row, column, place)
        elif _is_mapping(row):
            yield _item(row, column, place)
        elif isinstance(row, tuple) and column in getattr(row, "_fields", ()):
            yield getattr(row, str(column))
        elif isinstance(row, (list, tuple)) and isinstance(column, int):
            if not -len(row) <= column < len(row):
                raise CorpusError(f"{place}: has {len(row)} fields, and no number {column}")
            yield row[column]
        else:
            raise CorpusError(
                f"{place}: is {row!r:.60}, which has no column {column!r}; drop "
                f"{parameter('column')}, or give rows that are mappings"
            )


def _of_table(table: Any, column: Column, place: str) -> Iterator[Any]:
    if hasattr(table, "select_columns") and hasattr(table, "iter"):  # a dataset of Hugging Face
        names = table.column_names  # None: only the rows can say
        if names is not None:
            _check_there(column, names, table, place)
            table = table.select_columns([column])
        for batch in table.iter(batch_size=_SLICE):
            yield from _item(batch, column, place)
        return
    names = _columns(table)
    if names is not None:
        _check_there(column, names, table, place)
    try:
        values = table.column(column) if _is_arrow(table) else table[column]
    except TypeError:
        kind = type(table).__name__
        raise CorpusError(f"{place}: {kind} has columns but no values yet: collect it") from None
    yield from _sliced(values)


def _sliced(values: Any) -> Iterator[Any]:
    """Values as Python objects, a part of them at a time where they are stored otherwise."""
    convert = "to_pylist" if _is_arrow(values) else "to_list"
    if _is_table(values):
        raise CorpusError(f"several columns have the name {values.columns[0]!r}: rename them")
    if not hasattr(values, convert):  # a list, an array, a lazy column of a dataset
        yield from values
        return
    rows = getattr(values, "iloc", values)
    for first in range(0, len(values), _SLICE):
        yield from getattr(rows[first : first + _SLICE], convert)()


def _item(row: Any, column: Column, place: str) -> Any:
    try:
        return row[column]
    except (KeyError, IndexError):
        _check_there(column, list(row.keys()), row, place)
        raise


def _check_there(column: Column, names: list[Any], table: Any, place: str) -> None:
    if column in names:
        return
    near = near_names(str(column), [str(name) for name in names])
    hint = f"did you mean {near[0]!r}?" if near else f"it has {_listed(names)}"
    raise CorpusError(f"{place}: no column {column!r}; {hint}")


def _check_name(series: Any, column: Column | None) -> None:
    name = getattr(series, "name", None)
    if column is not None and column != name:
        raise CorpusError(
            f"the corpus is one column{'' if name is None else f', {name!r}'}: drop "
            f"{parameter('column')}"
        )


def _columns(table: Any) -> list[Any] | None:
    """The names of the columns of a table, or of the fields of a row; None if it is neither."""
    if isinstance(table, (str, bytes, list, tuple)):
        return None
    if _is_table(table):
        names = getattr(table, "column_names", None)
        if names is None:
            names = getattr(table, "columns", None)
        if isinstance(names, Mapping):  # a DatasetDict
            names = names.keys()
        return list(names) if names is not None else None
    if _is_mapping(table):
        return list(table.keys())
    names = getattr(getattr(table, "dtype", None), "names", None)  # of a structured array
    return list(names) if names else None


def is_table(value: Any) -> bool:
    """Whether it is a table, or a file of them, that `token_lists` reads."""
    return _is_table(value) or _is_series(value) or _is_arrow(value)


def _is_table(value: Any) -> bool:
    """Whether it has named columns: a frame, a table, a record batch, a dataset."""
    if isinstance(value, Mapping) or _is_series(value):
        return False
    return hasattr(value, "column_names") or (
        hasattr(value, "columns") and hasattr(value, "__getitem__")
    )


def _is_series(value: Any) -> bool:
    """Whether it is one column of a frame or a table, or an array of pyarrow."""
    kind = type(value)
    library = kind.__module__.partition(".")[0]
    return (
        (library in ("pandas", "polars") and kind.__name__ in ("Series", "Index"))
        or (library == "datasets" and kind.__name__ in ("Column", "IterableColumn"))
        or (library == "pyarrow" and hasattr(value, "to_pylist") and not hasattr(value, "columns"))
    )


def _is_arrow(value: Any) -> bool:
    return type(value).__module__.partition(".")[0] == "pyarrow"


def _is_mapping(value: Any) -> bool:
    """A mapping, or a row that can be read as one (`sqlite3.Row`)."""
    return isinstance(value, Mapping) or (
        hasattr(value, "keys") and hasattr(value, "__getitem__") and not _is_table(value)
    )


def _is_missing(value: Any) -> bool:
    """None, NaN and NA."""
    return (
        value is None
        or (isinstance(value, float) and value != value)
        or type(value).__name__ in ("NAType", "NaTType")
    )


def _described(table: Any, names: list[Any]) -> str:
    kind = type(table).__name__
    kind = f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"
    fields = "fields" if _is_mapping(table) else "columns"
    return f"{kind} with the {fields} {_listed(names)}" if names else kind


def _listed(names: list[Any]) -> str:
    shown = ", ".join(str(name) for name in names[:_NAMES])
    return f"{shown}, ..." if len(names) > _NAMES else shown or "none"


def _remedy(names: list[Any]) -> str:
    """What to do about a table without ``column``; the example is what most often is the text."""
    if not names:
        return f"give token lists, or rows with columns and {parameter('column')}"
    likeliest = next((name for name in names if "text" in str(name).lower()), names[0])
    return f"name the one to train on, for example {parameter('column', likeliest)}"
