"""Progress handed to a function of the user."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from fastw2v.errors import Spelling, in_python, one_line, spell
from fastw2v.progress.report import Figures, Meter, Report
from fastw2v.progress.stages import Progress, Stage

CALL_EVERY = 0.1  # seconds between two calls, besides those at the ends of stages and epochs

ReportFunction = Callable[[Report], object]


class _Calls(Stage):
    def __init__(self, label: str, total: int, owner: "Calls"):
        self._meter, self._owner = Meter(label, total), owner
        self._next = 0.0
        self._epoch: int | None = None

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        report = self._meter.report(done, note, figures)
        now = time.monotonic()
        if now >= self._next or done >= report.total or report.epoch != self._epoch:
            self._next, self._epoch = now + CALL_EVERY, report.epoch
            self._owner.call(report)


class Calls(Progress):
    """Calls a function with a `Report`, at most ten times per second. What it raises is passed
    on, and ends the training."""

    def __init__(self, function: ReportFunction, spelling: Spelling = in_python):
        self._function, self._spelling = function, spelling
        self._last = Report("", 0, 0, 0.0)

    def call(self, report: Report) -> None:
        """Hand on a report."""
        self._last = report
        self._function(report)

    def message(self, text: str) -> None:
        self._function(replace(self._last, message=one_line(spell(text, self._spelling))))

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        yield _Calls(label, total, self)
