"""The engine of several ranks: each trains its part of the text, on a replica of its own.

After each interval of kept words the ranks exchange what they have changed: see
`fastw2v.engines.exchange`. Once intervals have their full length, most exchanges overlap with the
training of the next interval; a training stops only after one that does not, when the model is the
same on all ranks. Within a rank, threads and replicas are those of `CpuEngine`.

Everything that ranks decide together is agreed at an exchange, from figures of all of them: so
all stop at the same place, and where each rank trains as many words as the last time, so do the
results become the same bytes.
"""

import time
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import SAMPLED_ROWS, CpuEngine
from fastw2v.engines.exchange import ModelExchange
from fastw2v.engines.loss import Loss, mean_loss
from fastw2v.engines.matrix_exchange import Trained
from fastw2v.engines.protocol import (
    NONE_FROZEN,
    EngineStateError,
    PartEngine,
    TextPart,
    WordCounts,
)
from fastw2v.engines.rank_figures import OwnFigures, RankFigures
from fastw2v.engines.rank_plan import Interval, RankPlan, Timed, plan_ranks, same_bytes
from fastw2v.engines.rank_schedule import RankSchedule
from fastw2v.engines.replica_plan import ReplicaPlan, plan_replicas
from fastw2v.gpu.device import Device
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import kept_words
from fastw2v.ranks.job import RankJob
from fastw2v.settings import Settings

STREAMS = 1 << 16
"""Streams of random numbers of each rank: more than it can have threads."""


class _Noted(NamedTuple):
    """The epoch in which ranks are, and the state of their own engines, one after the other."""

    epoch: int
    state: dict[str, Array]


class RanksEngine:
    """Implements `fastw2v.engines.protocol.Engine`; every method but `request_stop`,
    `clear_stop`, `ids_read` and `sample_rows` is called on every rank, in the same order.

    corpus: its ids are this rank's part of the text, the vocabulary is that of all.
    device: the GPU that trains this rank's part; None: its CPUs do.
    """

    def __init__(
        self,
        corpus: Corpus,
        model: Model,
        settings: Settings,
        job: RankJob,
        frozen: Array = NONE_FROZEN,
        plan: RankPlan | None = None,
        device: Device | None = None,
    ):
        counts = corpus.vocabulary.counts
        self._ranks, self._model, self._form = job.ranks, model, job.exchange
        ids = [int(each[0]) for each in job.ranks.allgather(np.array([len(corpus.ids)]))]
        own = plan_replicas(len(counts), len(corpus.ids), settings)
        plan = plan or _agreed_plan(job, own, counts, settings)
        part = TextPart(STREAMS * job.ranks.rank, sum(ids))
        self.own: PartEngine
        if device is None:
            own = _own_plan(own, plan, settings)
            self.own = CpuEngine(corpus, model, settings, frozen, own, part)
        else:
            from fastw2v.engines.cuda import CudaEngine

            self.own = CudaEngine(corpus, model, settings, device, frozen, part, plan.rate_growth)
            least = job.ranks.allreduce(np.array([self.own.least_words]), "max")
            plan = plan._replace(least=int(least[0]))
        self.schedule, self._all_ids = RankSchedule(plan, ids, job.ranks), sum(ids)
        self.exchange = ModelExchange(counts, model, settings, job.ranks, job.exchange)
        self._stop = False
        # What was sent for how many kept words, by this process: a training may be resumed.
        self._sent, self._kept = 0, 0
        self._figures = RankFigures(job.ranks)
        self._noted = _Noted(0, {})
        self.exchanges, self.exchange_seconds, self._longest = 0, 0.0, 0
        # The exchange that goes on beside training, and how many in a row have done so
        self._thread = ThreadPoolExecutor(1, "fastw2v-exchange")
        self._under_way: Future[None] | None = None
        self._in_a_row = self.overlapped = 0
        self._figures.agree(self._own_figures())
        self._note_state()

    @property
    def epoch(self) -> int:
        """As of `state`: a rank may be interrupted while it waits for others in `start_epoch`."""
        return self._noted.epoch

    @property
    def untrained_loss(self) -> float:
        return self.own.untrained_loss

    def arrangement(self) -> dict[str, Any]:
        found = self.own.arrangement() | {
            "ranks": self._ranks.size,
            "learning_rate_growth": self.schedule.plan.rate_growth,
            "words_in_turns": self.schedule.plan.turns,
            "words_between_exchanges": self._longest_interval() // self._ranks.size,
            "exchanges": self.exchanges,
            "exchanges_beside_training": self.overlapped,
            "exchange_format": self._form,
        }
        return found | self._traffic

    def _longest_interval(self) -> int:
        """Kept words of all ranks; before the training those of the first."""
        plan = self.schedule.plan
        return self._longest or min(plan.shortest, plan.interval)

    def turn(self) -> AbstractContextManager[None]:
        return self.own.turn()

    def prepare(self) -> str | None:
        note = self.own.prepare()
        self.exchange.prepare()
        return note

    def train(self) -> None:
        sent = self._ranks.bytes_sent
        self._figures.agree(self._own_figures())
        self.schedule.choose(self._figures)
        over = self._figures.stop
        while not (over or self.epoch_ended()):
            over = self._train_interval() and self._figures.stop
        self._sent += self._ranks.bytes_sent - sent
        self._note_state()

    def _train_interval(self) -> bool:
        """Train to the next exchange; returns whether the model is the same on all ranks then."""
        interval, began = self.schedule.interval, time.perf_counter()
        own = self._train_words(self.schedule.own_words)
        self.own.read_model()
        trained = time.perf_counter()
        late = self._under_way is not None
        self._end_exchange()
        overlaps = self._overlaps(interval)
        intervals = 2 if overlaps or self._in_a_row else 1
        self.exchange.begin()
        if overlaps:
            self.schedule.choose(self._figures)  # as of the last exchange that has ended
            self._under_way = self._thread.submit(self._carry_out, own, intervals)
            self._in_a_row += 1
        else:
            self._carry_out(own, intervals)
            self.exchange.end(late=False)
            self._in_a_row = 0
        if late or not overlaps:
            self.own.model_changed()
        seconds = time.perf_counter() - trained
        if not overlaps:
            if self.schedule.plan.turns is None:
                self.schedule.find_turns(Timed(own.words, trained - began, seconds))
            self.schedule.choose(self._figures)
        if not interval.in_turn:
            self._longest = max(self._longest, interval.words)
        self.exchanges += 1
        self.overlapped += overlaps
        self.exchange_seconds += seconds
        return not overlaps

    def _end_exchange(self) -> None:
        """Wait for the end of an exchange under way, and move the model by it."""
        if self._under_way is not None:
            self._under_way.result()
            self._under_way = None
            self.exchange.end(late=True)

    def _carry_out(self, own: OwnFigures, intervals: int) -> None:
        """own: figures. intervals: of which the changes are scaled as if they were merged at once,
        since in each of them the others' changes of the one before are missing."""

        def agree() -> Trained:
            self._figures.agree(own)
            words, ranks = intervals * self._figures.words, max(1, self._figures.trained)
            return Trained(words, self._figures.rate, ranks)

        self.exchange.carry_out(agree)

    def _overlaps(self, interval: Interval) -> bool:
        """Whether the exchange after an interval overlaps with training. It depends on what all
        ranks know, and not on time."""
        # As of the last exchange that has ended
        kept, read = self._figures.counts.kept, self._figures.ids_read
        kept_share = kept / max(1, self.own.epoch * self._all_ids + read)
        left = kept_share * (self._all_ids - read)
        return self.schedule.plan.may_overlap(interval, self._in_a_row, left)

    def _train_words(self, words: int) -> OwnFigures:
        """Train so many words on this rank; returns its figures."""
        before, rate = self.own.word_counts().kept, self.own.learning_rate()
        if words > 0 and not self.own.epoch_ended():
            self.own.train_words(words)
        kept = self.own.word_counts().kept - before
        self._kept += kept
        return self._own_figures(kept, kept * (rate + self.own.learning_rate()) / 2)

    def request_stop(self) -> None:
        self._stop = True

    def clear_stop(self) -> None:
        self._stop = False

    def ids_read(self) -> int:
        return self._figures.ids_read

    def epoch_ended(self) -> bool:
        return self._figures.ended

    def start_epoch(self, epoch: int) -> None:
        self.own.start_epoch(epoch)
        self._figures.agree(self._own_figures())
        self._note_state()

    def word_counts(self) -> WordCounts:
        return self._figures.counts

    def measure(self) -> Loss:
        sums = self.own.measured_sums()
        names = ("pairs", "loss", "pairs_squared", "pairs_times_loss", "loss_squared")
        own = np.array([float(sums[name].sum()) for name in names])
        everyones = self._ranks.allreduce(own)
        fields = {name: everyones[n : n + 1] for n, name in enumerate(names)}
        return mean_loss(fields, self.own.share)

    def sample_rows(self) -> list[Array]:
        """As of the last exchange."""
        found = []
        for name, each in self.exchange.matrices.items():
            sampled = slice(-SAMPLED_ROWS, None) if name == "nodes" else slice(SAMPLED_ROWS)
            found.append(each.base[sampled])
        return found

    def read_model(self) -> Model:
        return self._model

    def state(self) -> dict[str, Array]:
        """Of all ranks: their own engines' arrays, one after the other, and the curvatures."""
        return self._noted.state | self.exchange.state()

    def start_from(self, epoch: int, counts: WordCounts) -> None:
        none = WordCounts(*(0 for _ in counts))
        self.own.start_from(epoch, counts if self._ranks.rank == 0 else none)
        self._figures.agree(self._own_figures())
        self._note_state()

    def restore(self, arrays: Mapping[str, Array]) -> None:
        own: dict[str, Array] = {}
        for name, array in self.state().items():
            if name not in arrays:
                raise EngineStateError(f"no {name!r}")
            if arrays[name].shape != array.shape or arrays[name].dtype != array.dtype:
                raise EngineStateError(
                    f"{name!r} is {arrays[name].dtype} {arrays[name].shape} instead of "
                    f"{array.dtype} {array.shape}"
                )
            if name in self._noted.state:
                own[name] = arrays[name][self._ranks.rank]
        self.own.restore(own)
        for name, array in self.exchange.state().items():
            array[:] = arrays[name]
        self._figures.agree(self._own_figures())
        self._note_state()

    def _own_figures(self, words: int = 0, rates: float = 0.0) -> OwnFigures:
        own = self.own
        counts, ids, ended = own.word_counts(), own.ids_read(), own.epoch_ended()
        return OwnFigures(counts, ids, ended, self._stop, words, rates)

    def _note_state(self) -> None:
        """Gather what `state` and `arrangement` return: rank 0 writes it while others go on."""
        gathered = {}
        for name, array in self.own.state().items():
            gathered[name] = np.stack(self._ranks.allgather(array))
        self._noted = _Noted(self.own.epoch, gathered)
        own = [self._sent, self._kept, self.exchange_seconds]
        of_ranks = [each.tolist() for each in self._ranks.allgather(np.array(own, np.float64))]
        self._traffic = {
            "bytes_sent": [int(sent) for sent, _, _ in of_ranks],
            "words_kept_by_rank": [int(kept) for _, kept, _ in of_ranks],
            "bytes_sent_per_kept_word": [
                round(sent / kept, 1) if kept else 0.0 for sent, kept, _ in of_ranks
            ],
            "exchange_seconds": [round(seconds, 3) for _, _, seconds in of_ranks],
        }


def _agreed_plan(job: RankJob, own: ReplicaPlan, counts: Array, settings: Settings) -> RankPlan:
    """The plan of all ranks. own: of this one."""
    on_gpus = settings.device == "cuda"
    found = np.array([1 if on_gpus else own.workers, on_gpus or not same_bytes(own)])
    workers, free = job.ranks.allreduce(found).tolist()
    # By measured times, where the same bytes are not promised
    turns = 0 if job.in_turns is None and not free else job.in_turns
    kept = round(kept_words(counts, settings.sample))
    return plan_ranks(len(counts), kept, job.ranks.size, workers, settings, turns)


def _own_plan(own: ReplicaPlan, plan: RankPlan, settings: Settings) -> ReplicaPlan:
    """How the threads of a rank train."""
    fixed = same_bytes(own)
    chunk = own.chunk if settings.threads == 1 or not fixed else 0
    return own._replace(rate_growth=plan.rate_growth, fixed_rounds=fixed, chunk=chunk)
