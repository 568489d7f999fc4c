"""What reports progress (`Progress`) and one long operation that it shows (`Stage`)."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastw2v.progress.report import Figures


class Stage:
    """A long operation with a known number of steps. This base class reports nothing."""

    def update(self, done: int, note: str = "", figures: Figures | None = None) -> None:
        """Report that ``done`` steps are done.

        note: a short text shown with it. figures: of a training, shown in its place.
        """


class Progress:
    """Silent progress: the base class of the others."""

    def message(self, text: str) -> None:
        """Print one line for the user; `fastw2v.errors.parameter` marks become options."""

    @contextmanager
    def stage(self, label: str, total: int) -> Iterator[Stage]:
        """Enter a `Stage` of ``total`` steps (words, bytes) named ``label``."""
        yield Stage()


SILENT = Progress()
