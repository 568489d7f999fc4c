"""Training: hand a job to the kernels, watch it from the main thread, stop it when asked.

The kernels run in a helper thread without the interpreter's lock, one call an epoch. The main
thread stays free: it reads the shards' counters for the progress, looks whether vectors have
diverged, saves checkpoints while the shards stand still, and Ctrl-C reaches it at once.
"""

import time
from collections.abc import Callable

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import NO_WORD
from fastw2v.engines.cpu import Engine, new_engine
from fastw2v.errors import TrainingError
from fastw2v.jit.compiled import why_not_kept
from fastw2v.jit.threading_layer import NUMBA_THREADS
from fastw2v.kernels import state
from fastw2v.model.matrices import Model, new_model
from fastw2v.progress import SILENT, Forecast, Progress, Stage
from fastw2v.settings import SOFTMAX_LIMIT, Settings
from fastw2v.training.divergence import Watchman
from fastw2v.training.init_vectors import Start, put_start
from fastw2v.training.ledger import next_ledger
from fastw2v.training.result import Outcome, mean_loss
from fastw2v.training.worker import Runner


class Training:
    """A training under way. Between two calls of the kernels, all of its state stands still."""

    def __init__(self, corpus: Corpus, settings: Settings, model: Model, frozen=NO_WORD):
        self.corpus, self.settings = corpus, settings
        self.frozen = frozen  # (V,) bool, words whose input vectors stay; empty: none
        self.engine: Engine = new_engine(corpus, model, settings, frozen)
        self.outcome = Outcome(model)
        self._runner = Runner(self.engine)
        self._forecast = Forecast(SILENT, 0)

    @property
    def epoch(self) -> int:
        """Epochs finished. Where figures of a further one are noted already, they do not count."""
        return self.engine.epoch

    def run(
        self,
        progress: Progress = SILENT,
        after_epoch: Callable[[int, Model], bool] | None = None,
        keeper=None,
    ) -> Outcome:
        """Train to the end of the last epoch.

        after_epoch: called with the number of epochs trained and the model; says whether to go on.
        keeper: a `fastw2v.checkpoints.Keeper`, or None.

        Raises TrainingError where the vectors diverge. On Ctrl-C the shards are stopped, the
        keeper saves, and KeyboardInterrupt goes on.
        """
        self.outcome.compile_seconds = _warm_up(self.engine)
        lost = why_not_kept(*self.engine.kernels)
        if lost:
            progress.message(lost)
        watchman = Watchman(self.outcome.model, self.settings.alpha)
        total = self.settings.epochs * len(self.corpus.ids)
        if keeper is not None:
            keeper.save(self)
        self._forecast = Forecast(progress, total)
        try:
            with progress.stage("Training", total) as stage:
                going_on = True
                while going_on and self.epoch < self.settings.epochs:
                    self._train_epoch(stage, watchman, keeper)
                    going_on = self._end_epoch(watchman, after_epoch)
        except KeyboardInterrupt as stop:
            self._runner.halt()
            if keeper is not None:
                stop.remedy = keeper.save_on_the_way_out(self)
            raise
        if keeper is not None:
            keeper.save(self, finished=True)
        return self.outcome

    def _train_epoch(self, stage: Stage, watchman: Watchman, keeper) -> None:
        """To the end of the epoch, from wherever the shards stand."""
        started, before = time.perf_counter(), self.outcome.train_seconds

        def look() -> bool:
            self.outcome.train_seconds = before + time.perf_counter() - started
            self._tell(stage)
            watchman.look(self.epoch)
            return keeper is None or not keeper.due()

        while not self.engine.epoch_ended():
            if not self._runner.run(look):
                keeper.save(self)
        look()

    def _end_epoch(self, watchman: Watchman, after_epoch) -> bool:
        """Note the figures, then start the next epoch; returns whether to go on."""
        watchman.look_at_all(self.epoch)
        outcome, done = self.outcome, self.epoch
        with NUMBA_THREADS.ours():
            mean, stderr = mean_loss(self.engine.measure(), self.engine.share)
        watchman.judge_loss(mean, self.engine.most_rows, done)
        counters, text = self.engine.job.shards.counters, self.corpus
        read, known = text.words_read, text.words_known
        before = outcome.ledgers[:done]
        ledger = next_ledger(counters, read, known, before, self.settings.exact)
        # What a stop between two of these lines leaves behind does not count: see `epoch`.
        outcome.ledgers[done:] = [ledger]
        outcome.loss[done:], outcome.loss_stderr[done:] = [mean], [stderr]
        going_on = after_epoch is None or after_epoch(done + 1, outcome.model)
        self.engine.start_epoch(done + 1)
        return going_on

    def _tell(self, stage: Stage) -> None:
        """Tell the progress how many ids the shards have read, over all epochs."""
        counters = self.engine.job.shards.counters
        here = int((counters[:, state.POSITION] - counters[:, state.BEGIN]).sum())
        note = f"loss {self.outcome.loss[-1]:.3f}" if self.outcome.loss else ""
        done = self.epoch * len(self.corpus.ids) + here
        stage.update(done, note)
        self._forecast.update(done)


def new_training(
    corpus: Corpus, settings: Settings, progress: Progress = SILENT, start: Start | None = None
) -> Training:
    """A training of a new model.

    start: vectors from which words start, and which of those are not to be moved.

    Raises `TrainingError` where the vocabulary is too small, or too large for the full softmax.
    """
    check_vocabulary(len(corpus.vocabulary), settings)
    model = new_model(len(corpus.vocabulary), settings)
    frozen = NO_WORD
    if start is not None:
        frozen = put_start(start, corpus.vocabulary.words, model, progress)
    return Training(corpus, settings, model, frozen)


def train_model(corpus: Corpus, settings: Settings, progress: Progress = SILENT) -> Outcome:
    """Train a new model on a corpus; see `new_training` and `Training.run`."""
    return new_training(corpus, settings, progress).run(progress)


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
    control[state.STOP] = 1
    with NUMBA_THREADS.ours():
        engine.train()
        engine.measure()
    control[state.STOP] = 0
    return time.perf_counter() - started
