"""The exchanges of a training on several ranks: how many there are, and what a rank sends in each.

Follows `fastw2v.engines.rank_plan`, which says when ranks exchange, and `fastw2v.engines.exchange`,
which says what.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from fastw2v.engines.rank_plan import RankPlan
from fastw2v.engines.shapes import curvature_arrays
from fastw2v.kernels.records import FORMS, record_length
from fastw2v.kernels.rounds import FIRST_LOOKS
from fastw2v.planning.visits import RowVisits
from fastw2v.ranks.job import ChangeFormat
from fastw2v.settings import Settings


class Beside(NamedTuple):
    """So many exchanges, each after so many kept words of all ranks, and what a rank sends in each:
    bytes."""

    times: int
    words: int
    bytes_sent: float


@dataclass(frozen=True)
class Exchanges:
    """All exchanges of a training, as one rank sees them.

    count: how many. handled_rows: rows whose changes are taken or taken over, added up.
    compared_rows: rows that are compared with what they were, added up. bytes_sent: by a rank.
    beside: those that go on beside training.
    """

    count: int = 0
    handled_rows: float = 0.0
    compared_rows: float = 0.0
    bytes_sent: float = 0.0
    beside: tuple[Beside, ...] = ()

    @property
    def overlapped(self) -> int:
        """How many go on beside training."""
        return sum(each.times for each in self.beside)


class Intervals(NamedTuple):
    """Kept words of all ranks between two exchanges -> how often there are so many.

    waited: with exchanges that are waited for. overlapped: with those that go on beside training.
    """

    waited: Counter[int]
    overlapped: Counter[int]


def intervals(plan: RankPlan, kept: int, epochs: int) -> Intervals:
    """The intervals of a training, in the order in which `fastw2v.engines.ranks` has them.

    kept: words of an epoch that sub-sampling leaves.

    >>> intervals(RankPlan(2, 40, 1.0), 100, 1)
    Intervals(waited=Counter({40: 1, 20: 1}), overlapped=Counter({40: 1}))
    """
    found = Intervals(Counter(), Counter())
    trained = 0
    for epoch in range(epochs):
        left, before = kept, 0
        interval = plan.next_interval(trained)
        while left > 0:
            if before == 0 and interval.words >= plan.interval and not interval.in_turn:
                # From here on none is longer, and all further epochs are alike.
                _add_full(found, plan, left, 1)
                _add_full(found, plan, kept, epochs - epoch - 1)
                return Intervals(+found.waited, +found.overlapped)
            overlaps = plan.may_overlap(interval, before, left)
            before = before + 1 if overlaps else 0
            words = min(interval.words, left)
            (found.overlapped if overlaps else found.waited)[words] += 1
            # Of an exchange under way it is not known yet how many words it was of.
            interval = plan.next_interval(trained if overlaps else trained + words)
            trained, left = trained + words, left - words
    return found


def _add_full(found: Intervals, plan: RankPlan, words: int, epochs: int) -> None:
    """Add the intervals of so many words in each of some epochs, all of full length but the last;
    no exchange is under way at their beginning."""
    full, rest = divmod(words, plan.interval)
    may = max(0, full - 1 - (rest == 0))  # see `RankPlan.may_overlap`
    overlapped = may - may // (plan.overlapped + 1)
    found.overlapped[plan.interval] += epochs * overlapped
    found.waited[plan.interval] += epochs * (full - overlapped)
    found.waited[rest] += epochs * (rest > 0)


def exchanges_of(
    plan: RankPlan,
    found: Intervals,
    matrices: Mapping[str, RowVisits],
    rows: int,
    settings: Settings,
    form: ChangeFormat,
) -> Exchanges:
    """The exchanges of a plan. found: its `intervals`. rows: V.

    In an exchange a rank sends the changes of the rows that it has moved to their owners, of which
    it is one itself, and then to each other rank what has become of the rows that it owns.
    """
    ranks = plan.ranks
    curvatures = 2 * curvature_arrays(settings)["sums"].nbytes // settings.threads
    of_row = 4 * record_length(settings.size, FORMS[form])
    of_sums = 2 * curvatures * (ranks - 1) / ranks
    lengths = found.waited + found.overlapped
    moved = {windows: _moved(matrices, windows, ranks) for windows in lengths}

    def sent(windows: int) -> float:
        return of_sums + of_row * sum(moved[windows]) * (ranks - 1) / ranks

    return Exchanges(
        count=lengths.total(),
        handled_rows=sum(times * sum(moved[each]) for each, times in lengths.items()),
        compared_rows=float(lengths.total() * rows * len(matrices)),
        bytes_sent=(FIRST_LOOKS - 1) * of_sums
        + sum(times * sent(each) for each, times in lengths.items()),
        beside=tuple(Beside(times, each, sent(each)) for each, times in found.overlapped.items()),
    )


def _moved(matrices: Mapping[str, RowVisits], windows: int, ranks: int) -> tuple[float, float]:
    """Rows that one rank moves in an interval, and those that any rank does."""
    of_one = sum(each.visited(windows / ranks) for each in matrices.values())
    return of_one, sum(each.visited(windows) for each in matrices.values())
