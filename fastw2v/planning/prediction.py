"""Memory, traffic and time of a training on a number of machines, predicted.

All follows from the functions by which a training decides: how large its arrays are, how many
replicas it has, when ranks exchange. What is added here are rates, and sums.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from fastw2v.engines.rank_plan import RankPlan, Timed, plan_ranks
from fastw2v.engines.replica_plan import plan_replicas
from fastw2v.engines.shapes import exchange_bytes
from fastw2v.planning.exchanges import Exchanges, Intervals, exchanges_of, intervals
from fastw2v.planning.frequencies import Frequencies
from fastw2v.planning.rates import Rates
from fastw2v.planning.visits import RowVisits, kept_share, visits_of
from fastw2v.ranks.job import DEFAULT_FORMAT, ChangeFormat
from fastw2v.settings import Settings
from fastw2v.training.estimates import needs

WORD_BYTES = 8
"""Of a word's spelling, where the words are not known."""

_WORD_SENT = 48  # bytes of a word with its count, when ranks agree on the vocabulary
PAYS = 0.5
"""More ranks pay while each does at least this share of the work of one alone."""

_FASTEST = 1e15  # bytes per second
_HALVINGS = 60  # of the range in which a bandwidth is looked for

CARD_IDS = 3_200_000
"""Ids below which a GPU takes no less time: four chunks for each of the 1,584 warps of an H100."""

MOST_MACHINES = 4_096  # of which `Plan.advice` looks whether they pay


@dataclass(frozen=True)
class Cluster:
    """Machines that are alike, with one rank each.

    bandwidth: bytes per second that one machine sends, and receives at the same time.
    """

    machines: int
    bandwidth: float

    def of(self, machines: int) -> Cluster:
        """As many of the same machines."""
        return replace(self, machines=machines)


@dataclass(frozen=True)
class Prediction:
    """What is predicted for one number of machines. Times are in seconds; that of reading includes
    the start of a process.

    memory: bytes of one rank at its peak; ``training_memory`` is the part of it that is not yet
    taken when the text has been read, which ``fastw2v train`` compares with what is free.
    in_turns: kept words that ranks train in turns in the beginning. interval: kept words of one
    rank between two exchanges, at most. bytes_per_word: that a rank sends, for each word that it
    keeps. efficiency: time of one rank, over that of all together.
    """

    machines: int
    memory: int
    training_memory: int
    in_turns: int
    interval: int
    exchanges: int
    bytes_sent: int
    bytes_per_word: float
    reading_seconds: float
    training_seconds: float
    exchange_seconds: float
    efficiency: float

    @property
    def seconds(self) -> float:
        """Of reading, training and exchanging."""
        return self.reading_seconds + self.training_seconds + self.exchange_seconds

    def as_dict(self) -> dict[str, Any]:
        """All of it by name, for JSON."""
        return asdict(self) | {"seconds": self.seconds}


@dataclass(frozen=True)
class Advice:
    """How many machines pay.

    knee: the most; each does `PAYS` or more of the work of one alone. knee_is_limit: that is as
    many as were looked at. bandwidth: bytes per second at which all machines of a cluster pay; None
    if they do anyway, or at none.
    """

    knee: int
    knee_is_limit: bool
    bandwidth: float | None

    def as_dict(self) -> dict[str, Any]:
        """All of it by name, for JSON."""
        return {
            "machines_that_pay": self.knee,
            "or_more": self.knee_is_limit,
            "bandwidth_needed_bytes_per_second": self.bandwidth,
        }


@dataclass(frozen=True, eq=False)
class Plan:
    """Predictions for one text and one kind of machine.

    frequencies: of the words of the vocabulary. spelling_bytes: of all of them together.
    rates: of one rank.
    """

    frequencies: Frequencies
    spelling_bytes: int
    settings: Settings
    rates: Rates
    form: ChangeFormat = DEFAULT_FORMAT

    @cached_property
    def visits(self) -> dict[str, RowVisits]:
        """Of the rows of the matrices, by name."""
        return visits_of(self.frequencies, self.settings)

    @cached_property
    def kept(self) -> int:
        """Words of an epoch that sub-sampling leaves."""
        return round(kept_share(self.frequencies, self.settings) * self.frequencies.tokens)

    def predict(self, cluster: Cluster) -> Prediction:
        """What a training on these machines needs, and how long it takes."""
        ranks = cluster.machines
        words, settings = self.frequencies.words, self.settings
        plan = self._rank_plan(cluster)
        interval, found = self._exchanges(plan)
        ids = -(-self.frequencies.ids // ranks)
        exchange = exchange_bytes(words, settings, self.form) if ranks > 1 else 0
        need = needs(words, self.spelling_bytes, ids, settings)
        seconds = self._seconds(found, cluster, self._trained_in_turns(plan))
        of_one = sum(self._seconds(Exchanges(), cluster.of(1)))
        return Prediction(
            machines=ranks,
            memory=need.memory + exchange,
            training_memory=need.training + exchange,
            in_turns=plan.turns or 0,
            interval=interval,
            exchanges=found.count,
            bytes_sent=round(found.bytes_sent),
            bytes_per_word=found.bytes_sent * ranks / max(1, self.kept * settings.epochs),
            reading_seconds=seconds[0],
            training_seconds=seconds[1],
            exchange_seconds=seconds[2],
            efficiency=of_one / (ranks * sum(seconds)),
        )

    def advice(self, cluster: Cluster) -> Advice:
        """What these machines would need to pay, and how many of them do, of up to
        `MOST_MACHINES`."""

        def pays(machines: int) -> bool:
            return self.predict(cluster.of(machines)).efficiency >= PAYS

        low, high = 1, 2
        while high <= MOST_MACHINES and pays(high):
            low, high = high, 2 * high
        high = min(high, MOST_MACHINES + 1)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if pays(middle) else (low, middle)
        return Advice(low, low == MOST_MACHINES, self._bandwidth_needed(cluster))

    def _bandwidth_needed(self, cluster: Cluster) -> float | None:
        """Bytes per second between machines at which all these machines pay; None if no bandwidth
        is enough, or any."""
        if self.predict(cluster).efficiency >= PAYS or cluster.machines == 1:
            return None
        found = self.predict(replace(cluster, bandwidth=math.inf))
        if found.efficiency < PAYS:
            return None
        slow, fast = math.log(cluster.bandwidth), math.log(_FASTEST)
        for _ in range(_HALVINGS):
            middle = (slow + fast) / 2
            pays = self.predict(replace(cluster, bandwidth=math.exp(middle))).efficiency >= PAYS
            slow, fast = (slow, middle) if pays else (middle, fast)
        return math.exp(fast)

    def _rank_plan(self, cluster: Cluster) -> RankPlan:
        """When these machines exchange."""
        words, ids, settings = self.frequencies.words, self.frequencies.ids, self.settings
        ranks, on_cards = cluster.machines, settings.device == "cuda"
        workers = 1 if on_cards else plan_replicas(words, -(-ids // ranks), settings).workers
        plan = plan_ranks(words, self.kept, ranks, ranks * workers, settings)
        # By measured times only where the same bytes are not promised
        if ranks == 1 or not (on_cards or (workers > 1 and not settings.deterministic)):
            return plan
        least = CARD_IDS * self.kept / max(1, self.frequencies.ids)
        plan = plan._replace(least=int(least) if on_cards else 0)
        one = exchanges_of(
            plan,
            Intervals(Counter([plan.shortest]), Counter()),
            self.visits,
            words,
            settings,
            self.form,
        )
        seconds = self.rates.of_exchanges(one, settings) + one.bytes_sent / cluster.bandwidth
        return plan.with_turns(Timed(round(self._kept_rate), 1.0, seconds))

    @property
    def _kept_rate(self) -> float:
        """Kept words that a rank trains in a second."""
        return self.rates.training * self.kept / max(1, self.frequencies.tokens)

    def _trained_in_turns(self, plan: RankPlan) -> float:
        """Seconds in which one rank trains and the others wait."""
        kept = min(plan.turns or 0, self.kept * self.settings.epochs * (1 - 1 / plan.ranks))
        return kept / self._kept_rate if kept else 0.0

    def _exchanges(self, plan: RankPlan) -> tuple[int, Exchanges]:
        """Kept words of a rank between two exchanges, at most, and all exchanges."""
        if plan.ranks == 1:
            return 0, Exchanges()
        found_intervals = intervals(plan, self.kept, self.settings.epochs)
        found = exchanges_of(
            plan,
            found_intervals,
            self.visits,
            self.frequencies.words,
            self.settings,
            self.form,
        )
        lengths = found_intervals.waited | found_intervals.overlapped
        return max(1, max(lengths, default=1) // plan.ranks), found

    def _seconds(
        self, found: Exchanges, cluster: Cluster, in_turns: float = 0.0
    ) -> tuple[float, float, float]:
        """Of reading, training and exchanging. in_turns: of training on one rank alone."""
        tokens, ranks, settings = self.frequencies.tokens, cluster.machines, self.settings
        vocabulary = 2.0 * self.frequencies.words * _WORD_SENT * (ranks > 1)
        training = tokens * settings.epochs / ranks / self.rates.training
        exchanging = self.rates.of_exchanges(found, settings)
        exchanging += self._held_up(found, cluster, training)
        return (
            self.rates.starting
            + tokens / ranks / self.rates.reading
            + vocabulary / cluster.bandwidth,
            training + in_turns,
            exchanging,
        )

    def _held_up(self, found: Exchanges, cluster: Cluster, training: float) -> float:
        """Seconds in which a rank sends, or waits for others, and does not train. training: its
        seconds of training."""
        if found.count == 0:
            return 0.0
        words = self.kept * self.settings.epochs
        waiting = self.rates.of_waiting(cluster.machines, training, found.count) / found.count
        seconds = found.bytes_sent / cluster.bandwidth + found.count * waiting
        for times, interval, sent in found.beside:
            hidden = min(sent / cluster.bandwidth + waiting, interval / words * training)
            seconds -= times * hidden
        return seconds
