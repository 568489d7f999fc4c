"""The CPU's engines: default, deterministic and exact."""

from dataclasses import dataclass

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import (
    NO_WORD,
    SHARED,
    kernel_settings,
    new_private_matrices,
    new_scratch,
    new_shards,
    probes,
)
from fastw2v.kernels import state
from fastw2v.kernels.default_path import train_shard
from fastw2v.kernels.exact_path import train_exactly
from fastw2v.kernels.layers.registry import (
    Layers,
    most_targets,
    new_exact_layers,
    new_layers,
)
from fastw2v.kernels.measure import measure_shard
from fastw2v.kernels.rounds import merge_round, train_round, walk_rounds, walk_rounds_at
from fastw2v.kernels.shards import walk_at, walk_shards
from fastw2v.model.matrices import Model
from fastw2v.model.subsampling import keep_thresholds, keep_values_c
from fastw2v.settings import Settings


@dataclass
class Engine:
    """The default path: a job, the output layers in use, and the kernels that run them."""

    job: state.SharedState  # what is trained
    measured: state.SharedState  # the same model and text, with shards of its own
    share: float  # of the text, on which the loss is measured
    layers: Layers

    kernels = (walk_at, train_shard, measure_shard)  # what `train` and `measure` call

    def train(self) -> None:
        """Train every shard from where it stands to the end of the epoch, or until stopped."""
        walk_shards(train_shard, self._task(self.job))

    def measure(self) -> np.ndarray:
        """The model's loss on a share of the text: the columns of `state.Shards.loss`, summed.

        Every call takes the same windows, widths and negative samples.
        """
        shards = state.Shards(*(array.copy() for array in self.measured.shards))
        shards = shards._replace(control=self.job.shards.control)
        job = self.measured._replace(shards=shards)
        walk_shards(measure_shard, self._task(job))
        return shards.loss.sum(axis=0)

    @property
    def most_rows(self) -> int:
        """The largest number of output rows against which one centre word is trained."""
        return most_targets(self.layers)

    @property
    def epoch(self) -> int:
        """Which epoch the shards are in, from 0."""
        return int(self.job.shards.counters[0, state.EPOCH])

    def epoch_ended(self) -> bool:
        """Whether every shard is at its end."""
        counters = self.job.shards.counters
        return bool((counters[:, state.POSITION] >= counters[:, state.END]).all())

    def _task(self, job: state.SharedState) -> state.KernelArgs:
        return state.KernelArgs(job, self.layers)

    def start_epoch(self, epoch: int) -> None:
        """Send every shard back to its beginning."""
        counters = self.job.shards.counters
        fresh = counters.copy()
        fresh[:, state.EPOCH] = epoch
        fresh[:, state.POSITION] = fresh[:, state.BEGIN]
        counters[:] = fresh  # in one step: Ctrl-C comes before or after it, and finds no mixture


@dataclass
class DeterministicEngine(Engine):
    """The default path, in rounds: the same bytes each time from any number of shards."""

    kernels = (walk_rounds_at, train_round, merge_round, walk_at, measure_shard)

    def train(self) -> None:
        walk_rounds(self._task(self.job))


@dataclass
class ExactEngine(Engine):
    """The exact path. Its loss is measured as the default path's."""

    exact_layers: Layers
    total: int  # the C program's count of training words

    kernels = (walk_at, train_exactly, measure_shard)

    def train(self) -> None:
        train_exactly(self._task(self.job)._replace(layers=self.exact_layers), self.total)

    def epoch_ended(self) -> bool:
        """At the end the C program looks once more for a sentence, then starts its count anew."""
        return super().epoch_ended() and self.job.shards.counters[0, state.COUNTED] == 0


def new_engine(
    corpus: Corpus, model: Model, settings: Settings, frozen: np.ndarray = NO_WORD
) -> Engine:
    """Everything the kernels need, ready for the first epoch.

    frozen: (V,) bool, words whose input vectors are not to be moved; empty for none. The exact
    path knows no frozen words.
    """
    layers = new_layers(corpus.vocabulary.counts, model, settings)
    keep = keep_thresholds(corpus.vocabulary.counts, settings.sample)
    text = state.Text(corpus.ids, keep, frozen)
    plan = kernel_settings(settings)
    width = model.inputs.shape[1]
    scratch = new_scratch(settings, most_targets(layers), width)
    shards = new_shards(len(corpus.ids), settings)
    job = state.SharedState(text, model.inputs, plan, scratch, shards, SHARED)
    measured_shards, share = probes(shards, settings.seed)
    measured = job._replace(shards=measured_shards)
    if settings.in_rounds:
        own = job._replace(touched=new_private_matrices(model, settings))
        return DeterministicEngine(own, measured, share, layers)
    if not settings.exact:
        return Engine(job, measured, share, layers)
    total = corpus.vocabulary.total
    keep = keep_values_c(corpus.vocabulary.counts, settings.sample, total)
    exact_job = job._replace(text=state.Text(corpus.ids, keep, NO_WORD))
    exact_layers = new_exact_layers(corpus.vocabulary.counts, model, settings, layers)
    return ExactEngine(exact_job, measured, share, layers, exact_layers, total)
