"""Progress in notebooks: an HTML bar in the cell's output, and messages as its text."""

import html
import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from fastw2v.errors import Spelling, in_python, one_line, spell
from fastw2v.progress.redrawn import Redrawn
from fastw2v.progress.report import Report
from fastw2v.progress.stages import Progress, Stage

DRAW_EVERY = 0.2  # seconds between two drawings: each is a message to the browser


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook (Jupyter, Colab, VS Code)."""
    ipython = sys.modules.get("IPython")  # a kernel has imported it
    shell = ipython.get_ipython() if ipython is not None else None
    return getattr(shell, "kernel", None) is not None


def as_html(report: Report) -> str:
    """A report as HTML: a bar, and the line beside it."""
    return (
        f'<progress value="{report.share:.3f}" max="1" style="vertical-align: middle"></progress> '
        f"<code>{html.escape(str(report))}</code>"
    )


class _HtmlBar(Redrawn):
    draw_every = DRAW_EVERY

    def __init__(self, label: str, total: int):
        super().__init__(label, total)
        self._handle: Any = None

    def draw(self) -> None:
        if self._last is None:
            return
        ipython: Any = importlib.import_module("IPython.display")  # the kernel has it
        shown = ipython.HTML(as_html(self._last))
        if self._handle is None:
            self._handle = ipython.display(shown, display_id=True)
        else:
            self._handle.update(shown)


class Notebook(Progress):
    """An HTML bar for each stage; messages are printed, in the output of the cell."""

    def __init__(self, spelling: Spelling = in_python):
        self._spelling = spelling

    def message(self, text: str) -> None:
        print(one_line(spell(text, self._spelling)), flush=True)

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        bar = _HtmlBar(label, total)
        try:
            yield bar
        finally:
            bar.draw()
