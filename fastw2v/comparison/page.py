"""The table as one self-contained page, which sorts it."""

from __future__ import annotations

import math
from typing import Any

from fastw2v.comparison.table import HEADINGS, Table, cells, names_of
from fastw2v.pages.assembly import PageParts, assemble
from fastw2v.pages.escape import escape_unprintable

_PARTS = PageParts("fastw2v.comparison", "page.html", "page.css", ("page.js",))


def page(table: Table) -> str:
    """The whole page. Names of files are only in its data and are never interpreted as HTML."""
    return assemble(_PARTS, table.title, "", page_data(table))


def page_data(table: Table) -> dict[str, Any]:
    """The data for the script: headings; whether the highest of a column is the best (1), the
    lowest (-1) or none is marked (0); rows: names, texts of the figures and their numbers, infinity
    as 1e300; best: by column the number that is marked, or null; notes."""
    columns = table.columns
    return {
        "headings": [*HEADINGS, *(escape_unprintable(column.heading) for column in columns)],
        "orders": [column.best for column in columns],
        "rows": [
            {
                "names": names_of(line.row),
                "texts": cells(table, line),
                "numbers": [_number(column.value(line.result)) for column in columns],
            }
            for line in table.lines
        ],
        "best": [table.best(column) for column in columns],
        "notes": [escape_unprintable(note) for note in table.notes],
    }


def _number(value: float | None) -> float | None:
    return 1e300 if value is not None and math.isinf(value) else value
