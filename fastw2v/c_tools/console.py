"""Progress as printed by the C programs: on stdout, each line overwriting the last.

It never fails: see `fastw2v.progress`."""

import time
from collections.abc import Callable
from contextlib import contextmanager, suppress

from fastw2v.c_tools.flags import as_flag
from fastw2v.errors import OutputError, spell
from fastw2v.model.learning_rate import LOWEST_SHARE
from fastw2v.progress import Figures, Progress, Stage
from fastw2v.standard_streams import tell, write


class Console(Progress):
    """Messages go to stderr from ``-debug 1`` on, lines on how far things are from 2 on.

    new_line: function from a stage's total to the `Stage` that writes such lines.
    """

    def __init__(self, debug: int, new_line: Callable[[int], Stage]):
        self._debug, self._new_line = debug, new_line

    def message(self, text: str) -> None:
        if self._debug > 0:
            tell(spell(text, as_flag))

    @contextmanager
    def stage(self, label: str, total: int):
        yield self._new_line(total) if self._debug > 1 else Stage()


class CountingLine(Stage):
    """Progress of reading: the number of words."""

    def __init__(self, total: int):
        self._last = ""

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        if note != self._last:
            self._last = note
            _show(f"{note}  \r")


class TrainingLine(Stage):
    """Learning rate, share done, and words per second and thread, in wall time.

    The C program counts its processor time instead, which is the same if no thread waits.
    """

    def __init__(self, alpha: float, threads: int, total: int):
        self._alpha, self._threads, self._total = alpha, threads, total
        self._started = time.perf_counter()

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        share = done / (self._total + 1)
        alpha = self._alpha * max(LOWEST_SHARE, 1 - share)
        seconds = max(1e-6, time.perf_counter() - self._started)
        speed = done / seconds / self._threads / 1000
        line = f"\rAlpha: {alpha:f}  Progress: {share * 100:.2f}%  "
        _show(f"{line}Words/thread/sec: {speed:.2f}k  ")


def _show(line: str) -> None:
    with suppress(OutputError, OSError, ValueError):  # full, closed, or nobody reads it
        write(line, keep="\r")
