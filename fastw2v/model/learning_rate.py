"""How the learning rate decreases: linearly with the share of the training that is done."""

from typing import NamedTuple

from fastw2v.settings import Settings

LOWEST_SHARE = 1e-4  # of the rate at the start: the C program goes down to no less


class Decrease(NamedTuple):
    """The rate at ``share`` is ``alpha * max(lowest, 1 - slope * share)``."""

    lowest: float
    slope: float


def decrease(settings: Settings) -> Decrease:
    """By the rule of the C program; with ``min_alpha`` by that of gensim, which reaches it at
    the end."""
    if settings.min_alpha is None:
        return Decrease(LOWEST_SHARE, 1.0)
    lowest = settings.min_alpha / settings.alpha
    return Decrease(lowest, 1.0 - lowest)


def learning_rate(settings: Settings, share: float) -> float:
    """The learning rate when ``share`` of all epochs is done, from 0 to 1."""
    lowest, slope = decrease(settings)
    return settings.alpha * max(lowest, 1.0 - slope * share)
