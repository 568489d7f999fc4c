"""Which progress a call in Python shows: ``progress=None``, True, False, a function."""

from fastw2v.errors import SettingsError, Spelling, in_python, parameter
from fastw2v.progress.calls import Calls, ReportFunction
from fastw2v.progress.notebook import Notebook, in_notebook
from fastw2v.progress.stages import SILENT, Progress
from fastw2v.progress.terminal import Bars, Lines, is_terminal
from fastw2v.progress.tqdm_bars import TqdmBars, has_tqdm

ProgressLike = Progress | ReportFunction | bool | None
"""What a call in Python takes as ``progress``."""


def chosen(progress: ProgressLike, spelling: Spelling = in_python) -> Progress:
    """The progress for a call in Python.

    progress: None shows it in notebooks and on terminals, True also in log files and pipes, as a
        line every few seconds; False is silent. A function is called with each
        `fastw2v.progress.Report`. A `Progress` is used as it is.
    spelling: of the parameters that messages name.

    In notebooks and on terminals tqdm draws the bar if it is installed (in notebooks with
    ipywidgets, which it needs for HTML); otherwise this package does.

    Raises SettingsError for anything else.
    """
    if isinstance(progress, Progress):
        return progress
    if progress is None or progress is True:
        if in_notebook():
            return TqdmBars(spelling) if has_tqdm() else Notebook(spelling)
        if is_terminal():
            return TqdmBars(spelling) if has_tqdm() else Bars(spelling)
        return SILENT if progress is None else Lines(spelling)
    if progress is False:
        return SILENT
    if callable(progress):
        return Calls(progress, spelling)
    raise SettingsError(
        f"{parameter('progress')} is {progress!r:.60}; it must be None, True, False or a function"
    )
