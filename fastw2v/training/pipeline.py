"""The whole road: corpus -> vocabulary -> ids -> training -> vectors and report."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from fastw2v.corpus import Corpus, Limits, read_corpus, read_sentences
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import CorpusError
from fastw2v.io.atomic import check_writable
from fastw2v.io.encoding import to_bytes
from fastw2v.model.matrices import check_vectors
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings
from fastw2v.system.cores import limit_threads
from fastw2v.system.resources import check_disk, check_memory
from fastw2v.training.checkpoint import Saved
from fastw2v.training.checkpoint_writer import CHECKPOINT_EVERY, CheckpointWriter, check_replaceable
from fastw2v.training.epoch_end import EpochEnd, EpochLog
from fastw2v.training.estimates import needs
from fastw2v.training.init_vectors import read_start
from fastw2v.training.ledger import Ledger, total
from fastw2v.training.loop import Training, new_training
from fastw2v.training.report import make_report
from fastw2v.vectors.word_vectors import WordVectors


@dataclass(frozen=True)
class Wishes:
    """What is wanted of a training besides its hyper-parameters; see `train`.

    order: kept in the checkpoint for whoever asked, anything that JSON can hold.
    """

    vectors: str = "in"
    read_vocab: str | os.PathLike | None = None
    init: Any = None
    freeze: Any = None
    epoch_end: EpochEnd = field(default_factory=EpochEnd)
    checkpoint: str | os.PathLike | None = None
    checkpoint_every: float = CHECKPOINT_EVERY
    order: dict = field(default_factory=dict)
    resume: Saved | None = None
    force: bool = False


@dataclass(frozen=True)
class Trained:
    """The end of the road."""

    vectors: WordVectors
    vocabulary: Vocabulary
    report: dict


def train(  # noqa: PLR0913, a public call: all but one are given by name
    corpus,
    *,
    vectors: str = "in",
    read_vocab: str | os.PathLike | None = None,
    init=None,
    freeze=None,
    epoch_end: EpochEnd | None = None,
    checkpoint: str | os.PathLike | None = None,
    checkpoint_every: float = CHECKPOINT_EVERY,
    resume: str | os.PathLike | None = None,
    force: bool = False,
    progress: Progress = SILENT,
    **settings,
) -> WordVectors:
    """Train word vectors; returns them with the training's report as their ``report``.

    corpus: a path, several paths, or any iterable of token lists (tokens: str, bytes or int).
    vectors: which matrix to return: ``in``, ``out``, ``sum`` or ``mean`` of the two.
    read_vocab: a vocabulary file to use instead of counting.
    init: vectors to start from: a file of any known format, or `WordVectors`; words without one
        start at random. They must have the dimensions that are trained.
    freeze: words that stay at their given vectors: a file, one word a line, or a collection.
    epoch_end: what to do after each epoch: save, score, stop early.
    checkpoint: a file to save the training to, every ``checkpoint_every`` seconds and at the end.
    resume: a checkpoint to go on from, with the same corpus; of the hyper-parameters only
        ``epochs`` may then be others than before. It is saved to again, unless ``checkpoint``
        names another file.
    force: go on where memory or disk seem too small, and over an unfinished checkpoint.
    settings: hyper-parameters by the names of `fastw2v.settings.Settings`.

    Raises `FastW2VError`: settings out of range, a corpus that cannot be read or holds nothing
    to train on, a checkpoint that does not fit, vectors that diverge.
    """
    saved = None if resume is None else Saved(resume)
    checked = Settings(**settings) if saved is None else saved.settings(settings)
    wishes = Wishes(
        vectors=vectors,
        read_vocab=read_vocab,
        init=init,
        freeze=freeze,
        epoch_end=epoch_end or EpochEnd(),
        checkpoint=checkpoint,
        checkpoint_every=checkpoint_every,
        resume=saved,
        force=force,
    )
    return run(corpus, checked, wishes, progress).vectors


def run(
    corpus,
    settings: Settings,
    wishes: Wishes | None = None,
    progress: Progress = SILENT,
) -> Trained:
    """As `train`, with settings made before; also returns the vocabulary."""
    wishes = wishes or Wishes()
    check_vectors(wishes.vectors, settings.negative > 0 or settings.softmax)
    log = EpochLog(wishes.epoch_end, wishes.vectors, progress)
    writer = _checkpoint_writer(wishes, log)
    training, text = _prepare(corpus, settings, wishes, log, progress)
    if wishes.resume is None or not wishes.resume.all_trained(settings):
        training.run(progress, log, writer)
    result = training.result
    progress.message(_told(result.ledgers))
    matrix = log.best_vectors
    if matrix is None:
        matrix = training.engine.read_model().vectors(wishes.vectors)
    report = make_report(text, result, training.settings) | log.report()
    del training  # and with it the other matrices, before the rows are copied without padding
    vectors = WordVectors(text.vocabulary.words, matrix, report=report)
    return Trained(vectors, text.vocabulary, report)


def _checkpoint_writer(wishes: Wishes, log: EpochLog) -> CheckpointWriter | None:
    """Who saves checkpoints; a training gone on with is saved where it was found."""
    path = wishes.checkpoint
    if path is None:
        if wishes.resume is None:
            return None
        path = wishes.resume.path
    elif not wishes.force and not _is_file(path, wishes.resume):
        check_replaceable(path)
    check_writable(path)
    return CheckpointWriter(path, wishes.checkpoint_every, wishes.order, log)


def _is_file(path, saved: Saved | None) -> bool:
    return saved is not None and os.path.realpath(path) == os.path.realpath(saved.path)


def _prepare(
    corpus, settings: Settings, wishes: Wishes, log: EpochLog, progress: Progress
) -> tuple[Training, Corpus]:
    """The training to run, new or as it was saved, and its text."""
    saved = wishes.resume
    if saved is None:
        start = read_start(wishes.init, wishes.freeze, settings, progress)
        if not settings.in_rounds:  # what it gives hangs on the number of threads asked for
            settings = replace(settings, threads=limit_threads(settings.threads, progress))
        known = wishes.read_vocab and Vocabulary.load(wishes.read_vocab, settings.min_count)
    else:
        known = saved.vocabulary()
    text = _read(corpus, known, settings, wishes.force, progress)
    progress.message(
        f"{text.words_read:,} words read, {text.words_known:,} of them in the vocabulary "
        f"of {len(text.vocabulary):,}"
    )
    log.meet(text.vocabulary.words)
    if not wishes.force:
        _check_room(text, settings, wishes)
    if saved is None:
        return new_training(text, settings, progress, start), text
    saved.check_text(text)
    saved.restore_log(log)
    training = saved.training(text, settings)
    progress.message(f"going on in epoch {min(training.epoch + 1, settings.epochs)}")
    return training, text


def _check_room(text: Corpus, settings: Settings, wishes: Wishes) -> None:
    """Raise ResourceError where memory or disk certainly do not hold what is to come."""
    words, end = text.vocabulary.words, wishes.epoch_end
    checkpoint = wishes.checkpoint or (wishes.resume and wishes.resume.path)
    need = needs(
        len(words),
        sum(len(to_bytes(word)) for word in words),
        len(text.ids),
        settings,
        vectors=wishes.vectors,
        end=end,
        checkpoint=checkpoint is not None,
    )
    check_memory(need.training)
    if end.save_as is not None:
        check_disk(need.files(end.save_as, checkpoint))


def _told(ledgers: list[Ledger]) -> str:
    epochs = f"{len(ledgers)} epoch{'s' if len(ledgers) > 1 else ''}"
    return f"{epochs}: {total(ledgers)}"


def corpus_paths(corpus) -> list[Path | str] | None:
    """The files meant by ``corpus``, or None where it is an iterable of token lists."""
    if isinstance(corpus, (str, os.PathLike)):
        return [corpus]
    if isinstance(corpus, (list, tuple)) and corpus:
        names = [isinstance(each, (str, os.PathLike)) for each in corpus]
        if all(names):
            return list(corpus)
        if any(names):
            raise CorpusError(
                "the corpus mixes file names and token lists: give one kind, "
                "and put single tokens in lists of their own"
            )
    if not isinstance(corpus, Iterable):
        raise CorpusError(
            f"the corpus is {type(corpus).__name__}: give a path, several, "
            "or an iterable of token lists"
        )
    return None


def _read(
    corpus, known: Vocabulary | None, settings: Settings, force: bool, progress: Progress
) -> Corpus:
    choice = {
        "min_count": settings.min_count,
        "max_vocab": settings.max_vocab,
        "vocabulary": known,
    }
    paths = corpus_paths(corpus)
    if paths is None:
        return read_sentences(corpus, **choice, progress=progress)
    return read_corpus(
        paths,
        **choice,
        threads=settings.threads,
        c_rules=settings.exact,
        progress=progress,
        limits=Limits(refuse=not force),
    )
