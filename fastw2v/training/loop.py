"""The training loop: let an engine train, watch it from the main thread, stop it when asked.

The engine trains in a worker thread without the interpreter's lock, one call an epoch. The main
thread stays free: it reports the progress, checks whether vectors have diverged, saves checkpoints
while the engine is idle, and Ctrl-C reaches it at once.
"""

import time
from collections.abc import Callable
from typing import Protocol

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.factory import new_engine
from fastw2v.engines.protocol import NONE_FROZEN, Engine
from fastw2v.errors import FastW2VError, TrainingError, parameter
from fastw2v.model.learning_rate import learning_rate
from fastw2v.model.matrices import Model, new_model
from fastw2v.progress import SILENT, Figures, Progress, Stage
from fastw2v.ranks.job import RankJob
from fastw2v.settings import SOFTMAX_LIMIT, Settings
from fastw2v.system.signals import Interrupted
from fastw2v.training.arrangement import describe, describe_exchanges
from fastw2v.training.divergence import DivergedError, DivergenceMonitor
from fastw2v.training.init_vectors import InitialVectors, set_initial_vectors
from fastw2v.training.ledger import next_ledger
from fastw2v.training.result import TrainingResult
from fastw2v.training.worker import Worker

AfterEpoch = Callable[[int, Model, float], bool]


class Saver(Protocol):
    """Saves checkpoints: see `fastw2v.training.checkpoint_writer.CheckpointWriter`."""

    def due(self) -> bool:
        """Whether it is time to save."""

    def save_first(self, training: "Training") -> None:
        """Save before anything is trained. Raises OutputError."""

    def save(self, training: "Training", finished: bool = False) -> None:
        """Save; the engine is idle. Reports a failure and does not raise it."""

    def save_interrupted(self, training: "Training") -> str:
        """Save when the training ends early; returns how to resume."""


class Training:
    """A training under way. Between two calls of the engine, all of its state stays the same."""

    def __init__(
        self,
        corpus: Corpus,
        settings: Settings,
        engine: Engine,
        frozen: np.ndarray = NONE_FROZEN,
        job: RankJob | None = None,
    ):
        """frozen: (V,) bool, words whose input vectors stay; empty: none. The engine owns its
        model: keep no reference to it. job: of the processes that train it together."""
        self.corpus, self.settings, self.frozen, self.job = corpus, settings, frozen, job
        # What diverges does so on all ranks: one says it.
        self._watches = job is None or job.ranks.rank == 0
        self.engine = engine
        self.result = TrainingResult(self.engine.arrangement())
        self._worker = Worker(self.engine)

    @property
    def epoch(self) -> int:
        """Epochs finished. Figures of a further one that are noted already do not count."""
        return self.engine.epoch

    def run(
        self,
        progress: Progress = SILENT,
        after_epoch: AfterEpoch | None = None,
        writer: Saver | None = None,
    ) -> TrainingResult:
        """Train to the end of the last epoch.

        after_epoch: called with the number of epochs trained, the model and its loss; returns
            whether to train more.
        writer: saves checkpoints; None: nobody does.

        Raises TrainingError if the vectors diverge. On Ctrl-C and on any other error the engine is
        stopped, the writer saves, and the error is passed on with a ``remedy``: how to resume.
        """
        self._prepare(progress)
        monitor = DivergenceMonitor(self.engine, self.settings.alpha)
        total = self.settings.epochs * self.corpus.all_ids
        if writer is not None:
            writer.save_first(self)
        try:
            with progress.stage("Training", total) as stage:
                proceed = True
                self._report_progress(stage)
                while proceed and self.epoch < self.settings.epochs:
                    self._train_epoch(stage, monitor, writer)
                    proceed = self._end_epoch(monitor, after_epoch)
        except DivergedError:  # the last checkpoint is better than what there is now
            raise
        except BaseException as stop:
            self._worker.halt()
            if writer is not None and not self._worker.failed:
                how_to_resume = writer.save_interrupted(self)
                if isinstance(stop, (Interrupted, FastW2VError)):
                    stop.remedy = how_to_resume
                else:
                    progress.message(how_to_resume)
            raise
        self.result.arrangement = self.engine.arrangement()
        exchanged = describe_exchanges(self.result.arrangement)
        if exchanged is not None:
            progress.message(exchanged)
        if writer is not None:
            writer.save(self, finished=True)
        return self.result

    def _prepare(self, progress: Progress) -> None:
        """Compile, or load from the cache."""
        started = time.perf_counter()
        with self.engine.turn():
            note = self.engine.prepare()
        self.result.compile_seconds = time.perf_counter() - started
        for line in (describe(self.result.arrangement, self.settings.threads), note):
            if line is not None:
                progress.message(line)

    def _train_epoch(self, stage: Stage, monitor: DivergenceMonitor, writer: Saver | None) -> None:
        """Train to the end of the epoch, from the engine's current position."""
        started, before = time.perf_counter(), self.result.train_seconds

        def on_poll() -> bool:
            self.result.train_seconds = before + time.perf_counter() - started
            self._report_progress(stage)
            if self._watches:
                monitor.check_sample(self.epoch)
            return writer is None or not writer.due()

        while not self.engine.epoch_ended():
            if not self._worker.run(on_poll) and writer is not None:
                writer.save(self)
        on_poll()

    def _end_epoch(self, monitor: DivergenceMonitor, after_epoch: AfterEpoch | None) -> bool:
        """Note the figures, then start the next epoch; returns whether to train more."""
        if self._watches:
            monitor.check_all(self.epoch)
        result, done = self.result, self.epoch
        with self.engine.turn():
            loss = self.engine.measure()
        if self._watches:
            monitor.check_loss(loss.mean, done)
        ledger = next_ledger(
            self.engine.word_counts(),
            self.corpus.words_read,
            self.corpus.words_known,
            result.ledgers[:done],
            self.settings.exact,
        )
        # What a stop between two of these lines leaves behind does not count: see `epoch`.
        result.ledgers[done:] = [ledger]
        result.loss[done:], result.loss_stderr[done:] = [loss.mean], [loss.stderr]
        proceed = after_epoch is None or after_epoch(done + 1, self.engine.read_model(), loss.mean)
        self.engine.start_epoch(done + 1)
        return proceed

    def _report_progress(self, stage: Stage) -> None:
        """Report how many ids were read, over all epochs."""
        settings, epoch, losses = self.settings, self.epoch, self.result.loss[: self.epoch]
        done = epoch * self.corpus.all_ids + self.engine.ids_read()
        share = done / max(1, settings.epochs * self.corpus.all_ids)
        growth = self.result.arrangement.get("learning_rate_growth", 1.0)
        stage.update(
            done,
            figures=Figures(
                min(epoch + 1, settings.epochs),
                settings.epochs,
                growth * learning_rate(settings, share),
                losses[-1] if losses else None,
            ),
        )


def new_training(
    corpus: Corpus,
    settings: Settings,
    progress: Progress = SILENT,
    initial: InitialVectors | None = None,
    job: RankJob | None = None,
) -> Training:
    """A training of a new model.

    initial: vectors from which words start, and which of those are not to be moved.
    job: of the processes that train it together.

    Raises `TrainingError` if the vocabulary is too small, or too large for the full softmax.
    """
    check_vocabulary(len(corpus.vocabulary), settings)
    model = new_model(len(corpus.vocabulary), settings)
    frozen = NONE_FROZEN
    if initial is not None:
        frozen = set_initial_vectors(initial, corpus.vocabulary, model, progress)
    engine = new_engine(corpus, model, settings, frozen, job)
    return Training(corpus, settings, engine, frozen, job)


def check_vocabulary(words: int, settings: Settings) -> None:
    """Raise `TrainingError` unless ``words`` words, the sentence end included, can be trained."""
    if words < 2:
        raise TrainingError(f"the vocabulary is empty: lower {parameter('min_count')}")
    if settings.negative and words < 3:
        raise TrainingError(
            "negative sampling needs two words or more, but the vocabulary has one: lower "
            f"{parameter('min_count')}, or use {parameter('hs', True)} with "
            f"{parameter('negative', 0)}"
        )
    if settings.softmax and words - 1 > SOFTMAX_LIMIT:
        raise TrainingError(
            f"the full softmax sums over all {words - 1:,} words for every training pair, and "
            f"{SOFTMAX_LIMIT:,} is the limit: set {parameter('max_vocab', SOFTMAX_LIMIT)} or a "
            f"higher {parameter('min_count')}, or drop {parameter('softmax')}"
        )
