"""Validated settings of phrases."""

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from fastw2v.errors import SettingsError, parameter
from fastw2v.system.cores import usable_cores

DEFAULT_THRESHOLDS = {"original": 100.0, "npmi": 0.5}
_RANGES = {"original": (0.0, 1e30), "npmi": (-1.0, 1.0)}


@dataclass(frozen=True)
class PhraseSettings:
    """Settings of phrase detection.

    min_count: words and pairs with fewer occurrences form no phrase; at least 1.
    threshold: pairs with a higher score are joined; a number, or one for each pass, of which the
        last is used for further passes. None: `DEFAULT_THRESHOLDS`. Converted to a tuple with one
        number per pass.
    scoring: ``original`` or ``npmi`` (see `fastw2v.phrases.word2phrase`).
    passes: over the text; each reads the output of the previous one, so that phrases grow. None:
        the number of thresholds.
    threads: None for the cores this process may use.
    exact: cut words and pairs, and lose a last word without separator, as the C program does.

    Raises SettingsError if a value is out of range, or two settings contradict each other.

        >>> fastw2v.phrases.PhraseSettings(threshold=(200, 100)).passes
        2
    """

    min_count: int = 5
    threshold: float | Iterable[float] | None = None
    scoring: str = "original"
    passes: int | None = None
    threads: int | None = None
    exact: bool = False

    def __post_init__(self):
        if self.scoring not in DEFAULT_THRESHOLDS:
            known = " or ".join(DEFAULT_THRESHOLDS)
            raise SettingsError(f"{parameter('scoring')} is {self.scoring!r}; it must be {known}")
        if self.exact and self.scoring != "original":
            raise SettingsError(
                f"{parameter('exact')} reproduces the C program, which has no "
                f"{parameter('scoring', self.scoring)}: drop one of the two"
            )
        _check_whole("min_count", self.min_count, 2**31 - 1)
        thresholds = self._thresholds()
        passes = len(thresholds) if self.passes is None else self.passes
        _check_whole("passes", passes, 100)
        if len(thresholds) > passes:
            raise SettingsError(
                f"{parameter('passes')} is {passes}, but {parameter('threshold')} has "
                f"{len(thresholds)} values; set {parameter('passes', len(thresholds))}"
            )
        thresholds += thresholds[-1:] * (passes - len(thresholds))
        object.__setattr__(self, "threshold", thresholds)
        object.__setattr__(self, "passes", passes)
        if self.threads is None:
            object.__setattr__(self, "threads", usable_cores())
        _check_whole("threads", self.threads, 100_000)

    def _thresholds(self) -> tuple[float, ...]:
        given = self.threshold
        if given is None or isinstance(given, (str, int, float)):
            given = [DEFAULT_THRESHOLDS[self.scoring] if given is None else given]
        given = tuple(given) or (DEFAULT_THRESHOLDS[self.scoring],)
        low, high = _RANGES[self.scoring]
        for value in given:
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if not is_number or math.isnan(value) or not low <= value <= high:
                raise SettingsError(
                    f"{parameter('threshold')} is {value!r}; for {self.scoring} scoring it must "
                    f"be a number from {low:g} to {high:g}"
                )
        return tuple(map(float, given))

    def as_dict(self) -> dict:
        """The settings by name, for reports."""
        return asdict(self)


def _check_whole(name: str, value, high: int) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= high:
        raise SettingsError(
            f"{parameter(name)} is {value!r}; it must be a whole number from 1 to {high:,}"
        )
