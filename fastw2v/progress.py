"""Progress on stderr: click's bar on a terminal, plain lines otherwise, nothing when quiet.

Workers know nothing of it; the main thread tells a `Stage` how far things have come.
"""

import sys
import time
from contextlib import contextmanager

import click

LINE_EVERY = 5.0  # seconds between plain lines
FORECAST_AFTER = 2.0  # seconds of a stage from which its length is told
WORTH_TELLING = 10.0  # seconds that are left


class Stage:
    """One long piece of work whose end is known. This one stays silent."""

    def reached(self, done: int, note: str = "") -> None:
        """Tell that ``done`` of the stage's total is done; ``note`` is a short text beside it."""


class Progress:
    """Says nothing. The base of the two that do, and the default of every Python call."""

    def say(self, message: str) -> None:
        """One line that the user should read."""

    @contextmanager
    def stage(self, label: str, total: int):
        """Enter a `Stage` of ``total`` steps (words, bytes) named ``label``."""
        yield Stage()


SILENT = Progress()


class Forecast:
    """Says once, soon after a stage has begun, how long it will take from there."""

    def __init__(self, progress: Progress, total: int):
        self._progress, self._total = progress, total
        self._began: tuple[float, int] | None = None
        self._told = False

    def reached(self, done: int) -> None:
        """Tell that ``done`` of the stage's total is done."""
        now = time.monotonic()
        if self._began is None:
            self._began = now, done
        elapsed, part = now - self._began[0], done - self._began[1]
        if self._told or elapsed < FORECAST_AFTER or not part:
            return
        self._told = True
        left = (self._total - done) * elapsed / part
        if left >= WORTH_TELLING:
            self._progress.say(f"about {duration(left)} of training to go")


def duration(seconds: float) -> str:
    """A length of time for people: ``duration(5400) == "1.5 hours"``."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


class _Line(Stage):
    def __init__(self, label: str, total: int):
        self.label, self.total = label, max(1, total)
        self.next_line = time.monotonic() + LINE_EVERY

    def reached(self, done: int, note: str = "") -> None:
        now = time.monotonic()
        if now >= self.next_line:
            self.next_line = now + LINE_EVERY
            share = min(1.0, done / self.total)
            click.echo(f"{self.label}: {share:.0%}  {note}".rstrip(), err=True)


class Lines(Progress):
    """A plain line every few seconds: for log files and pipes."""

    def say(self, message: str) -> None:
        click.echo(message, err=True)

    @contextmanager
    def stage(self, label: str, total: int):
        yield _Line(label, total)


class _Bar(Stage):
    def __init__(self, bar):
        self.bar = bar

    def reached(self, done: int, note: str = "") -> None:
        self.bar.current_item = note
        self.bar.update(max(0, done - self.bar.pos))


class Bars(Lines):
    """Click's progress bar: for terminals."""

    def say(self, message: str) -> None:
        # A bar may stand on the line: wipe it, it is drawn again below.
        click.echo(f"\r\x1b[2K{message}", err=True)

    @contextmanager
    def stage(self, label: str, total: int):
        with click.progressbar(
            length=max(1, total),
            label=label,
            file=sys.stderr,
            item_show_func=lambda note: note or "",
        ) as bar:
            yield _Bar(bar)


def for_terminal(quiet: bool) -> Progress:
    """The progress that fits where stderr goes."""
    if quiet:
        return SILENT
    return Bars() if sys.stderr.isatty() else Lines()
