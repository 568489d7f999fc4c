"""What each rank trains to the next exchange.

All ranks decide alike: everything follows from figures that all of them have.
"""

from collections.abc import Sequence

import numpy as np

from fastw2v.engines.rank_figures import RankFigures
from fastw2v.engines.rank_plan import Interval, RankPlan, Timed
from fastw2v.ranks.protocol import Ranks


class RankSchedule:
    """The intervals of a plan, one after the other.

    interval: to the next exchange. own_words: kept words of it that this rank trains. plan: once
    words in turns are known, with them.
    """

    def __init__(self, plan: RankPlan, ids: Sequence[int], ranks: Ranks):
        """ids: of each rank's part of the text."""
        self.plan, self._ids, self._ranks = plan, ids, ranks
        self.interval, self.own_words = Interval(0), 0

    def choose(self, figures: RankFigures) -> None:
        """Choose the next interval. No exchange may be under way, which changes the figures at any
        time."""
        self.interval = self.plan.next_interval(figures.counts.kept)
        read = zip(self._ids, figures.ids_read_by_rank, strict=True)
        left = [max(0, ids - ids_read) for ids, ids_read in read]
        own = left[self._ranks.rank]
        if self.interval.in_turn:
            is_next = left.index(max(left)) == self._ranks.rank
            self.own_words = self.interval.words if is_next else 0
        elif own:
            # By what is left of the text: so all reach the end of the epoch together.
            self.own_words = max(1, self.interval.words * own // sum(left))
        else:
            self.own_words = 0

    def find_turns(self, own: Timed) -> None:
        """Decide how many words are trained in turns, after the first turn. own: as this rank has
        measured it; those that waited have trained no words. All ranks call this."""
        given = self._ranks.allgather(np.array(own, np.float64))
        words, training, exchange = np.array(given).T
        # Others have waited for the one whose turn it was.
        timed = Timed(int(words.sum()), float(training.max()), float(exchange.min()))
        self.plan = self.plan.with_turns(timed)
