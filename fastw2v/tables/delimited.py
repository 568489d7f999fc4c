"""The text of a column of CSV and TSV: fields separated by a character, the first row names them.

The fields are read as latin-1 and written as latin-1, which preserves every byte. Carriage returns
are dropped, as in all text: rows end with a newline, and some writers do not quote fields for them.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from fastw2v.io.encoding import to_word
from fastw2v.io.sniff import MARK
from fastw2v.tables.problems import MAX_ROW_BYTES, RowError, no_column, too_long

_READ_BYTES = 1 << 18
_PART_CHARACTERS = 1 << 18  # of text at once
_MOST_HEADER_LINES = 1000
_MARK = MARK.decode("latin-1")
_LIMIT = threading.Lock()


def delimited_text(read: Callable[[int], bytes], column: str, delimiters: str) -> Iterator[bytes]:
    """The text of ``column`` of all rows, in parts.

    read: returns the next bytes, at most as many as asked for; none at the end.
    delimiters: those that the file may have: it has the first with which there is such a column.

    Raises RowError, with the number of the row's first line.
    """
    lines = _lines(read)
    header = _header_lines(lines)
    if not header:
        return
    delimiter, names = _delimiter(header, column, delimiters)
    place = _place(names, column)
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    before = len(header)  # lines
    ended = False
    while not ended:
        texts, size = [], 0
        with _long_fields():
            while size < _PART_CHARACTERS:
                first = before + rows.line_num + 1
                row = _next_row(rows, first, delimiter)
                if row is None:
                    ended = True
                    break
                if not row:  # an empty line
                    continue
                if len(row) != len(names):
                    raise RowError(first, _ragged(row, names))
                texts.append(row[place])
                size += len(row[place]) + 1
        if texts:
            texts.append("")
            yield "\n".join(texts).encode("latin-1")


def _ragged(row: list[str], names: list[str]) -> str:
    return (
        f"{len(row):,} field{'s' if len(row) > 1 else ''}, but the header has {len(names):,}; "
        f"quote fields that contain the delimiter or line ends, or remove the row"
    )


def _next_row(rows, first: int, delimiter: str) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise RowError(first, f"{_problem(str(error))}; {_remedy(delimiter)}") from None


def _problem(message: str) -> str:
    if "limit" in message:
        return f"{too_long('a field').partition(';')[0]}: a quote may not be closed"
    if "end of data" in message:
        return "a quote is not closed before the end of the file"
    if "expected after" in message:
        return "a closing quote is followed by other characters"
    return message


def _remedy(delimiter: str) -> str:
    line = "correct the line: within quotes, a quote is written twice"
    if delimiter == "\t":
        line += "; if quotes have no meaning in this file, use: cut -f N FILE | fastw2v ... -"
    return line


def _lines(read: Callable[[int], bytes]) -> Iterator[str]:
    """The lines with their newlines, as latin-1."""
    number, held = 1, ""
    while data := read(_READ_BYTES):
        data = data.replace(b"\r", b"")
        lines = (held + data.decode("latin-1")).split("\n")
        held = lines.pop()
        if number == 1 and lines:
            lines[0] = lines[0].removeprefix(_MARK)
        if len(held) > MAX_ROW_BYTES:
            raise RowError(number + len(lines), too_long("a line"))
        number += len(lines)
        for line in lines:
            yield f"{line}\n"
    if held:
        yield held.removeprefix(_MARK) if number == 1 else held


def _header_lines(lines: Iterator[str]) -> list[str]:
    """The lines of the first row: empty ones before it, and up to where all quotes are closed."""
    header: list[str] = []
    quotes = 0
    for line in lines:
        header.append(line)
        quotes += line.count('"')
        if quotes % 2 == 0 and line != "\n":
            return header
        if len(header) > _MOST_HEADER_LINES:
            raise RowError(1, "a quote in the header is not closed; correct the first line")
    return header if any(line != "\n" for line in header) else []


def _delimiter(header: list[str], column: str, delimiters: str) -> tuple[str, list[str]]:
    """The delimiter, and the names of the columns."""
    found = []
    for delimiter in delimiters:
        try:
            with _long_fields():
                rows = [row for row in csv.reader(header, delimiter=delimiter) if row]
        except csv.Error as error:
            raise RowError(1, f"{_problem(str(error))}; {_remedy(delimiter)}") from None
        names = [to_word(name.encode("latin-1")) for name in rows[0]]
        names = [name if name == column else name.strip() for name in names]
        if column in names:
            return delimiter, names
        found.append((len(names), names))
    names = max(found, key=lambda each: each[0])[1]
    raise RowError(
        1, f"{no_column(column, names)}; the first line must have the names of the columns"
    )


def _place(names: list[str], column: str) -> int:
    if names.count(column) > 1:
        raise RowError(1, f"{names.count(column)} columns are named {column!r}; rename the others")
    return names.index(column)


@contextmanager
def _long_fields() -> Iterator[None]:
    """Context manager: fields may be long. The limit is one for the whole process, and the
    program that calls us may have set it: it is put back."""
    with _LIMIT:
        limit = csv.field_size_limit(MAX_ROW_BYTES)
        try:
            yield
        finally:
            csv.field_size_limit(limit)
