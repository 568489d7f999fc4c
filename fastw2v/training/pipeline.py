"""A whole training: corpus -> vocabulary -> ids -> trained model -> vectors, files and report.

`run` does it all. `prepare` and `PreparedTraining.train` are its two halves, for a caller with
something to do between them: everything is read and checked after the first.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from fastw2v.corpus import Corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.factory import check_engine
from fastw2v.errors import CheckpointError, OutputError, parameter
from fastw2v.io.encoding import to_bytes
from fastw2v.io.failures import Failures
from fastw2v.io.reports import write_report
from fastw2v.model.matrices import check_vectors
from fastw2v.progress import SILENT, Progress
from fastw2v.ranks.protocol import Ranks
from fastw2v.ranks.together import together
from fastw2v.settings import Settings
from fastw2v.system.cores import limit_threads
from fastw2v.system.locks import FileLock
from fastw2v.system.resources import check_disk, check_memory
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.checkpoint_lock import lock_checkpoint
from fastw2v.training.checkpoint_writer import CheckpointWriter, check_replaceable
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.estimates import needs
from fastw2v.training.init_vectors import InitialVectors, read_initial_vectors
from fastw2v.training.ledger import total
from fastw2v.training.loop import Training, new_training
from fastw2v.training.notices import announce_compiling, suggesting_checkpoints
from fastw2v.training.on_ranks import saves
from fastw2v.training.options import ONLY_AT_FIRST, FilePath, TrainingOptions, options_to_keep
from fastw2v.training.outputs import check_outputs, format_of, written_rows, written_words
from fastw2v.training.ownership import check_own_outputs
from fastw2v.training.report import make_report
from fastw2v.training.rescue import save_or_rescue
from fastw2v.training.result import TrainingResult
from fastw2v.training.shard_threads import limit_to_text
from fastw2v.training.text import CorpusLike, corpus_paths, read_text
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
    ranks: Ranks | None = None,
) -> Trained:
    """Train word vectors and write the files that the options name.

    corpus, progress: as `fastw2v.train` takes them. ranks: see `fastw2v.training.on_ranks`.
    Raises `FastW2VError`.
    """
    with announce_compiling(progress):
        return _run(corpus, settings, options, progress, ranks)


def _run(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    ranks: Ranks | None,
) -> Trained:
    prepared = prepare(corpus, settings, options, progress, ranks)
    text = prepared.text
    progress.message(
        f"{text.words_read:,} words read, {text.words_known:,} of them in the vocabulary "
        f"of {len(text.vocabulary):,}"
    )
    with suggesting_checkpoints(options, progress):
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
    ranks: Ranks | None = None,
) -> PreparedTraining:
    """Read the corpus and check everything that can be checked before the training.

    Raises `FastW2VError`: options that contradict each other, files that cannot be read or
    written, a corpus with nothing to train on, too little memory or disk space.
    """
    path = options.checkpoint_path if saves(ranks) else None
    lock = None if path is None else lock_checkpoint(path)
    try:
        prepared = _prepare(corpus, settings, options, progress, ranks)
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
    ranks: Ranks | None,
) -> PreparedTraining:
    epoch_log = EpochLog(options, progress)
    check = partial(_read_and_check, corpus, settings, options, progress, epoch_log, ranks)
    text, settings, writer, initial = check() if ranks is None else together(ranks, check)
    if options.resume is None:
        training = new_training(text, settings, progress, initial, ranks)
    else:
        training = _resume(options.resume, text, settings, epoch_log, progress, ranks)
    return PreparedTraining(training, options, epoch_log, writer)


def _read_and_check(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    epoch_log: EpochLog,
    ranks: Ranks | None,
) -> tuple[Corpus, Settings, CheckpointWriter | None, InitialVectors | None]:
    check_engine(settings)
    check_vectors(options.vectors, settings.negative > 0 or settings.softmax)
    paths = corpus_paths(corpus)
    _check_resumable(options)
    uses = check_outputs(paths or [], settings.epochs, options)
    writer = None
    if saves(ranks):
        writer = _checkpoint_writer(paths or [], options, epoch_log, progress)
    also: list[str] = []
    initial = None
    if options.resume is None:
        initial = read_initial_vectors(
            options.init, options.freeze, settings, progress, options.vocab_union
        )
        known = None
        if options.read_vocab is not None:
            known = Vocabulary.load(options.read_vocab, settings.min_count)
        if options.vocab_union and initial is not None:
            also = initial.sound_words()
        if not settings.deterministic:  # whose result depends on the number of threads asked for
            settings = replace(settings, threads=limit_threads(settings.threads, progress))
    else:
        progress.message(f"{options.resume.path}: {uses.describe()}")
        options.resume.check_ranks(1 if ranks is None else ranks.size)
        known = options.resume.vocabulary()
        if not options.force:
            check_own_outputs(options.resume, known, settings, options)
    vocabulary = {"vocabulary": known, "also": also}
    text = read_text(corpus, vocabulary, settings, options, progress)
    if options.resume is None:
        settings = limit_to_text(settings, len(text.ids), progress)
    epoch_log.bind_vocabulary(written_words(text.vocabulary, settings))
    if not options.force:
        _check_resources(text, settings, options)
    return text, settings, writer, initial


def _check_resumable(options: TrainingOptions) -> None:
    """Raise CheckpointError for options that only a new training can have."""
    for name in ONLY_AT_FIRST:
        value = getattr(options, name)
        if options.resume is not None and value is not None and value is not False:
            raise CheckpointError(
                f"{options.resume.path}: {parameter(name)} cannot be given when resuming: drop "
                "it, or start a new training"
            )


def _checkpoint_writer(
    paths: Sequence[FilePath],
    options: TrainingOptions,
    epoch_log: EpochLog,
    progress: Progress,
) -> CheckpointWriter | None:
    path = options.checkpoint_path
    if path is None:
        return None
    resumed = options.resume
    same = resumed is not None and os.path.realpath(path) == os.path.realpath(resumed.path)
    if not options.force and not same:
        check_replaceable(path)
    kept = options_to_keep(paths, options)
    return CheckpointWriter(path, options.checkpoint_every, kept, epoch_log, progress)


def _resume(
    checkpoint: Checkpoint,
    text: Corpus,
    settings: Settings,
    epoch_log: EpochLog,
    progress: Progress,
    ranks: Ranks | None,
) -> Training:
    checkpoint.check_text(text)
    checkpoint.restore_log(epoch_log)
    training = checkpoint.training(text, settings, ranks)
    if (begins_again := checkpoint.change_of_device(settings)) is not None:
        progress.message(f"{checkpoint.path}: {begins_again}")
    if (difference := checkpoint.difference()) is not None:
        progress.message(f"{checkpoint.path}: {difference}")
    progress.message(f"resuming in epoch {min(training.epoch + 1, settings.epochs)}")
    return training


def _check_resources(text: Corpus, settings: Settings, options: TrainingOptions) -> None:
    """Raise ResourceError if memory or disk certainly do not hold what is to come."""
    words = text.vocabulary.words
    spelling_bytes = sum(len(to_bytes(word)) for word in words)
    need = needs(len(words), spelling_bytes, len(text.ids), settings, options)
    check_memory(need.training)
    check_disk(need.files(options))
