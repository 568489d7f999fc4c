"""Progress by tqdm, which draws beside other bars of the same program, and HTML in notebooks."""

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from fastw2v.errors import Spelling, in_python, one_line, spell
from fastw2v.progress.notebook import in_notebook
from fastw2v.progress.redrawn import Redrawn
from fastw2v.progress.report import Figures
from fastw2v.progress.stages import Progress, Stage
from fastw2v.progress.terminal import DRAW_EVERY, terminal_columns, with_bar


def has_tqdm() -> bool:
    """Whether tqdm is installed and, in a notebook, can draw HTML there."""
    wanted = ("tqdm", "ipywidgets") if in_notebook() else ("tqdm",)
    return all(importlib.util.find_spec(name) is not None for name in wanted)


class _TqdmBar(Redrawn):
    draw_every = DRAW_EVERY

    def __init__(self, label: str, total: int, notebook: bool):
        from tqdm.auto import tqdm

        super().__init__(label, total)
        self._notebook = notebook
        # The text is ours, with the bar on a terminal: tqdm's own does not fit narrow ones.
        form = "{bar} {desc}" if notebook else "{desc}"
        self.bar: Any = tqdm(total=max(1, total), bar_format=form, file=sys.stderr, miniters=1)

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        self.bar.n = min(done, self.bar.total)
        super().update(done, note, figures)

    def draw(self) -> None:
        last, text = self._last, ""
        if last is not None:
            text = str(last) if self._notebook else with_bar(last, terminal_columns())
        with suppress(OSError, ValueError):  # full, closed, or nobody reads it
            self.bar.set_description_str(text, refresh=True)

    def close(self) -> None:
        self.draw()
        with suppress(OSError, ValueError):
            self.bar.close()


class TqdmBars(Progress):
    """A bar of tqdm for each stage; messages are printed above it."""

    def __init__(self, spelling: Spelling = in_python):
        self._spelling, self._notebook = spelling, in_notebook()

    def message(self, text: str) -> None:
        from tqdm.auto import tqdm

        file = sys.stdout if self._notebook else sys.stderr
        with suppress(OSError, ValueError, AttributeError):
            tqdm.write(one_line(spell(text, self._spelling)), file=file)

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        try:
            bar = _TqdmBar(label, total, self._notebook)
        except (OSError, ValueError):  # stderr cannot be written
            yield Stage()
            return
        try:
            yield bar
        finally:
            bar.close()
