"""A whole training: corpus -> vocabulary -> ids -> trained model -> vectors, files and report.

`run` does it all. `prepare` and `PreparedTraining.train` are its two halves, for a caller with
something to do between them: everything is read and checked after the first.
"""

from dataclasses import dataclass
from functools import partial

from fastw2v.corpus import Corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import OutputError
from fastw2v.io.failures import Failures
from fastw2v.io.reports import write_report
from fastw2v.progress import SILENT, Progress
from fastw2v.ranks.job import RankJob
from fastw2v.settings import Settings
from fastw2v.system.locks import FileLock
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.checkpoint_lock import lock_checkpoint
from fastw2v.training.checkpoint_writer import CheckpointWriter
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.first_checks import check_first, check_resources
from fastw2v.training.ledger import total
from fastw2v.training.loop import Training, new_training
from fastw2v.training.notices import announce_compiling, suggesting_checkpoints
from fastw2v.training.on_ranks import agreed, ranks_on_this_machine, saves
from fastw2v.training.options import TrainingOptions
from fastw2v.training.outputs import format_of, written_rows, written_words
from fastw2v.training.report import make_report
from fastw2v.training.rescue import save_or_rescue
from fastw2v.training.result import TrainingResult
from fastw2v.training.shard_threads import limit_to_text
from fastw2v.training.text import CorpusLike, read_text
from fastw2v.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Trained:
    """A finished training. The report is in ``vectors.report``."""

    vectors: WordVectors
    vocabulary: Vocabulary
    result: TrainingResult


def run(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions = TrainingOptions(),  # noqa: B008, immutable
    progress: Progress = SILENT,
    job: RankJob | None = None,
) -> Trained:
    """Train word vectors and write the files that the options name.

    corpus, progress: as `fastw2v.train` takes them. job: see `fastw2v.training.on_ranks`.
    Raises `FastW2VError`.
    """
    with announce_compiling(progress):
        return _run(corpus, settings, options, progress, job)


def _run(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    job: RankJob | None,
) -> Trained:
    prepared = prepare(corpus, settings, options, progress, job)
    text = prepared.text
    progress.message(
        f"{text.words_read:,} words read, {text.words_known:,} of them in the vocabulary "
        f"of {len(text.vocabulary):,}"
    )
    with suggesting_checkpoints(options.checkpoint_path, progress):
        trained = prepared.train(progress)
    ledgers = trained.result.ledgers
    epochs = f"{len(ledgers)} epoch{'s' if len(ledgers) > 1 else ''}"
    progress.message(f"{epochs}: {total(ledgers)}")
    failures = Failures()
    if options.output is not None:
        with failures.noted():
            save = partial(trained.vectors.save, format=format_of(options))
            save_or_rescue(options.output, save)
    if options.save_vocab is not None:
        with failures.noted():
            trained.vocabulary.save(options.save_vocab, not settings.no_sentence_end)
    with failures.noted():
        _add_report(trained, prepared, progress)
    prepared.finish(failures)
    return trained


def _add_report(trained: Trained, prepared: "PreparedTraining", progress: Progress) -> None:
    """Make and write the report."""
    path = prepared.options.report
    try:
        report = make_report(prepared.text, trained.result, prepared.settings)
        trained.vectors.report = report | prepared.epoch_log.report()
    except Exception as error:
        problem = f"the report cannot be made: {error!r}"
        if path is not None:
            raise OutputError(f"cannot write {path}: {problem}") from error
        progress.message(problem)
        return
    if path is not None:
        write_report(path, trained.vectors.report)


class PreparedTraining:
    """A training ready to run: the text is read, and everything that can be checked is.

    text: the corpus as ids. settings: those given, with the threads limited to what is sensible.
    """

    def __init__(
        self,
        training: Training,
        options: TrainingOptions,
        epoch_log: EpochLog,
        writer: CheckpointWriter | None,
    ):
        self.text, self.settings, self.options = training.corpus, training.settings, options
        self.epoch_log = epoch_log
        self._training: Training | None = training
        self._writer = writer
        self.lock: FileLock | None = None  # on the checkpoint, released by `train`

    def train(self, progress: Progress = SILENT) -> Trained:
        """Train to the end; to be called once. Raises TrainingError if the vectors diverge.

        The engine, which owns the matrices, is freed before the vectors are copied without the
        padding of their rows.
        """
        training, self._training = self._training, None
        if training is None:
            raise RuntimeError("this training has run: prepare another")
        resumed = self.options.resume
        try:
            if resumed is None or not resumed.all_trained(self.settings):
                training.run(progress, self.epoch_log, self._writer)
        finally:
            self.epoch_log.save_again()
            if self.lock is not None:
                self.lock.release()
        result = training.result
        words = written_words(self.text.vocabulary, self.settings)
        matrix, outputs = self.epoch_log.best_vectors, None
        if matrix is None:
            model = training.engine.read_model()
            matrix, outputs = written_rows(model, self.options.vectors, words)
            del model
        del training
        counts = self.text.vocabulary.counts[-len(words) :]
        vectors = WordVectors(words, matrix, counts=counts, outputs=outputs)
        return Trained(vectors, self.text.vocabulary, result)

    def finish(self, failures: Failures) -> None:
        """To be called when all outputs are written: raise what failed, now that nothing is lost.

        failures: of these outputs; those of the training are added.
        """
        with failures.noted():
            self.epoch_log.failures.raise_any()
        if self._writer is not None and self._writer.failure is not None:
            failures.add(self._writer.failure)
        failures.raise_any()


def prepare(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions = TrainingOptions(),  # noqa: B008, immutable
    progress: Progress = SILENT,
    job: RankJob | None = None,
) -> PreparedTraining:
    """Read the corpus and check everything that can be checked before the training.

    Raises `FastW2VError`: options that contradict each other, files that cannot be read or
    written, a corpus with nothing to train on, too little memory or disk space.
    """
    path = options.checkpoint_path if saves(job) else None
    lock = None if path is None else lock_checkpoint(path)
    try:
        prepared = _prepare(corpus, settings, options, progress, job)
    except BaseException:
        if lock is not None:
            lock.release()
        raise
    prepared.lock = lock
    return prepared


def _prepare(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    job: RankJob | None,
) -> PreparedTraining:
    epoch_log = EpochLog(options, progress)
    check = partial(check_first, corpus, settings, options, progress, epoch_log, job)
    first = agreed(job, check)
    settings = first.settings
    text = read_text(corpus, first.vocabulary, settings, options, progress, job)
    if options.resume is None:
        ranks = 1 if job is None else job.ranks.size
        settings = limit_to_text(settings, text.all_ids // ranks, progress)
    epoch_log.bind_vocabulary(written_words(text.vocabulary, settings))
    if not options.force:
        sharing = ranks_on_this_machine(job)
        agreed(job, lambda: check_resources(text, settings, options, job, sharing))
    if options.resume is None:
        training = new_training(text, settings, progress, first.initial, job)
    else:
        training = _resume(options.resume, text, settings, epoch_log, progress, job)
    return PreparedTraining(training, options, epoch_log, first.writer)


def _resume(
    checkpoint: Checkpoint,
    text: Corpus,
    settings: Settings,
    epoch_log: EpochLog,
    progress: Progress,
    job: RankJob | None,
) -> Training:
    agreed(job, lambda: checkpoint.check_text(text))
    checkpoint.restore_log(epoch_log)
    training = checkpoint.training(text, settings, job)
    for change in (checkpoint.change_of_device(settings), checkpoint.change_of_ranks(job)):
        if change is not None:
            progress.message(f"{checkpoint.path}: {change}")
    if (difference := checkpoint.difference()) is not None:
        progress.message(f"{checkpoint.path}: {difference}")
    progress.message(f"resuming in epoch {min(training.epoch + 1, settings.epochs)}")
    return training
