"""Training: hand a job to the kernels, watch it from the main thread, stop it when asked.

The kernels run in a helper thread without the interpreter's lock, one call an epoch. The main
thread stays free: it reads the shards' counters for the progress, and Ctrl-C reaches it at once,
upon which it raises the stop flag and waits for the shards to return.
"""

import time
from dataclasses import dataclass, field
from threading import Thread

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.errors import TrainingError
from fastw2v.kernels import jobs
from fastw2v.model import Model, new_model
from fastw2v.preparation import Layers, new_job
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import SOFTMAX_LIMIT, Settings

_POLL = 0.05  # seconds between two looks at the shards' counters


@dataclass
class Outcome:
    """What training brought: the model, and the figures for the report."""

    model: Model
    words_raw: int = 0  # words of the vocabulary read, over all epochs
    words_kept: int = 0  # of those, left by sub-sampling
    compile_seconds: float = 0.0
    train_seconds: float = 0.0
    loss: list[float] = field(default_factory=list)  # per epoch, mean per training pair
    loss_stderr: list[float] = field(default_factory=list)


def train_model(corpus: Corpus, settings: Settings, progress: Progress = SILENT) -> Outcome:
    """Train a new model on a corpus.

    Raises `TrainingError` where the vocabulary is too small, or too large for the full softmax.
    """
    check_vocabulary(len(corpus.vocabulary), settings)
    outcome = Outcome(new_model(len(corpus.vocabulary), settings))
    job, layers = new_job(corpus, outcome.model, settings)
    outcome.compile_seconds = _warm_up(job, layers)
    started = time.perf_counter()
    with progress.stage("Training", settings.epochs * len(corpus.ids)) as stage:
        for epoch in range(settings.epochs):
            _start_epoch(job, epoch)
            _run_watched(job, layers, lambda: stage.reached(_done(job, corpus), _note(job)))
            _note_epoch(outcome, job)
    outcome.train_seconds = time.perf_counter() - started
    return outcome


def check_vocabulary(words: int, settings: Settings) -> None:
    """Raise `TrainingError` unless ``words`` words, the sentence end included, can be trained."""
    if words < 2:
        raise TrainingError("the vocabulary holds no word: lower the minimum count")
    if settings.negative and words < 3:
        raise TrainingError(
            "negative sampling needs two words or more, and the vocabulary holds one: "
            "lower the minimum count, or train with hierarchical softmax alone"
        )
    if settings.softmax and words - 1 > SOFTMAX_LIMIT:
        raise TrainingError(
            f"the full softmax would go over all {words - 1:,} words for every training pair; "
            f"it takes {SOFTMAX_LIMIT:,} at the most: set a maximum vocabulary or a higher "
            "minimum count, or train with negative sampling or hierarchical softmax"
        )


def _start_epoch(job, epoch: int) -> None:
    counters = job.shards.counters
    counters[:, jobs.EPOCH] = epoch
    counters[:, jobs.POSITION] = counters[:, jobs.BEGIN]
    job.shards.loss[:, : jobs.RATE] = 0


def _warm_up(job, layers: Layers) -> float:
    """Compile, or load from the cache, by a call that trains nothing; returns the seconds."""
    started = time.perf_counter()
    job.shards.control[jobs.STOP] = 1
    layers.train(job)
    job.shards.control[jobs.STOP] = 0
    return time.perf_counter() - started


def _run_watched(job, layers: Layers, look) -> None:
    """Run the kernels to the end of the epoch; on an exception here, stop them and pass it on."""
    failures = []

    def run():
        try:
            layers.train(job)
        except BaseException as error:
            failures.append(error)

    worker = Thread(target=run, name="fastw2v-training", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_POLL)
            look()
    finally:
        job.shards.control[jobs.STOP] = 1
        worker.join()
        job.shards.control[jobs.STOP] = 0
    if failures:
        raise failures[0]


def _done(job, corpus: Corpus) -> int:
    counters = job.shards.counters
    here = int((counters[:, jobs.POSITION] - counters[:, jobs.BEGIN]).sum())
    return int(counters[0, jobs.EPOCH]) * len(corpus.ids) + here


def _note(job) -> str:
    loss = job.shards.loss.sum(axis=0)
    return f"loss {loss[jobs.LOSS] / loss[jobs.PAIRS]:.3f}" if loss[jobs.PAIRS] else ""


def _note_epoch(outcome: Outcome, job) -> None:
    outcome.words_raw = int(job.shards.counters[:, jobs.RAW].sum())
    outcome.words_kept = int(job.shards.counters[:, jobs.KEPT].sum())
    mean, stderr = mean_loss(job.shards.loss.sum(axis=0), job.plan.loss_every)
    outcome.loss.append(mean)
    outcome.loss_stderr.append(stderr)


def mean_loss(sums: np.ndarray, every: int) -> tuple[float, float]:
    """Mean loss per training pair and its standard error, from the sums over measured windows.

    A ratio estimate over windows as the sampled units (Cochran 1977, section 6.4). Where every
    window was measured the mean is no estimate, and the error 0.
    """
    pairs, loss = sums[jobs.PAIRS], sums[jobs.LOSS]
    if pairs == 0:
        return 0.0, 0.0
    mean = loss / pairs
    if every == 1:
        return float(mean), 0.0
    squares = sums[jobs.LOSS2] - 2 * mean * sums[jobs.PAIRS_LOSS] + mean**2 * sums[jobs.PAIRS2]
    stderr = np.sqrt(max(0.0, squares) * (1 - 1 / every)) / pairs
    return float(mean), float(stderr)
