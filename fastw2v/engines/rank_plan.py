"""When ranks exchange what they have trained.

The figures are from ``benchmarks/notebook/ranks.md``.
"""

from typing import NamedTuple

from fastw2v.engines.replica_plan import GROWTH, ROUND_VISITS
from fastw2v.model.elementary import powers
from fastw2v.settings import Settings

FIRST_EXCHANGES = 1 / 12
FIRST_EXCHANGES_OF_TWO = 1 / 8
"""Ranks exchange often in the beginning: no interval is longer than this share of what was trained
before it. Two ranks need that a little less than more of them do."""

LONGEST = 8_000_000
"""Kept words that a worker trains between two exchanges, at most, where `ROUND_VISITS` allows no
more: some seconds of training, since a training can stop only at an exchange."""

OVERLAPPED = 3
"""In a row so many exchanges go on beside the training of the next interval; the one after them is
waited for, so that the training can stop there."""

LEAST_EXCHANGES = 4  # of an epoch
SHORTEST = 2_000
"""Kept words of all ranks in an interval, unless there are to be fewer anyway, and as many as there
are words in the vocabulary: with fewer an exchange, which goes over all rows, takes many times as
long as what lies between two."""

NEVER = 1 << 62  # words


class RankPlan(NamedTuple):
    """What `plan_ranks` chooses.

    ranks: R. interval: kept words of all ranks together between two exchanges, at most.
    rate_growth: what the learning rate is multiplied by. shortest: kept words of all ranks together
        between two exchanges, at least. first: no interval is longer than this share of what was
        trained before it. overlapped: exchanges in a row that go on beside training. settled:
        those after intervals of so many words, or of as many as there can be.
    """

    ranks: int
    interval: int
    rate_growth: float
    shortest: int = SHORTEST
    first: float = FIRST_EXCHANGES
    overlapped: int = OVERLAPPED
    settled: int = NEVER

    def next_interval(self, trained: int) -> int:
        """Kept words of all ranks to the next exchange. trained: so far."""
        return max(1, min(self.interval, max(self.shortest, int(self.first * trained))))

    def may_overlap(self, interval: int, before: int, left: float) -> bool:
        """Whether the exchange after an interval of so many words goes on beside training.

        before: how many in a row have done so. left: words of the epoch after the interval before.
        In the beginning, where changes are large, exchanges are waited for.
        """
        settled = interval >= min(self.settled, self.interval)
        return settled and before < self.overlapped and left > 2 * interval


def plan_ranks(words: int, ids: int, ranks: int, workers: int, settings: Settings) -> RankPlan:
    """Choose how often to exchange. words: V. ids: of the whole text. workers: of all ranks
    together: threads, or groups of them, with replicas of their own."""
    settled = ROUND_VISITS * words
    interval = max(1, min(max(settled, LONGEST * workers), ids // LEAST_EXCHANGES))
    # The full softmax is trained by one worker a rank, and no growth was measured for it.
    grows = not (settings.hs or settings.softmax)
    growth = float(powers(workers, GROWTH[settings.model])) if grows else 1.0
    first = FIRST_EXCHANGES if ranks > 2 else FIRST_EXCHANGES_OF_TWO
    return RankPlan(ranks, interval, growth, max(SHORTEST, words), first, settled=settled)
