"""When ranks exchange what they have trained.

The figures are from ``benchmarks/notebook/ranks.md``.
"""

from typing import NamedTuple

from fastw2v.engines.replica_plan import GROWTH, ROUND_VISITS, ReplicaPlan
from fastw2v.model.elementary import powers
from fastw2v.settings import Settings

FIRST_EXCHANGES = 1 / 12
FIRST_EXCHANGES_OF_TWO = 1 / 8
"""No interval is longer than this share of what was trained before it: at the beginning changes are
large, so ranks exchange often. Two ranks need that a little less than more of them do."""

LONGEST = 8_000_000
"""Kept words that a worker trains between two exchanges, at most, where `ROUND_VISITS` allows no
more: some seconds of training, since a training can stop only at an exchange."""
LONGEST_OF_CARD = 500_000_000  # the same, of a GPU

OVERLAPPED = 3
"""In a row so many exchanges go on beside the training of the next interval; the one after them is
waited for, so that the training can stop there."""

LEAST_EXCHANGES = 2  # of an epoch
SHORTEST = 2_000
"""Kept words of all ranks in an interval, unless there are to be fewer anyway, and as many as there
are words in the vocabulary: with fewer an exchange, which goes over all rows, takes many times as
long as what lies between two."""

NEVER = 1 << 62  # words


class Interval(NamedTuple):
    """What is trained to the next exchange.

    words: kept words of all ranks. in_turn: whether one rank trains them, while the others wait.
    """

    words: int
    in_turn: bool = False


class Timed(NamedTuple):
    """An interval in turn, as it was measured.

    words: that were kept. training, exchange: seconds.
    """

    words: int
    training: float
    exchange: float


class RankPlan(NamedTuple):
    """What `plan_ranks` chooses.

    ranks: R. interval: kept words of all ranks together between two exchanges, at most.
    rate_growth: what the learning rate is multiplied by. shortest: kept words of all ranks
        together between two exchanges, at least. first: no interval is longer than this share of
        what was trained before it. overlapped: exchanges in a row that go on beside training.
        settled: those after intervals of so many words, or of as many as there can be.
    turns: so many kept words ranks train in turns, before all train at once; None: as many as pay,
        which `with_turns` finds out after the first of them. turn: of one turn, at most.
    least: kept words of one rank, below which it takes no less time: a GPU trains many at once.
    """

    ranks: int
    interval: int
    rate_growth: float
    shortest: int = SHORTEST
    first: float = FIRST_EXCHANGES
    overlapped: int = OVERLAPPED
    settled: int = NEVER
    turns: int | None = 0
    turn: int = LONGEST
    least: int = 0

    def next_interval(self, trained: int) -> Interval:
        """What is trained to the next exchange. trained: kept words so far."""
        if self.turns is None:
            return Interval(max(1, min(self.turn, max(self.shortest, self.least))), in_turn=True)
        if trained < self.turns:
            return Interval(min(self.turn, self.turns - trained), in_turn=True)
        return Interval(max(1, min(self.interval, max(self.shortest, int(self.first * trained)))))

    def may_overlap(self, interval: Interval, before: int, left: float) -> bool:
        """Whether the exchange after an interval goes on beside training.

        before: how many in a row have done so. left: words of the epoch after the interval before.
        In the beginning, where changes are large, exchanges are waited for.
        """
        settled = interval.words >= min(self.settled, self.interval) and not interval.in_turn
        return settled and before < self.overlapped and left > 2 * interval.words

    def with_turns(self, timed: Timed) -> "RankPlan":
        """With as many words in turns as pay. timed: a turn.

        R ranks train w words in w / (R r) seconds and exchange them in E. If an interval may be a
        share f of the words before, so that 1 / (f w) exchanges are due for each word, training in
        turns pays as long as f w < E r: then one rank trains an interval's words in less time than
        ranks exchange them.
        """
        rate = timed.words / timed.training if timed.training > 0 else 0.0
        words = max(timed.exchange * rate, self.ranks * self.least)
        return self._replace(turns=int(words / self.first))


def same_bytes(own: ReplicaPlan) -> bool:
    """Whether a rank whose threads train so trains the same bytes each time: then nothing may
    depend on measured times."""
    return own.fixed_rounds or own.workers == 1


def plan_ranks(
    words: int, kept: int, ranks: int, workers: int, settings: Settings, turns: int | None = 0
) -> RankPlan:
    """Choose how often to exchange. words: V. kept: of an epoch. workers: of all ranks
    together: threads, or groups of them, with replicas of their own, or GPUs. turns: as in
    `RankPlan`."""
    settled = ROUND_VISITS * words
    longest = LONGEST_OF_CARD if settings.device == "cuda" else LONGEST
    interval = max(1, min(max(settled, longest * workers), kept // LEAST_EXCHANGES))
    # The full softmax is trained by one worker a rank, and no growth was measured for it.
    grows = not (settings.hs or settings.softmax)
    growth = float(powers(workers, GROWTH[settings.model])) if grows else 1.0
    return RankPlan(
        ranks,
        interval,
        growth,
        shortest=max(SHORTEST, words),
        first=FIRST_EXCHANGES if ranks > 2 else FIRST_EXCHANGES_OF_TWO,
        settled=settled,
        turns=turns,
        turn=longest * max(1, workers // ranks),
    )
