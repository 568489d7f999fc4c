"""How fast one rank reads, trains and exchanges."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from fastw2v.matrix.aligned import padded
from fastw2v.planning.exchanges import Exchanges
from fastw2v.settings import Settings

COPIED = 2 * 4 / 12e9
"""Seconds in which one number of a matrix is copied from a GPU and back: an assumption."""

STARTING = 0.5
"""Seconds in which a process loads compiled code, before it reads: an assumption, as the defaults
of `ExchangeCosts`."""


@dataclass(frozen=True)
class ExchangeCosts:
    """What an exchange takes besides sending, on one core. The defaults are
    assumptions: ``benchmarks/notebook/plan.md``.

    compared: seconds to see for one number of a row whether the row has been moved.
    handled: for one number of a row whose change is taken and added, or taken over.
    fixed: of each exchange.
    """

    compared: float = 0.3e-9
    handled: float = 0.6e-9
    fixed: float = 6e-3


@dataclass(frozen=True)
class Rates:
    """Words of the vocabulary that one rank trains and reads in a second, and what its exchanges
    take. sources: name -> where a rate is from. starting: seconds before a rank reads.
    unevenness: the standard deviation of training for t seconds is this times the root of t."""

    training: float
    reading: float
    exchange: ExchangeCosts = ExchangeCosts()
    sources: dict[str, str] = field(default_factory=dict)
    starting: float = STARTING
    unevenness: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """All of it by name, for JSON."""
        return {
            "training_words_per_second": self.training,
            "reading_words_per_second": self.reading,
            "starting_seconds": self.starting,
            "training_unevenness": self.unevenness,
            "exchange_seconds_per_number_compared": self.exchange.compared,
            "exchange_seconds_per_number_handled": self.exchange.handled,
            "exchange_seconds_fixed": self.exchange.fixed,
            "sources": self.sources,
        }

    def of_exchanges(self, found: Exchanges, settings: Settings) -> float:
        """Seconds of a rank in its exchanges, without those of sending."""
        costs = self.exchange
        rows = costs.compared * found.compared_rows + costs.handled * found.handled_rows
        return padded(settings.size) * rows + costs.fixed * found.count

    def of_waiting(self, ranks: int, training: float, exchanges: int) -> float:
        """Seconds in which a rank waits for the slowest. training: seconds of a rank, in all.

        Of R ranks the slowest takes as many standard deviations longer than the mean as the
        greatest of R normal numbers is expected to be (Blom, "Statistical estimates and transformed
        beta-variables", 1958).
        """
        if ranks == 1 or exchanges == 0:
            return 0.0
        greatest = NormalDist().inv_cdf((ranks - 0.375) / (ranks + 0.25))
        return greatest * self.unevenness * math.sqrt(training * exchanges)
