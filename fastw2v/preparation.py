"""From a corpus, a model and settings to what the kernels take."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.huffman import huffman_paths
from fastw2v.kernels import jobs
from fastw2v.kernels.exact import train_exactly
from fastw2v.kernels.exact_layers import GUIDE_SHIFT
from fastw2v.kernels.fast import train_shards
from fastw2v.kernels.randoms import seed_generator
from fastw2v.kernels.rows import aligned_zeros
from fastw2v.model import Model
from fastw2v.noise import C_TABLE_SIZE, alias_table, c_table_ends, noise_shares
from fastw2v.settings import Settings
from fastw2v.subsampling import keep_thresholds, keep_values_c

LOSS_WINDOWS = 100_000  # windows on which an epoch's loss is measured, about, where it has more
"""From a corpus of up to this many words every window is measured."""


@dataclass
class Layers:
    """The output layers in use, and the kernel that trains them."""

    negative: Any = None
    hierarchical: Any = None
    softmax: Any = None
    total: int | None = None  # exact path: the C program's count of training words

    def train(self, job: jobs.Job) -> None:
        """Train every shard of the job from where it stands to the end of the epoch."""
        if self.total is not None:
            train_exactly(job, self.negative, self.hierarchical, self.total)
        else:
            train_shards(*job, self.negative, self.hierarchical, self.softmax)

    def most_rows(self) -> int:
        """The largest number of output rows that one centre word is trained against."""
        most = 1
        if self.negative is not None:
            most = max(most, self.negative.draws + 1)
        if self.hierarchical is not None:
            most = max(most, int(np.diff(self.hierarchical.start).max()))
        return most


def new_job(corpus: Corpus, model: Model, settings: Settings) -> tuple[jobs.Job, Layers]:
    """Everything the kernels need, ready for the first epoch."""
    layers = _new_layers(corpus, model, settings)
    plan = jobs.Plan(
        cbow=settings.model == "cbow",
        corrected=settings.cbow_update == "corrected",
        fixed_window=settings.window_mode == "fixed",
        window=settings.window,
        size=settings.size,
        alpha=settings.alpha,
        epochs=settings.epochs,
        loss_every=max(1, min(64, corpus.words_known // LOSS_WINDOWS)),
    )
    job = jobs.Job(
        text=_text(corpus, settings),
        inputs=model.inputs,
        plan=plan,
        scratch=_new_scratch(plan, settings.threads, layers.most_rows(), model.inputs.shape[1]),
        shards=_new_shards(len(corpus.ids), settings),
    )
    return job, layers


def _text(corpus: Corpus, settings: Settings) -> jobs.Text:
    counts = corpus.vocabulary.counts
    if settings.exact:
        keep = keep_values_c(counts, settings.sample, corpus.vocabulary.total)
    else:
        keep = keep_thresholds(counts, settings.sample)
    return jobs.Text(corpus.ids, keep)


def _new_layers(corpus: Corpus, model: Model, settings: Settings) -> Layers:
    counts = corpus.vocabulary.counts
    layers = Layers()
    if settings.exact:
        layers.total = corpus.vocabulary.total
    if settings.hs:
        start, nodes, codes = huffman_paths(counts)
        layers.hierarchical = jobs.Hierarchical(
            model.nodes, start, nodes, (1 - codes).astype(np.float32)
        )
    if settings.negative and settings.exact:
        ends = c_table_ends(counts)
        entries = np.arange(0, C_TABLE_SIZE, 1 << GUIDE_SHIFT)
        guide = np.searchsorted(ends, entries, side="right").astype(np.int32)
        layers.negative = jobs.ExactNegative(model.outputs, ends, guide, settings.negative)
    elif settings.negative:
        threshold, alias = alias_table(noise_shares(counts, settings.noise_exponent))
        layers.negative = jobs.Negative(model.outputs, threshold, alias, settings.negative)
    if settings.softmax:
        scores = np.empty((settings.threads, len(counts)), np.float32)
        layers.softmax = jobs.Softmax(model.outputs, scores)
    return layers


def _new_scratch(plan: jobs.Plan, shards: int, most: int, width: int) -> jobs.Scratch:
    inputs = 1 if plan.cbow else 2 * plan.window
    return jobs.Scratch(
        sentence=np.zeros((shards, jobs.SENTENCE_WORDS), np.int32),
        context=np.zeros((shards, 2 * plan.window), np.int32),
        hidden=aligned_zeros(shards, inputs, width),
        error=aligned_zeros(shards, inputs, width),
        rows=np.zeros((shards, most), np.int32),
        labels=np.zeros((shards, most), np.float32),
        weights=np.zeros((shards, most), np.float32),
        scores=np.zeros((shards, inputs, most), np.float32),
    )


def _new_shards(ids: int, settings: Settings) -> jobs.Shards:
    threads = settings.threads
    counters = np.zeros((threads, 16), np.int64)
    bounds = shard_bounds(ids, threads)
    counters[:, jobs.BEGIN], counters[:, jobs.END] = bounds[:-1], bounds[1:]
    random = np.zeros((threads, 16), np.uint64)
    if not settings.exact:  # the C program's generator starts at the thread's number, 0
        for shard in range(threads):
            random[shard, :1] = seed_generator(settings.seed, shard + 1)
    loss = np.zeros((threads, 16))
    loss[:, jobs.RATE] = np.float32(settings.alpha)
    return jobs.Shards(counters, random, loss, np.zeros(16, np.int64))


def shard_bounds(ids: int, shards: int) -> np.ndarray:
    """Where ``shards`` shards of about equal length begin and end: (shards + 1,) int64."""
    return np.arange(shards + 1, dtype=np.int64) * ids // shards
