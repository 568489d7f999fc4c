"""Progress on stderr: one line that is drawn over and over on a terminal, else plain lines."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import click

from fastw2v.errors import Spelling, as_option, spell
from fastw2v.progress.redrawn import Redrawn
from fastw2v.progress.report import Figures, Meter, Report
from fastw2v.progress.stages import SILENT, Progress, Stage
from fastw2v.standard_streams import tell

LINE_EVERY = 5.0  # seconds between plain lines
DRAW_EVERY = 0.1  # seconds between two drawings of the line on a terminal
_LEAST_BAR = 12  # columns; a shorter bar shows nothing that the number does not
_LONGEST_BAR = 40


class _Line(Stage):
    def __init__(self, label: str, total: int):
        self._meter = Meter(label, total)
        self._next_line = time.monotonic() + LINE_EVERY

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        report = self._meter.report(done, note, figures)
        now = time.monotonic()
        if now >= self._next_line:
            self._next_line = now + LINE_EVERY
            tell(str(report))


class Lines(Progress):
    """Prints a plain line every few seconds: for log files and pipes."""

    def __init__(self, spelling: Spelling = as_option):
        """spelling: of the parameters that messages name."""
        self._spelling = spelling

    def message(self, text: str) -> None:
        tell(spell(text, self._spelling))

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        yield _Line(label, total)


def with_bar(report: Report, columns: int) -> str:
    """The report as a line of at most so many columns, with a bar if there is room for one."""
    line = report.line(columns)
    room = min(_LONGEST_BAR, columns - len(line) - 3)
    if room < _LEAST_BAR:
        return line
    full = round(report.share * room)
    return f"{line} [{'#' * full}{'-' * (room - full)}]"


def terminal_columns() -> int:
    """Columns of the terminal that stderr is, without the last: writing there may begin a line."""
    columns = 0
    with suppress(OSError, ValueError, AttributeError):  # stderr is closed, or no terminal
        columns = os.get_terminal_size(sys.stderr.fileno()).columns
    return max(1, (columns or shutil.get_terminal_size().columns) - 1)


class _Bar(Redrawn):
    """Redraws one line."""

    draw_every = DRAW_EVERY

    def draw(self) -> None:
        if self._last is not None:
            columns = terminal_columns()
            _echo("\r" + with_bar(self._last, columns).ljust(columns))

    def clear(self) -> None:
        if self._last is not None:
            _echo("\r" + " " * terminal_columns() + "\r")

    def end(self) -> None:
        if self._last is not None:
            self.draw()
            _echo("\n")


class Bars(Lines):
    """One line for each stage, redrawn with a bar: for terminals."""

    def __init__(self, spelling: Spelling = as_option):
        super().__init__(spelling)
        self._bar: _Bar | None = None

    def message(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        super().message(text)
        if self._bar is not None:
            self._bar.draw()

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        before, self._bar = self._bar, _Bar(label, total)
        try:
            yield self._bar
        finally:
            self._bar.end()
            self._bar = before


def _echo(text: str) -> None:
    with suppress(OSError, ValueError):  # full, closed, or nobody reads it
        click.echo(text, err=True, nl=False)


def is_terminal() -> bool:
    """Whether stderr is a terminal."""
    try:
        return sys.stderr is not None and sys.stderr.isatty()
    except (ValueError, AttributeError):  # closed; replaced by something that is not a file
        return False


def for_terminal(quiet: bool) -> Progress:
    """Bars if stderr is a terminal, otherwise plain lines; silent if ``quiet``."""
    if quiet:
        return SILENT
    return Bars() if is_terminal() else Lines()
