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


@dataclass(frozen=True)
class Exchanges:
    """All exchanges of a training, as one rank sees them.

    count: how many. handled_rows: rows whose changes are taken or taken over, added up.
    compared_rows: rows that are compared with what they were, added up. bytes_sent: by a rank.
    overlapped: how many go on beside training, each of so many kept words of all ranks
    (overlapped_interval). overlapped_bytes: sent in these.
    """

    count: int = 0
    handled_rows: float = 0.0
    compared_rows: float = 0.0
    bytes_sent: float = 0.0
    overlapped: int = 0
    overlapped_interval: int = 0
    overlapped_bytes: float = 0.0


class Intervals(NamedTuple):
    """lengths: kept words of all ranks between two exchanges -> how often there are so many.
    overlapped: of those at full length so many, whose exchanges go on beside training."""

    lengths: Counter[int]
    overlapped: int


def intervals(plan: RankPlan, kept: int, epochs: int) -> Intervals:
    """The intervals of a training.

    kept: words of an epoch that sub-sampling leaves.

    >>> intervals(RankPlan(2, 40, 1.0), 100, 1)
    Intervals(lengths=Counter({40: 2, 20: 1}), overlapped=1)
    """
    found: Counter[int] = Counter()
    trained = 0
    for epoch in range(epochs):
        left = kept
        while left > 0:
            interval = plan.next_interval(trained)
            if interval >= plan.interval:
                # From here on none is longer, and all further epochs are alike.
                overlapped = 0
                for words, times in ((left, 1), (kept, epochs - epoch - 1)):
                    full, rest = divmod(words, interval)
                    found[interval] += times * full
                    found[rest] += times
                    overlapped += times * _overlapped(plan, full, rest)
                del found[0]
                return Intervals(+found, overlapped)
            interval = min(interval, left)
            found[interval] += 1
            trained, left = trained + interval, left - interval
    return Intervals(found, 0)


def _overlapped(plan: RankPlan, full: int, rest: int) -> int:
    """How many exchanges of an epoch overlap with training, of so many full intervals and a rest:
    see `RankPlan.may_overlap`."""
    may = max(0, full - 1 - (rest == 0))
    return may - may // (plan.overlapped + 1)


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
    count, handled, compared, sent = 0, 0.0, 0.0, (FIRST_LOOKS - 1) * of_sums
    overlapped_bytes = 0.0
    for windows, times in found.lengths.items():
        count += times
        moved = sum(each.visited(windows / ranks) for each in matrices.values())
        by_any = sum(each.visited(windows) for each in matrices.values())
        of_one = of_sums + of_row * (moved + by_any) * (ranks - 1) / ranks
        sent += times * of_one
        if windows == plan.interval:
            overlapped_bytes = found.overlapped * of_one
        handled += times * (moved + by_any)
        compared += times * rows * len(matrices)
    return Exchanges(
        count, handled, compared, sent, found.overlapped, plan.interval, overlapped_bytes
    )
