"""What is wrong with a row or a column, in words."""

from __future__ import annotations

from collections.abc import Iterable

from fastw2v.io.encoding import quoted

MAX_ROW_BYTES = 1 << 26
"""Longer rows are an error: the memory for them would not be bounded."""
_SHOWN = 20  # names


class RowError(Exception):
    """A row is invalid; ``number`` counts the lines or rows from 1, ``problem`` says what to do."""

    def __init__(self, number: int, problem: str, unit: str = "line"):
        super().__init__(problem)
        self.number, self.problem, self.unit = number, problem, unit


def no_column(column: str, names: Iterable[str]) -> str:
    """The problem that there is no such column among ``names``."""
    shown = [quoted(name) for name in names]
    if len(shown) > _SHOWN:
        shown[_SHOWN:] = [f"{len(shown) - _SHOWN:,} more"]
    there = f"there are: {', '.join(shown)}" if shown else "there are none"
    return f"no column {quoted(column)}; {there}"


def too_long(unit: str) -> str:
    """The problem of a row beyond `MAX_ROW_BYTES`."""
    return f"{unit} of more than {MAX_ROW_BYTES >> 20} MiB; split it"


def bad_token(token: str) -> str | None:
    """Why plain text cannot hold a token of a list, or None if it can."""
    if not token:
        return "a token is empty; remove empty tokens"
    if any(separator in token for separator in " \t\n\r"):
        return (
            f"a space, tab or line end in the token {quoted(token)}; replace it, for example by _"
        )
    return None
