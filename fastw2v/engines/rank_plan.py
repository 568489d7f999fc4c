"""When ranks exchange what they have trained.

The figures are from ``benchmarks/notebook/ranks.md``.
"""

from typing import NamedTuple

from fastw2v.engines.replica_plan import GROWTH, ROUND_VISITS
from fastw2v.model.elementary import powers
from fastw2v.settings import Settings

FIRST_EXCHANGES = 1 / 8
"""Ranks exchange often in the beginning: no interval is longer than this share of what was trained
before it."""

LEAST_EXCHANGES = 4  # of an epoch
SHORTEST = 2_000  # kept words of all ranks in an interval, unless there are to be fewer anyway
SHORTEST_SHARE = 1 / 4
"""Of the words of the vocabulary, so many are kept in an interval at least: with fewer an exchange,
which goes over all rows, takes many times as long as what lies between two."""


class RankPlan(NamedTuple):
    """What `plan_ranks` chooses.

    ranks: R. interval: kept words of all ranks together between two exchanges, at most.
    rate_growth: what the learning rate is multiplied by. shortest: kept words of all ranks together
        between two exchanges, at least.
    """

    ranks: int
    interval: int
    rate_growth: float
    shortest: int = SHORTEST

    def next_interval(self, trained: int) -> int:
        """Kept words of all ranks to the next exchange. trained: so far."""
        return max(1, min(self.interval, max(self.shortest, int(FIRST_EXCHANGES * trained))))


def plan_ranks(words: int, ids: int, ranks: int, workers: int, settings: Settings) -> RankPlan:
    """Choose how often to exchange. words: V. ids: of the whole text. workers: of all ranks
    together: threads, or groups of them, with replicas of their own."""
    interval = max(1, min(ROUND_VISITS * words, ids // LEAST_EXCHANGES))
    # The full softmax is trained by one worker a rank, and no growth was measured for it.
    grows = not (settings.hs or settings.softmax)
    growth = float(powers(workers, GROWTH[settings.model])) if grows else 1.0
    shortest = max(SHORTEST, int(SHORTEST_SHARE * words))
    return RankPlan(ranks, interval, growth, shortest)
