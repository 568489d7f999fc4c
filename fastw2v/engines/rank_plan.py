"""When ranks exchange what they have trained.

The figures are from ``benchmarks/notebook/ranks.md``.
"""

from typing import NamedTuple

from fastw2v.engines.replica_plan import GROWTH, ROUND_VISITS
from fastw2v.model.elementary import powers
from fastw2v.settings import Settings

RANK_VISITS = {"skipgram": 5.75, "cbow": 5.75}
"""Kept words of one rank between two exchanges, at most, for each word of the vocabulary: as many
as eight ranks may train."""

FIRST_EXCHANGES = 1 / 3
"""Ranks exchange often in the beginning: no interval is longer than this share of what was trained
before it."""

OFTEN_EXCHANGES = 2
"""Exchanges of the frequent words' rows to one of all rows: these are moved most, and few."""
OFTEN_WORDS = 20_000  # kept words of one rank between two of them, at least

LEAST_EXCHANGES = 4  # of an epoch
SHORTEST = 2_000  # kept words of all ranks in an interval, unless there are to be fewer anyway


class RankPlan(NamedTuple):
    """What `plan_ranks` chooses.

    ranks: R. interval: kept words of all ranks together between two exchanges, at most.
    rate_growth: what the learning rate is multiplied by.
    parts: of an interval, after each of which the rows of frequent words are exchanged.
    """

    ranks: int
    interval: int
    rate_growth: float
    parts: int

    def next_interval(self, trained: int) -> int:
        """Kept words of all ranks to the next exchange. trained: so far."""
        return max(1, min(self.interval, max(SHORTEST, int(FIRST_EXCHANGES * trained))))

    def parts_of(self, interval: int) -> int:
        """Parts of an interval of so many words."""
        return self.parts if 2 * interval > self.interval else 1


def plan_ranks(words: int, ids: int, ranks: int, workers: int, settings: Settings) -> RankPlan:
    """Choose how often to exchange. words: V. ids: of the whole text. workers: of all ranks
    together: threads, or groups of them, with replicas of their own."""
    visits = min(ROUND_VISITS, ranks * RANK_VISITS[settings.model])
    interval = max(1, min(int(visits * words), ids // LEAST_EXCHANGES))
    # The full softmax is trained by one worker a rank, and no growth was measured for it.
    grows = not (settings.hs or settings.softmax)
    growth = float(powers(workers, GROWTH[settings.model])) if grows else 1.0
    parts = max(1, min(OFTEN_EXCHANGES, interval // (ranks * OFTEN_WORDS)))
    return RankPlan(ranks, interval, growth, parts)
