"""What each rank hands to all others at an exchange: how far it is, and what it has trained.

What ranks decide together follows from these figures and from nothing else, so all decide alike.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.engines.protocol import WordCounts
from fastw2v.matrix.arrays import Array
from fastw2v.ranks.protocol import Ranks


class OwnFigures(NamedTuple):
    """Of one rank.

    ids_read: of its part of the text, in this epoch. ended: whether that was all. stops: whether it
    was asked to stop. words: kept since the exchange before; rates: these times their mean learning
    rate.
    """

    counts: WordCounts
    ids_read: int
    ended: bool
    stops: bool
    words: int = 0
    rates: float = 0.0


class RankFigures:
    """Of all ranks, as of the last exchange. They are replaced at once, so one thread may read them
    while another waits in `agree`."""

    def __init__(self, ranks: Ranks):
        self._ranks = ranks
        nothing = OwnFigures(WordCounts(*(0 for _ in WordCounts._fields)), 0, False, False)
        self._all = [nothing] * ranks.size

    def agree(self, own: OwnFigures) -> None:
        """Hand the figures of this rank to all, and get theirs."""
        given = np.array([*own.counts, *own[1:]], np.float64)
        self._all = [_figures_of(each) for each in self._ranks.allgather(given)]

    @property
    def counts(self) -> WordCounts:
        """What became of the words so far."""
        return WordCounts(
            *(sum(each) for each in zip(*(own.counts for own in self._all), strict=True))
        )

    @property
    def ids_read(self) -> int:
        """Of the whole text, in this epoch."""
        return sum(own.ids_read for own in self._all)

    @property
    def ids_read_by_rank(self) -> list[int]:
        """Of each rank's part of the text, in this epoch."""
        return [own.ids_read for own in self._all]

    @property
    def ended(self) -> bool:
        """Whether all have ended the epoch."""
        return all(own.ended for own in self._all)

    @property
    def stop(self) -> bool:
        """Whether any was asked to stop."""
        return any(own.stops for own in self._all)

    @property
    def words(self) -> float:
        """Kept since the exchange before."""
        return float(sum(own.words for own in self._all))

    @property
    def trained(self) -> int:
        """How many ranks have trained since the exchange before."""
        return sum(own.words > 0 for own in self._all)

    @property
    def rate(self) -> float:
        """The mean learning rate of these words."""
        return sum(own.rates for own in self._all) / self.words if self.words else 0.0


def _figures_of(given: Array) -> OwnFigures:
    counts, places = len(WordCounts._fields), iter(given.tolist())
    of_words = WordCounts(*(int(next(places)) for _ in range(counts)))
    ids, ended, stops, words, rates = places
    return OwnFigures(of_words, int(ids), bool(ended), bool(stops), int(words), rates)
