"""The CPU's default engine: shards of the text on threads that share the matrices (Hogwild)."""

import gc
import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import (
    at_begin,
    kernel_settings,
    new_scratch,
    new_shards,
    probes,
)
from fastw2v.engines.loss import Loss, mean_loss
from fastw2v.engines.protocol import (
    NONE_FROZEN,
    WHOLE_TEXT,
    EngineStateError,
    TextPart,
    WordCounts,
)
from fastw2v.engines.replica_plan import ReplicaPlan, plan_replicas
from fastw2v.engines.replicas import curvature_state, new_replicas, without_copies
from fastw2v.jit.compiled import overloads, why_not_kept
from fastw2v.jit.threading_layer import NUMBA_THREADS
from fastw2v.kernels.dealing import dealt_ids
from fastw2v.kernels.default_path import train_shard
from fastw2v.kernels.layers.registry import most_targets, new_layers, untrained_loss
from fastw2v.kernels.measure import measure_shard, measure_shards
from fastw2v.kernels.rounds import (
    look_at_part,
    merge_part,
    take_part,
    train_in_one_round,
    train_in_rounds,
    walk_rounds,
)
from fastw2v.kernels.shards import call_for_all, enter, run
from fastw2v.kernels.state import COUNTERS, KEPT_END, STOP, KernelArgs, Shards, SharedState, Text
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.settings import Settings

SAMPLED_ROWS = 1_000
"""Rows of each matrix that `sample_rows` returns: they are moved most, and diverge first."""

COUNTED = ("read", "kept", "trained", "alone", "left_over")
"""The fields of `COUNTERS` that are those of `WordCounts`, in the same order."""


class CpuEngine:
    """The default path. Implements `fastw2v.engines.protocol.PartEngine`, as its subclasses do.

    shared: what is trained. measured: the same model and text, with shards of its own.
    share: the part of the text on which the loss is measured.
    layers: the output layers in use.
    """

    least_words = 0

    # the compiled functions that are called here
    kernels: tuple[Any, ...] = (
        enter,
        call_for_all,
        train_in_one_round,
        train_in_rounds,
        take_part,
        train_shard,
        look_at_part,
        merge_part,
        measure_shards,
        measure_shard,
    )

    def __init__(
        self,
        corpus: Corpus,
        model: Model,
        settings: Settings,
        frozen: np.ndarray = NONE_FROZEN,
        plan: ReplicaPlan | None = None,
        part: TextPart = WHOLE_TEXT,
    ):
        """Ready for the first epoch.

        frozen: (V,) bool, words whose input vectors are not to be moved; empty for none.
        plan: None for the one that suits the text and the settings.
        part: what the corpus is of a text that several engines train.
        """
        counts = corpus.vocabulary.counts
        self._model = model
        self.layers = new_layers(counts, model, settings)
        scratch = new_scratch(settings, most_targets(self.layers))
        text = Text(corpus.ids, keep_thresholds(counts, settings.sample), frozen)
        self.plan = plan or plan_replicas(len(counts), len(corpus.ids), settings)
        shards = new_shards(len(corpus.ids), settings, self.plan.chunk, part.streams)
        replicas = new_replicas(counts, model, self.plan, settings)
        self.shared = SharedState(
            text, model.inputs, kernel_settings(self.plan, settings), scratch, shards, replicas
        )
        measured_shards, self.share = probes(
            shards, len(corpus.ids), settings.seed, part.streams, part.all_ids
        )
        self.measured = self.shared._replace(
            shards=measured_shards, replicas=without_copies(replicas)
        )

    @property
    def epoch(self) -> int:
        return int(self.shared.shards.counters.epoch[0])

    @property
    def untrained_loss(self) -> float:
        """At least ln V, what a model that knows nothing costs the full softmax."""
        return max(untrained_loss(self.layers), math.log(len(self._model.inputs)))

    def arrangement(self) -> dict[str, Any]:
        plan = self.plan
        if plan.workers == 1:
            return {"replicas": 1}
        inputs = self.shared.replicas.inputs
        return {
            "replicas": plan.workers,
            "replicated_rows": inputs.copies.shape[1],
            "words_between_mergings": plan.round_words,
            "learning_rate_growth": plan.rate_growth,
        }

    def turn(self) -> AbstractContextManager[None]:
        return NUMBA_THREADS.ours()

    def prepare(self) -> str | None:
        before = overloads(*self.kernels)
        self.request_stop()  # so that the calls do nothing
        self.train()
        self.measure()
        self.clear_stop()
        # Compiling leaves cycles of references to the arguments, which would outlive the engine. To
        # look for cycles takes 0.1 s and more in a process with many objects: not for nothing.
        if overloads(*self.kernels) > before:
            gc.collect()
        return why_not_kept(*self.kernels)

    def train(self) -> None:
        walk_rounds(self._args(self.shared))

    def request_stop(self) -> None:
        self.shared.shards.control[STOP] = 1

    def clear_stop(self) -> None:
        self.shared.shards.control[STOP] = 0

    def ids_read(self) -> int:
        counters = self.shared.shards.counters
        begun = self._ids_begun(counters)
        return max(0, begun - int(np.maximum(0, counters.end - counters.position).sum()))

    def epoch_ended(self) -> bool:
        counters = self.shared.shards.counters
        all_begun = self._ids_begun(counters) == len(self.shared.text.ids)
        return bool(all_begun and (counters.position >= counters.end).all())

    def start_epoch(self, epoch: int) -> None:
        counters = self.shared.shards.counters
        fresh = at_begin(counters, len(self.shared.text.ids), self.plan.chunk)
        fresh.epoch = epoch
        counters[:] = fresh

    def word_counts(self) -> WordCounts:
        counters = self.shared.shards.counters
        return WordCounts(*(int(counters[name].sum()) for name in COUNTED))

    def train_words(self, words: int) -> None:
        """As `train`, but return when about so many words were kept, 1 or more."""
        control = self.shared.shards.control
        control[KEPT_END] = self.word_counts().kept + words
        try:
            self.train()
        finally:
            control[KEPT_END] = 0

    def learning_rate(self) -> float:
        """The mean of all threads', as the kernels have it."""
        counters, settings = self.shared.shards.counters, self.shared.settings
        read = (counters.position - counters.begin) / np.maximum(1, counters.length)
        progress = (counters.epoch + read) / settings.epochs
        falling = np.maximum(settings.lowest_rate, 1.0 - settings.slope * progress)
        return float((settings.alpha * falling).mean())

    def measure(self) -> Loss:
        return mean_loss(self.measured_sums(), self.share)

    def measured_sums(self) -> np.ndarray:
        """What `measure` makes a loss of: (T,) `fastw2v.kernels.state.LOSS_SUMS`."""
        shards = Shards(*(array.copy() for array in self.measured.shards))
        shards = shards._replace(control=self.shared.shards.control)
        args = self._args(self.measured._replace(shards=shards))
        run(measure_shards, [measure_shard], args)
        return shards.loss

    def sample_rows(self) -> list[np.ndarray]:
        model = self._model
        words = [model.inputs] if model.outputs is None else [model.inputs, model.outputs]
        rows = [matrix[:SAMPLED_ROWS] for matrix in words]
        if model.nodes is not None:  # those near the root are the last: every path begins there
            rows.append(model.nodes[-SAMPLED_ROWS:])
        return rows

    def read_model(self) -> Model:
        return self._model

    def model_changed(self) -> None:
        pass  # the matrices are the caller's

    def state(self) -> dict[str, np.ndarray]:
        shards = self.shared.shards
        counters = shards.counters.view(np.int64).reshape(len(shards.counters), -1)
        return {
            "counters": counters,
            "random": shards.random,
            **curvature_state(self.shared.replicas),
        }

    def start_from(self, epoch: int, counts: WordCounts) -> None:
        of_first = self.shared.shards.counters[0]
        for name, count in zip(COUNTED, counts, strict=True):
            of_first[name] = count
        self.start_epoch(epoch)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> None:
        for name, own in self.state().items():
            if name not in arrays:
                raise EngineStateError(f"no {name!r}")
            array = arrays[name]
            if array.shape != own.shape or array.dtype != own.dtype:
                raise EngineStateError(
                    f"{name!r} is {array.dtype} {array.shape} instead of {own.dtype} {own.shape}"
                )
        self._check_counters(arrays["counters"])
        for name, own in self.state().items():
            own[:] = arrays[name]

    def _check_counters(self, counters: np.ndarray) -> None:
        """Kernels read wherever a position says. counters: (T, n) int64, as in `state`."""
        records = np.ascontiguousarray(counters).view(COUNTERS)[:, 0].view(np.recarray)
        ids, chunk = len(self.shared.text.ids), self.plan.chunk
        fresh = at_begin(records, ids, chunk)
        begin, end, position = records.begin, records.end, records.position
        sound = ((begin >= 0) & (begin <= position) & (position <= end) & (end <= ids)).all()
        if chunk == 0:
            fixed = ("begin", "length", "end")
            sound = sound and all((records[name] == fresh[name]).all() for name in fixed)
        else:
            of_chunks = int((end - position).sum())
            sound = sound and (records.dealt >= 0).all() and self._ids_begun(records) >= of_chunks
            sound = sound and (begin + records.length <= ids).all()
        if not (sound and (records.epoch == records.epoch[0]).all()):
            raise EngineStateError("its positions do not fit the text")

    def _ids_begun(self, counters: np.recarray) -> int:
        """Of the ids so many are in shards or chunks that were begun."""
        ids, plan = len(self.shared.text.ids), self.plan
        if plan.chunk == 0:
            return ids
        return dealt_ids(int(counters.dealt[0]), ids, plan.regions, plan.chunk)

    def _args(self, shared: SharedState) -> KernelArgs:
        return KernelArgs(shared, self.layers)
