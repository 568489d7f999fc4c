"""The table: columns, cells, notes; as Markdown."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from fastw2v.comparison.rows import Row
from fastw2v.errors import one_line

_PARTS = ("semantic", "syntactic", "total")
_MEGABYTE = 1e6


class Column(NamedTuple):
    """A column of figures.

    heading: of the column. value: of a result, a number, infinity, or None. shown: how it is
    written. best: 1 if the highest is, -1 if the lowest, 0 if none is marked.
    """

    heading: str
    value: Callable[[dict[str, Any]], float | None]
    shown: Callable[[float], str]
    best: int = 0


class Line(NamedTuple):
    """A row of the table: what it is called, and its result."""

    row: Row
    result: dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A title, columns, lines, notes below them."""

    title: str
    columns: Sequence[Column]
    lines: Sequence[Line]
    notes: Sequence[str]

    def values(self, column: Column) -> list[float | None]:
        """The column's numbers, by line."""
        return [column.value(line.result) for line in self.lines]

    def best(self, column: Column) -> float | None:
        """The number that is marked in a column, if any is."""
        known = [each for each in self.values(column) if each is not None and each < math.inf]
        if not column.best or len(known) < 2 or min(known) == max(known):
            return None
        return max(known) if column.best > 0 else min(known)


def columns_of(has_questions: bool, pairs: Sequence[str]) -> list[Column]:
    """pairs: what the files of pairs are called."""
    found = []
    if has_questions:
        found += [Column(part, _accuracy(part), _percent, 1) for part in _PARTS]
    found += [Column(name, _spearman(place), _three_digits, 1) for place, name in enumerate(pairs)]
    return [
        *found,
        Column("perplexity", _perplexity, _whole, -1),
        Column("time (s)", lambda result: result["seconds"], _seconds),
        Column("words/s", lambda result: result["words_per_second"], _two_digits),
        Column("memory (MB)", _memory, _whole),
    ]


def names_of(row: Row) -> tuple[str, str, str]:
    """What the first three columns say: model, variant, sub-sampling."""
    return row.model, row.variant, {None: "", True: "yes", False: "no"}[row.subsampled]


HEADINGS = ("model", "variant", "sub-sampling")


def cells(table: Table, line: Line) -> list[str]:
    """The texts of a line's figures, "" for one that is missing."""
    values = [column.value(line.result) for column in table.columns]
    return [
        "" if value is None else "infinite" if math.isinf(value) else column.shown(value)
        for column, value in zip(table.columns, values, strict=True)
    ]


def markdown(table: Table) -> str:
    """The table in Markdown; the best figure of a column is bold."""
    headings = [*HEADINGS, *(_escaped(column.heading) for column in table.columns)]
    lines = [
        _joined(headings),
        _joined([*["---"] * len(HEADINGS), *["---:"] * len(table.columns)]),
    ]
    best = [table.best(column) for column in table.columns]
    for line in table.lines:
        values = [column.value(line.result) for column in table.columns]
        figures = [
            f"**{text}**" if value is not None and value == top else text
            for text, value, top in zip(cells(table, line), values, best, strict=True)
        ]
        lines.append(_joined([*map(_escaped, names_of(line.row)), *figures]))
    notes = [f"- {_escaped(note)}" for note in table.notes]
    return "\n".join([f"# {_escaped(table.title)}", "", *lines, "", *notes]) + "\n"


def pair_names(paths: Sequence[str]) -> list[str]:
    """Short names of files: without folder and extension, unless two would be the same."""
    short = [os.path.splitext(os.path.basename(path))[0] for path in paths]
    return [one_line(name) for name in (short if len({*short}) == len(short) else paths)]


def _joined(fields: Sequence[str]) -> str:
    return f"| {' | '.join(fields)} |"


def _escaped(text: str) -> str:
    for character in "\\|*_<>`":
        text = text.replace(character, f"\\{character}")
    return text


def _accuracy(part: str) -> Callable[[dict[str, Any]], float | None]:
    def value(result: dict[str, Any]) -> float | None:
        found = (result["analogies"] or {}).get(part)
        return found["correct"] / found["seen"] if found and found["seen"] else None

    return value


def _spearman(place: int) -> Callable[[dict[str, Any]], float | None]:
    def value(result: dict[str, Any]) -> float | None:
        found: float | None = result["pairs"][place]["spearman"] if result["pairs"] else None
        return found

    return value


def _perplexity(result: dict[str, Any]) -> float | None:
    text = result["held_out"]
    if text is None:
        return None
    found: float | None = text["perplexity"]
    return math.inf if found is None else found


def _memory(result: dict[str, Any]) -> float | None:
    peak = result["peak_rss_bytes"]
    return None if peak is None else peak / _MEGABYTE


def _percent(value: float) -> str:
    return f"{value:.1%}"


def _three_digits(value: float) -> str:
    return f"{value:.3f}"


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float) -> str:
    return f"{value:,.1f}" if value < 100 else f"{value:,.0f}"


def _two_digits(value: float) -> str:
    """Rounded to two digits: ``1,200,000``; a measured speed has no more that count."""
    if value <= 0:
        return "0"
    unit = 10 ** max(0, math.floor(math.log10(value)) - 1)
    return f"{round(value / unit) * unit:,.0f}"
