"""Validated settings of vectors from counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

from fastw2v.errors import SettingsError, parameter
from fastw2v.settings import Settings

WEIGHTINGS = ("raw", "log", "ppmi")
DISTANCE_WEIGHTINGS = ("none", "harmonic", "dynamic")
_DEFAULTS = {"shift": 1.0, "context_smoothing": 0.75}  # of PPMI
_MOST = 1e9


@dataclass(frozen=True)
class CountSettings:
    """Settings of vectors from counts; the names are those of Levy, Goldberg and Dagan 2015.

    window: words on both sides. distance_weighting: "none", "harmonic" or "dynamic".
    sample: sub-sampling threshold, 0 for none.
    weighting: "raw" counts; "log" of 1 + count; "ppmi", positive pointwise mutual information.
    shift: k of shifted PPMI, from which log k is subtracted. context_smoothing: the power of the
        counts of context words. Both only with "ppmi"; None: 1 and 0.75.
    eigenvalue_power: of the singular values: 1 weighs dimensions by them, 0 all alike.
    size: number of dimensions. seed: of sub-sampling and of the decomposition.
    min_count, max_vocab, threads: as for a training.

    Raises SettingsError if a value is out of range, or two settings contradict each other.
    """

    window: int = 5
    distance_weighting: str = "none"
    sample: float = 0.0
    weighting: str = "ppmi"
    shift: float | None = None
    context_smoothing: float | None = None
    eigenvalue_power: float = 0.5
    size: int = 100
    seed: int = 1
    min_count: int = 5
    max_vocab: int | None = None
    threads: int | None = None

    def __post_init__(self) -> None:
        _check_choice("weighting", self.weighting, WEIGHTINGS)
        _check_choice("distance_weighting", self.distance_weighting, DISTANCE_WEIGHTINGS)
        shared = Settings(
            window=self.window,
            sample=self.sample,
            size=self.size,
            seed=self.seed,
            min_count=self.min_count,
            max_vocab=self.max_vocab,
            threads=self.threads,
        )
        object.__setattr__(self, "threads", shared.threads)
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if value is not None and self.weighting != "ppmi":
                raise SettingsError(
                    f"{parameter(name)} is part of {parameter('weighting', 'ppmi')}, but the "
                    f"weighting is {self.weighting}: drop one of the two"
                )
            object.__setattr__(self, name, default if value is None else value)
        _check_number("shift", self.shift, above=True)
        _check_number("context_smoothing", self.context_smoothing)
        _check_number("eigenvalue_power", self.eigenvalue_power)


def _check_choice(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SettingsError(
            f"{parameter(name)} is {value!r}; it must be one of: {', '.join(choices)}"
        )


def _check_number(name: str, value: object, above: bool = False) -> None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and 0 <= value <= _MOST and not (above and value == 0):
        return
    least = "above 0" if above else "from 0"
    raise SettingsError(
        f"{parameter(name)} is {value!r}; it must be a number {least} to {_MOST:,.0f}"
    )
