"""The layout of ``--help``: options in groups, as wide as the terminal."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Sequence

import click
from click import formatting

from fastw2v.commands.option_groups import FURTHER, GROUPS

_WIDEST, _NARROWEST = 100, 24  # columns of text: longer lines are hard to read
_ONE_COLUMN = 60  # columns below which a meaning is below its option, not beside it
_INDENT = 4
_FIRST_COLUMN = 30


class HelpFormatter(click.HelpFormatter):
    """Click's formatter, also for terminals narrower than 50 columns and wider than 80."""

    def __init__(
        self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None
    ) -> None:
        if width is None and formatting.FORCED_WIDTH is None:
            columns = shutil.get_terminal_size().columns
            width = max(min(columns, max_width or _WIDEST) - 2, _NARROWEST)
        super().__init__(indent_increment, width, max_width)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _FIRST_COLUMN, col_spacing: int = 2
    ) -> None:
        """Write options and their meanings, below each other where there is no room beside."""
        if self.width < _ONE_COLUMN:
            col_max, col_spacing = _INDENT, 0
            room = self.width - self.current_indent
            rows = [(_folded(first, room), second) for first, second in rows]
        super().write_dl(rows, col_max, col_spacing)


def write_groups(
    formatter: click.HelpFormatter, groups: Iterable[tuple[str, Sequence[tuple[str, str]]]]
) -> None:
    """Write sections of ``(heading, rows)``, the second columns of all in one line."""
    groups = list(groups)
    longest = max([len(first) for _, rows in groups for first, _ in rows], default=0)
    pad = 0 if formatter.width < _ONE_COLUMN else min(longest, _FIRST_COLUMN)
    for heading, rows in groups:
        with formatter.section(heading):
            formatter.write_dl([(f"{first:{pad}}", second) for first, second in rows])


def _folded(term: str, width: int) -> str:
    """An option and its metavar, in lines of ``width`` columns if the choices allow it."""
    lines = [""]
    for part in re.split(r"(?<=[ |])", term):
        if lines[-1] and len(lines[-1]) + len(part.rstrip()) > width:
            lines.append(" " * _INDENT)
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


class HelpContext(click.Context):
    """A context whose help text `HelpFormatter` writes."""

    formatter_class = HelpFormatter


def grouped(name: str, options: Sequence[click.Option]) -> list[tuple[str, list[click.Option]]]:
    """The ``options`` of the command ``name`` under the headings of `GROUPS`.

    Without groups, all are under "Options"; what no group has comes last.
    """
    by_name = {each: option for option in options for each in option.opts}
    groups = [
        (heading, [by_name[each] for each in names if each in by_name])
        for heading, names in GROUPS.get(name, {}).items()
    ]
    if not groups:
        return [("Options", list(options))]
    placed = [option for _, group in groups for option in group]
    rest = [option for option in options if option not in placed]
    if all("--help" in option.opts for option in rest):  # not worth a heading
        groups[-1][1].extend(rest)
        return groups
    return [*groups, (FURTHER, rest)]
