"""From a corpus, a model and settings to kernels that are ready to run."""

from dataclasses import dataclass

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.jit.simd.width import OCTET
from fastw2v.kernels import state
from fastw2v.kernels.default_path import train_shard
from fastw2v.kernels.exact_layers import GUIDE_SHIFT
from fastw2v.kernels.exact_path import train_exactly
from fastw2v.kernels.hot_rows import COPIED
from fastw2v.kernels.measure import measure_shard
from fastw2v.kernels.private_rows import new_own_rows
from fastw2v.kernels.rng import seed_generator
from fastw2v.kernels.rounds import (
    merge_round,
    train_round,
    walk_rounds,
    walk_rounds_at,
    words_of_round,
)
from fastw2v.kernels.shards import walk_at, walk_shards
from fastw2v.kernels.targets import places_for
from fastw2v.matrix.aligned import aligned_zeros, shard_zeros
from fastw2v.model.huffman import huffman_paths
from fastw2v.model.matrices import Model
from fastw2v.model.noise import C_TABLE_SIZE, alias_table, c_table_ends, noise_shares
from fastw2v.model.subsampling import keep_thresholds, keep_values_c, thinned_levels
from fastw2v.settings import Settings

MEASURED_IDS = 40_000  # the loss of a text of up to so many ids is measured on all of it
MEASURED_SHARE = 1 / 200  # of a longer text, unless that is less than the above
PROBE = 256  # ids of one probe: short, so that many probes spread over the text
MEASURING = 1 << 32  # streams of random numbers from here on are for measuring


@dataclass
class Engine:
    """The default path: a job, the output layers in use, and the kernels that run them."""

    job: state.Job  # what is trained
    measured: state.Job  # the same model and text, with shards of its own
    share: float  # of the text, on which the loss is measured
    negative: state.Negative | None
    hierarchical: state.Hierarchical | None
    softmax: state.Softmax | None

    kernels = (walk_at, train_shard, measure_shard)  # what `train` and `measure` call

    def train(self) -> None:
        """Train every shard from where it stands to the end of the epoch, or until stopped."""
        walk_shards(train_shard, self._task(self.job))

    def measure(self) -> np.ndarray:
        """The model's loss on a share of the text: the columns of `jobs.Shards.loss`, summed.

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
        return most_rows((self.negative, self.hierarchical, self.softmax))

    @property
    def epoch(self) -> int:
        """Which epoch the shards are in, from 0."""
        return int(self.job.shards.counters[0, state.EPOCH])

    def epoch_ended(self) -> bool:
        """Whether every shard is at its end."""
        counters = self.job.shards.counters
        return bool((counters[:, state.POSITION] >= counters[:, state.END]).all())

    def _task(self, job: state.Job) -> state.Task:
        return state.Task(job, self.negative, self.hierarchical, self.softmax)

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

    exact_negative: state.ExactNegative | None
    total: int  # the C program's count of training words

    kernels = (walk_at, train_exactly, measure_shard)

    def train(self) -> None:
        train_exactly(self._task(self.job)._replace(negative=self.exact_negative), self.total)

    def epoch_ended(self) -> bool:
        """At the end the C program looks once more for a sentence, then starts its count anew."""
        return super().epoch_ended() and self.job.shards.counters[0, state.COUNTED] == 0


NO_WORD = np.empty(0, np.bool_)
SHARED = state.Touched(None, None, None)  # shards have no rows of their own


def new_engine(
    corpus: Corpus, model: Model, settings: Settings, frozen: np.ndarray = NO_WORD
) -> Engine:
    """Everything the kernels need, ready for the first epoch.

    frozen: (V,) bool, words whose input vectors are not to be moved; empty for none. The exact
    path knows no frozen words.
    """
    layers = _new_layers(corpus.vocabulary.counts, model, settings)
    keep = keep_thresholds(corpus.vocabulary.counts, settings.sample)
    text = state.Text(corpus.ids, keep, frozen)
    plan = _plan(settings)
    width = model.inputs.shape[1]
    scratch = _new_scratch(settings, most_rows(layers), width)
    shards = _new_shards(len(corpus.ids), settings)
    job = state.Job(text, model.inputs, plan, scratch, shards, SHARED)
    probes, share = _probes(shards, settings.seed)
    measured = job._replace(shards=probes)
    if settings.in_rounds:
        own = job._replace(touched=_new_touched(model, settings))
        return DeterministicEngine(own, measured, share, *layers)
    if not settings.exact:
        return Engine(job, measured, share, *layers)
    total = corpus.vocabulary.total
    keep = keep_values_c(corpus.vocabulary.counts, settings.sample, total)
    exact_job = job._replace(text=state.Text(corpus.ids, keep, NO_WORD))
    exact_negative = _new_exact_negative(corpus.vocabulary.counts, model, settings)
    return ExactEngine(exact_job, measured, share, *layers, exact_negative, total)


def _new_touched(model: Model, settings: Settings) -> state.Touched:
    """Room for the rows that a shard can touch in a round."""
    words = words_of_round(settings.threads)
    most = (words, words * (1 + settings.negative), len(model.inputs))
    matrices = (model.inputs, model.outputs, model.nodes)
    return state.Touched(
        *(
            None if matrix is None else new_own_rows(matrix, settings.threads, rows)
            for matrix, rows in zip(matrices, most, strict=True)
        )
    )


def most_rows(layers) -> int:
    """The largest number of output rows against which these layers train one centre word."""
    negative, hierarchical, _ = layers
    sampled = 0 if negative is None else negative.draws + 1
    longest = 0 if hierarchical is None else int(np.diff(hierarchical.start).max())
    return max(1, sampled, longest)


def _plan(settings: Settings) -> state.Plan:
    return state.Plan(
        cbow=settings.model == "cbow",
        corrected=settings.cbow_update == "corrected",
        fixed_window=settings.window_mode == "fixed",
        window=settings.window,
        alpha=settings.alpha,
        epochs=settings.epochs,
    )


def _new_layers(counts: np.ndarray, model: Model, settings: Settings):
    """(negative, hierarchical, softmax); None for those not in use."""
    negative = hierarchical = softmax = None
    if settings.negative:
        table = alias_table(noise_shares(counts, settings.noise_exponent))
        negative = state.Negative(model.outputs, table, settings.negative)
    if settings.hs:
        start, nodes, codes = huffman_paths(counts)
        copies = _new_copies(model.nodes, settings)
        hierarchical = state.Hierarchical(
            model.nodes, start, 2 * nodes + codes, thinned_levels(settings.sample), *copies
        )
    if settings.softmax:
        softmax = state.Softmax(model.outputs)
    return negative, hierarchical, softmax


def _new_copies(nodes: np.ndarray, settings: Settings):
    alone = settings.threads == 1 or settings.in_rounds
    rows = 0 if alone else min(COPIED, len(nodes) - 1)
    return [aligned_zeros(settings.threads, rows, nodes.shape[1]) for _ in range(2)]


def _new_exact_negative(counts: np.ndarray, model: Model, settings: Settings):
    if not settings.negative:
        return None
    ends = c_table_ends(counts)
    entries = np.arange(0, C_TABLE_SIZE, 1 << GUIDE_SHIFT)
    guide = np.searchsorted(ends, entries, side="right").astype(np.int32)
    return state.ExactNegative(model.outputs, ends, guide, settings.negative)


def _new_scratch(settings: Settings, most: int, width: int) -> state.Scratch:
    shards, context, places = settings.threads, 2 * settings.window, places_for(most)
    hidden, error, spare, sink = (aligned_zeros(shards, width) for _ in range(4))
    pairs = zip(hidden, error, strict=True)
    own_rows = shard_zeros(shards, 2, np.int64)
    own_rows[:, :2] = [[one.ctypes.data, other.ctypes.data] for one, other in pairs]
    return state.Scratch(
        sentence=shard_zeros(shards, state.SENTENCE_WORDS, np.int32),
        noise=shard_zeros(shards, state.SENTENCE_WORDS * settings.negative, np.int32),
        context=shard_zeros(shards, context, np.int32),
        context_rows=shard_zeros(shards, context, np.int64),
        moved_rows=shard_zeros(shards, context, np.int64),
        sink=sink,
        own_rows=own_rows,
        hidden=hidden,
        error=error,
        spare=spare,
        rows=shard_zeros(shards, places, np.int32),
        target_rows=shard_zeros(shards, places, np.int64),
        labels=shard_zeros(shards, places),
        weights=shard_zeros(shards, places),
        gradients=shard_zeros(shards, OCTET * context * (1 + most // 4)),
    )


def _new_shards(ids: int, settings: Settings) -> state.Shards:
    threads = settings.threads
    counters = shard_zeros(threads, 16, np.int64)
    bounds = shard_bounds(ids, threads)
    counters[:, state.BEGIN], counters[:, state.END] = bounds[:-1], bounds[1:]
    counters[:, state.POSITION] = bounds[:-1]
    if settings.exact:  # the C program's generator starts at the thread's number, 0
        random = shard_zeros(threads, 16, np.uint64)
    else:
        random = _generators(settings.seed, 1, threads)
    loss = shard_zeros(threads, 16, np.float64)
    loss[:, state.RATE] = np.float32(settings.alpha)
    return state.Shards(counters, random, loss, aligned_zeros(16, kind=np.int64))


def _probes(shards: state.Shards, seed: int) -> tuple[state.Shards, float]:
    """Shards that measure the loss, and the share of the text they look at."""
    threads = len(shards.counters)
    counters = shards.counters.copy()
    lengths = counters[:, state.END] - counters[:, state.BEGIN]
    ids = max(1, int(lengths.sum()))
    share = min(1.0, max(MEASURED_SHARE, MEASURED_IDS / ids))
    # Where all of the text is measured, a shard is one probe: no window is cut.
    counters[:, state.PROBE] = np.maximum(1, lengths) if share == 1 else PROBE
    counters[:, state.STRIDE] = (counters[:, state.PROBE] / share).round()
    random = _generators(seed, MEASURING, threads)
    return state.Shards(
        counters, random, shard_zeros(threads, 16, np.float64), shards.control
    ), share


def _generators(seed: int, first_stream: int, threads: int) -> np.ndarray:
    random = shard_zeros(threads, 16, np.uint64)
    for shard in range(threads):
        random[shard, :1] = seed_generator(seed, first_stream + shard)
    return random


def shard_bounds(ids: int, shards: int) -> np.ndarray:
    """Where ``shards`` shards of about equal length begin and end: (shards + 1,) int64."""
    return np.arange(shards + 1, dtype=np.int64) * ids // shards
