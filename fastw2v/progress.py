"""Progress on stderr: click's bar on a terminal, plain lines otherwise, nothing when quiet.

Progress never fails: if stderr is closed, full, or has lost its reader, lines are lost and the work
continues.

Only the main thread reports progress, through a `Stage`; worker code does not know of it.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click

from fastw2v.errors import as_option, spell
from fastw2v.standard_streams import tell

LINE_EVERY = 5.0  # seconds between plain lines
FORECAST_AFTER = 2.0  # seconds of a stage that the forecast is computed from
SHORTEST_FORECAST = 10.0  # seconds; shorter remaining times are not reported


class Stage:
    """A long operation with a known number of steps. This base class reports nothing."""

    def update(self, done: int, note: str = "") -> None:
        """Report that ``done`` steps are done; ``note`` is a short text shown with it."""


class Progress:
    """Silent progress: the base class of the other two, and the default of every Python call."""

    def message(self, text: str) -> None:
        """Print one line for the user; `fastw2v.errors.parameter` marks become options."""

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        """Enter a `Stage` of ``total`` steps (words, bytes) named ``label``."""
        yield Stage()


SILENT = Progress()


class Forecast:
    """Reports once, soon after a stage has begun, the estimated time that is left."""

    def __init__(self, progress: Progress, total: int):
        self._progress, self._total = progress, total
        self._began: tuple[float, int] | None = None
        self._reported = False

    def update(self, done: int) -> None:
        """Report that ``done`` steps of the total are done."""
        now = time.monotonic()
        if self._began is None:
            self._began = now, done
        elapsed, part = now - self._began[0], done - self._began[1]
        if self._reported or elapsed < FORECAST_AFTER or not part:
            return
        self._reported = True
        left = (self._total - done) * elapsed / part
        if left >= SHORTEST_FORECAST:
            self._progress.message(f"about {duration(left)} of training left")


def duration(seconds: float) -> str:
    """A duration for people to read: ``duration(5400) == "1.5 hours"``."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


class _Line(Stage):
    def __init__(self, label: str, total: int):
        self.label, self.total = label, max(1, total)
        self.next_line = time.monotonic() + LINE_EVERY

    def update(self, done: int, note: str = "") -> None:
        now = time.monotonic()
        if now >= self.next_line:
            self.next_line = now + LINE_EVERY
            share = min(1.0, done / self.total)
            tell(f"{self.label}: {share:.0%}  {note}".rstrip())


class Lines(Progress):
    """Prints a plain line every few seconds: for log files and pipes."""

    def message(self, text: str) -> None:
        tell(spell(text, as_option))

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        yield _Line(label, total)


class _Bar(Stage):
    def __init__(self, bar: Any):
        self.bar = bar

    def update(self, done: int, note: str = "") -> None:
        self.bar.current_item = note
        with suppress(OSError, ValueError):  # full, closed, or nobody reads it
            self.bar.update(max(0, done - self.bar.pos))


class Bars(Lines):
    """Click's progress bar: for terminals."""

    def message(self, text: str) -> None:
        # The line may show a bar: erase it, Click draws it again below.
        with suppress(OSError, ValueError):
            click.echo("\r\x1b[2K", err=True, nl=False)
        tell(spell(text, as_option))

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        bar = click.progressbar(
            length=max(1, total),
            label=label,
            file=sys.stderr,
            item_show_func=lambda note: note or "",
        )
        with suppress(OSError, ValueError):
            bar.__enter__()
        try:
            yield _Bar(bar)
        finally:
            with suppress(OSError, ValueError):
                bar.__exit__(None, None, None)


def for_terminal(quiet: bool) -> Progress:
    """Bars if stderr is a terminal, otherwise plain lines; silent if ``quiet``."""
    if quiet:
        return SILENT
    is_terminal = sys.stderr is not None and sys.stderr.isatty()
    return Bars() if is_terminal else Lines()
