"""Training: hand a job to the kernels, watch it from the main thread, stop it when asked.

The kernels run in a helper thread without the interpreter's lock, one call an epoch. The main
thread stays free: it reads the shards' counters for the progress, and Ctrl-C reaches it at once,
upon which it raises the stop flag and waits for the shards to return.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Thread

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engine import NO_WORD, Engine, new_engine
from fastw2v.errors import TrainingError
from fastw2v.kernels import jobs
from fastw2v.model import Model, new_model
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import SOFTMAX_LIMIT, Settings
from fastw2v.starting import Start, put_start

_POLL = 0.05  # seconds between two looks at the shards' counters


@dataclass
class Outcome:
    """What training brought: the model, and the figures for the report."""

    model: Model
    words_raw: int = 0  # words of the vocabulary read, over all epochs
    words_kept: int = 0  # of those, left by sub-sampling
    compile_seconds: float = 0.0
    train_seconds: float = 0.0
    # of the model at the end of each epoch: mean per training pair, and its standard error
    loss: list[float] = field(default_factory=list)
    loss_stderr: list[float] = field(default_factory=list)


def train_model(
    corpus: Corpus,
    settings: Settings,
    progress: Progress = SILENT,
    start: Start | None = None,
    after_epoch: Callable[[int, Model], bool] | None = None,
) -> Outcome:
    """Train a new model on a corpus.

    start: vectors from which words start, and which of those are not to be moved.
    after_epoch: called with the number of epochs trained and the model; it says whether to go on.

    Raises `TrainingError` where the vocabulary is too small, or too large for the full softmax.
    """
    check_vocabulary(len(corpus.vocabulary), settings)
    outcome = Outcome(new_model(len(corpus.vocabulary), settings))
    frozen = NO_WORD
    if start is not None:
        frozen = put_start(start, corpus.vocabulary.words, outcome.model, progress)
    engine = new_engine(corpus, outcome.model, settings, frozen)
    outcome.compile_seconds = _warm_up(engine)
    started = time.perf_counter()
    with progress.stage("Training", settings.epochs * len(corpus.ids)) as stage:
        for epoch in range(settings.epochs):
            engine.start_epoch(epoch)
            note = f"loss {outcome.loss[-1]:.3f}" if outcome.loss else ""
            _run_watched(engine, partial(_tell, stage, engine, note))
            _note_epoch(outcome, engine)
            if after_epoch is not None and not after_epoch(epoch + 1, outcome.model):
                break
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


def _warm_up(engine: Engine) -> float:
    """Compile, or load from the cache, by calls that do nothing; returns the seconds."""
    started = time.perf_counter()
    control = engine.job.shards.control
    control[jobs.STOP] = 1
    engine.train()
    engine.measure()
    control[jobs.STOP] = 0
    return time.perf_counter() - started


def _run_watched(engine: Engine, look) -> None:
    """Train to the end of the epoch; on an exception here, stop the kernels and pass it on."""
    control = engine.job.shards.control
    failures = []

    def run():
        try:
            engine.train()
        except BaseException as error:
            failures.append(error)

    worker = Thread(target=run, name="fastw2v-training", daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_POLL)
            look()
    finally:
        control[jobs.STOP] = 1
        worker.join()
        control[jobs.STOP] = 0
    if failures:
        raise failures[0]


def _tell(stage, engine: Engine, note: str) -> None:
    """Tell the progress how many ids the shards have read, over all epochs."""
    counters = engine.job.shards.counters
    here = int((counters[:, jobs.POSITION] - counters[:, jobs.BEGIN]).sum())
    stage.reached(int(counters[0, jobs.EPOCH]) * len(engine.job.text.ids) + here, note)


def _note_epoch(outcome: Outcome, engine: Engine) -> None:
    counters = engine.job.shards.counters
    outcome.words_raw = int(counters[:, jobs.RAW].sum())
    outcome.words_kept = int(counters[:, jobs.KEPT].sum())
    mean, stderr = mean_loss(engine.measure(), engine.share)
    outcome.loss.append(mean)
    outcome.loss_stderr.append(stderr)


def mean_loss(sums: np.ndarray, share: float) -> tuple[float, float]:
    """Mean loss per training pair and its standard error, from the sums over all probes.

    A ratio estimate with probes as the sampled units (Cochran 1977, section 6.4). share: which
    part of the text was measured; where it is all of it, the mean is no estimate, and the error 0.
    """
    pairs, loss = sums[jobs.PAIRS], sums[jobs.LOSS]
    if pairs == 0:
        return 0.0, 0.0
    mean = loss / pairs
    squares = sums[jobs.LOSS2] - 2 * mean * sums[jobs.PAIRS_LOSS] + mean**2 * sums[jobs.PAIRS2]
    stderr = np.sqrt(max(0.0, squares) * max(0.0, 1 - share)) / pairs
    return float(mean), float(stderr)
