"""Progress of long work, shown on stderr, in a notebook, or handed to a function.

Progress never fails: if stderr is closed, full, or has lost its reader, lines are lost and the work
continues. Only what a user's own function raises is passed on.

The main thread reports progress, through a `Stage`; worker code does not know of it.
"""

from fastw2v.progress.report import Figures, Report, duration
from fastw2v.progress.stages import SILENT, Progress, Stage
from fastw2v.progress.terminal import Bars, Lines, for_terminal
from fastw2v.submodules import lazy

__all__ = [
    "SILENT",
    "Bars",
    "Figures",
    "Lines",
    "Progress",
    "Report",
    "Stage",
    "duration",
    "for_terminal",
]

__getattr__, __dir__ = lazy(__name__)
