"""A stage that is drawn in one place over and over, but not too often."""

import time

from fastw2v.progress.report import Figures, Meter, Report
from fastw2v.progress.stages import Stage


class Redrawn(Stage):
    """Keeps the last report, and has it drawn. draw_every: seconds between two drawings."""

    draw_every = 0.0

    def __init__(self, label: str, total: int):
        self._meter = Meter(label, total)
        self._last: Report | None = None
        self._next = 0.0

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        self._last = self._meter.report(done, note, figures)
        now = time.monotonic()
        if now >= self._next:
            self._next = now + self.draw_every
            self.draw()

    def draw(self) -> None:
        """Draw the last report, if there is one."""
        raise NotImplementedError
