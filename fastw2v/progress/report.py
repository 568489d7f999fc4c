"""How far a stage is, as figures and as a line that fits a given width."""

import time
from dataclasses import dataclass
from typing import NamedTuple

_LINE = 200  # columns of a line that nothing limits


class Figures(NamedTuple):
    """What is known of a training besides how far it is."""

    epoch: int  # from 1
    epochs: int
    learning_rate: float
    loss: float | None  # mean per training pair at the end of the last epoch; None in the first


@dataclass(frozen=True)
class Report:
    """How far a stage is: what a function given as ``progress=`` is called with.

    stage: its name, "Training" or "Reading the corpus"; empty before the first one.
    done, total: its steps: words of all epochs, or bytes.
    seconds, seconds_left: since it began, and estimated; None while there is nothing to go by.
    note: what a stage other than the training says of itself.
    epoch, epochs, words_per_second, learning_rate, loss: of the training; None in other stages.
        Epochs count from 1. The loss is the mean per training pair at the end of the last epoch,
        None in the first.
    message: a line for the user, for example a warning; empty in a report on progress.

    ``str(report)`` is a line on all this, `line` one that fits a number of columns.

        >>> report = Report("Training", 40, 100, 2.0, 3.0, "", 2, 5, 1_234_567.0, 0.03, 2.5)
        >>> str(report)
        'Training: epoch 2 of 5, 40%, 1.23 M words/s, rate 0.03, loss 2.5, 3 s left'
        >>> report.line(39)
        '2/5 40% 1.2M/s rate .03 loss 2.5 3s'
    """

    stage: str
    done: int
    total: int
    seconds: float
    seconds_left: float | None = None
    note: str = ""
    epoch: int | None = None
    epochs: int | None = None
    words_per_second: float | None = None
    learning_rate: float | None = None
    loss: float | None = None
    message: str = ""

    @property
    def share(self) -> float:
        """The part that is done, from 0 to 1."""
        return min(1.0, max(0.0, self.done / max(1, self.total)))

    def __str__(self) -> str:
        return self.message or self.line(_LINE)

    def line(self, columns: int) -> str:
        """The report in at most so many columns: in full, in short, or without the less
        important figures."""
        name = f"{self.stage}: "
        parts = self._parts()
        full = name + ", ".join(part.full for part in parts)
        if len(full) <= columns:
            return full
        texts = [part.short for part in parts]
        order = sorted(range(len(parts)), key=lambda place: parts[place].rank)
        for place in order:
            if len(" ".join(texts)) > columns:
                texts[place] = parts[place].bare
        for place in order[:-1]:
            if len(" ".join(filter(None, texts))) > columns:
                texts[place] = ""
        return " ".join(filter(None, texts))[: max(0, columns)]

    def _parts(self) -> list["_Part"]:
        share = f"{self.share:.0%}"
        parts = [_Part(9, share, share, share)]
        if self.epoch is not None:
            short = f"{self.epoch}/{self.epochs}"
            parts.insert(0, _Part(5, f"epoch {self.epoch} of {self.epochs}", short, short))
        if self.words_per_second is not None:
            short = f"{_amount(self.words_per_second, digits=2)}/s"
            parts.append(_Part(3, f"{_amount(self.words_per_second, ' ')} words/s", short, short))
        if self.learning_rate is not None:
            rate = _rounded(self.learning_rate)
            short = f"{self.learning_rate:.2g}".removeprefix("0")
            parts.append(_Part(1, f"rate {rate}", f"rate {short}", short))
        if self.loss is not None:
            short = f"{self.loss:.3g}"
            parts.append(_Part(2, f"loss {self.loss:.4g}", f"loss {short}", short))
        if self.note:
            parts.append(_Part(2, self.note, self.note, self.note))
        if self.seconds_left is not None and self.done < self.total:
            short = _clock(self.seconds_left)
            parts.append(_Part(4, f"{_short_duration(self.seconds_left)} left", short, short))
        return parts


class _Part(NamedTuple):
    rank: int  # the lowest are shortened first
    full: str
    short: str
    bare: str


class Meter:
    """Makes the reports of one stage, which it times."""

    def __init__(self, stage: str, total: int):
        self._stage, self._total = stage, total
        self._began: tuple[float, int] | None = None  # time and steps of the first report

    def report(self, done: int, note: str, figures: Figures | None) -> Report:
        """The report on ``done`` steps; the arguments are those of `Stage.update`."""
        now = time.monotonic()
        if self._began is None:
            self._began = now, done  # a resumed training does not begin at 0
        seconds, steps = now - self._began[0], done - self._began[1]
        speed = steps / seconds if seconds > 0 and steps > 0 else None
        left = None if speed is None else max(0.0, (self._total - done) / speed)
        common = (self._stage, done, self._total, seconds, left)
        if figures is None:
            return Report(*common, note)
        epoch, epochs, rate, loss = figures
        return Report(*common, note, epoch, epochs, speed, rate, loss)


def duration(seconds: float) -> str:
    """A duration for people to read: ``duration(5400) == "1.5 hours"``."""
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 1.5 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.0f} seconds"


def _short_duration(seconds: float) -> str:
    """``42 s``, ``3 min``, ``1.5 hours``."""
    return duration(seconds).replace("seconds", "s").replace("minutes", "min")


def _clock(seconds: float) -> str:
    """``42s``, ``3m``, ``1.5h``, ``12d``: at most five characters below 1,000 days."""
    for unit, size in (("d", 86_400), ("h", 3_600), ("m", 60)):
        if seconds >= 1.5 * size:
            number = seconds / size
            return f"{number:.1f}{unit}" if number < 10 else f"{number:.0f}{unit}"
    return f"{seconds:.0f}s"


def _amount(number: float, space: str = "", digits: int = 3) -> str:
    """``1.2M``, ``34k``, ``560``."""
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if number >= 0.9995 * size:
            scaled = number / size
            shown = f"{scaled:.{digits}g}" if scaled < 9.95 else f"{scaled:.0f}"
            return f"{shown}{space}{unit}"
    return f"{number:.0f}"


def _rounded(rate: float) -> str:
    """A learning rate in at most six characters: ``0.0321``, ``2e-05``."""
    return f"{rate:.4f}".rstrip("0") if rate >= 0.00095 else f"{rate:.0e}"
