"""The text of a field of JSON Lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from fastw2v.io.encoding import to_bytes
from fastw2v.io.sniff import MARK
from fastw2v.tables.problems import MAX_ROW_BYTES, RowError, bad_token, no_column, too_long

_READ_BYTES = 1 << 18
_ESCAPE = re.compile(  # a surrogate pair; half of one; any other escape
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|u([dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_IS_LINES = "JSON Lines have one object per line"
_KINDS = {bool: "true or false", int: "a number", float: "a number", dict: "an object"}


def json_text(read: Callable[[int], bytes], column: str) -> Iterator[memoryview]:
    """The text of the field ``column`` of all rows, in parts that are valid until the next.

    read: returns the next bytes, at most as many as asked for; none at the end.

    Raises RowError, with the number of the line.
    """
    from fastw2v.tables.json_kernel import MAX_DEPTH, extract

    key = np.frombuffer(to_bytes(column), np.uint8)
    stack = np.empty(MAX_DEPTH, np.uint8)
    lines_read = 0
    for lines in _whole_lines(read):
        data = np.frombuffer(lines, np.uint8)
        out = np.empty(len(lines), np.uint8)
        start = at = 0
        while start < len(lines):
            start, at, count = extract(data, start, len(lines), key, out, at, stack)
            lines_read += count
            if start == len(lines):
                break
            end = lines.index(b"\n", start)
            lines_read += 1
            text = _numbered(lines[start:end], column, lines_read)
            out[at : at + len(text) + 1] = np.frombuffer(text + b"\n", np.uint8)
            start, at = end + 1, at + len(text) + 1
        yield memoryview(out)[:at]


def _whole_lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """The content in parts that end with a newline; one is added to the last line if missing."""
    parts, held, number = [], 0, 1
    while data := read(_READ_BYTES):
        end = data.rfind(b"\n") + 1
        if not end:
            parts.append(data)
            held += len(data)
            if held > MAX_ROW_BYTES:
                raise RowError(number, too_long("a line"))
            continue
        lines = b"".join([*parts, data[:end]])
        yield lines.removeprefix(MARK) if number == 1 else lines
        number += lines.count(b"\n")
        parts, held = [data[end:]], len(data) - end
    if held:
        lines = b"".join([*parts, b"\n"])
        yield lines.removeprefix(MARK) if number == 1 else lines


def _numbered(line: bytes, column: str, number: int) -> bytes:
    try:
        return text_of(line, column)
    except ValueError as error:
        raise RowError(number, str(error)) from error


def text_of(line: bytes, column: str) -> bytes:
    """The text of the field ``column`` of one row, without the newline that follows it.

    Raises ValueError, which says what is wrong and what to do.
    """
    if b"\\u" in line:
        line = _ESCAPE.sub(lambda found: b"\\ufffd" if found[1] else found[0], line)
    try:
        row = json.loads(line.decode("utf-8", "surrogateescape"))
    except json.JSONDecodeError as error:
        raise ValueError(
            f"no valid JSON: {error.msg} at character {error.colno:,}; correct or remove the "
            f"line ({_IS_LINES})"
        ) from None
    except RecursionError:
        raise ValueError("JSON nested too deeply; remove the line") from None
    if not isinstance(row, dict):
        raise ValueError(f"{_name(row)} instead of an object; {_IS_LINES}")
    return _text(_value(row, column), column)


def _value(row: dict[str, Any], column: str) -> Any:
    if column in row:
        return row[column]
    value: Any = row
    for name in column.split("."):
        if not isinstance(value, dict) or name not in value:
            raise ValueError(no_column(column, _names(row)))
        value = value[name]
    return value


def _names(row: dict[str, Any]) -> Iterator[str]:
    for name, value in row.items():
        yield name
        if isinstance(value, dict):
            yield from (f"{name}.{inner}" for inner in value)


def _text(value: Any, column: str) -> bytes:
    if isinstance(value, str):
        return to_bytes(value)
    if value is None:
        return b""
    if not isinstance(value, list):
        raise ValueError(f"column {column!r} has {_name(value)}, not a text or a list of tokens")
    return b" ".join([_token(each, column) for each in value])


def _token(token: Any, column: str) -> bytes:
    if type(token) is int:
        return b"%d" % token
    if not isinstance(token, str):
        raise ValueError(
            f"column {column!r} is a list with {_name(token)} in it; give strings or integers"
        )
    if (problem := bad_token(token)) is not None:
        raise ValueError(f"column {column!r}: {problem}")
    return to_bytes(token)


def _name(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, (list, str)):
        return "a list" if isinstance(value, list) else "a string"
    return _KINDS[type(value)]
