"""What is read and checked before the text, and what of the machine after it."""

import os
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from fastw2v.corpus import Corpus
from fastw2v.corpus.shares import expanded
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.factory import check_engine
from fastw2v.engines.shapes import exchange_bytes
from fastw2v.errors import CheckpointError, parameter
from fastw2v.io.encoding import to_bytes
from fastw2v.model.matrices import check_vectors
from fastw2v.progress import Progress
from fastw2v.ranks.job import RankJob
from fastw2v.settings import Settings
from fastw2v.system.cores import limit_threads
from fastw2v.system.resources import check_disk, check_memory
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.checkpoint_writer import CheckpointWriter, check_replaceable
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.estimates import needs
from fastw2v.training.init_vectors import InitialVectors, read_initial_vectors
from fastw2v.training.on_ranks import saves
from fastw2v.training.options import ONLY_AT_FIRST, FilePath, TrainingOptions, options_to_keep
from fastw2v.training.outputs import check_outputs
from fastw2v.training.ownership import check_own_outputs
from fastw2v.training.text import CorpusLike, corpus_paths


class First(NamedTuple):
    """What is known before the text is read. vocabulary: see `read_text`."""

    settings: Settings
    writer: CheckpointWriter | None
    initial: InitialVectors | None
    vocabulary: dict[str, Any]


def check_first(
    corpus: CorpusLike,
    settings: Settings,
    options: TrainingOptions,
    progress: Progress,
    epoch_log: EpochLog,
    job: RankJob | None,
) -> First:
    """Check everything that can be checked before the text is read. Raises FastW2VError."""
    check_engine(settings)
    check_vectors(options.vectors, settings.negative > 0 or settings.softmax)
    paths = corpus_paths(corpus)
    _check_resumable(options)
    read = paths if job is None or paths is None else expanded(paths)
    uses = check_outputs(read or [], settings.epochs, options)
    writer = None
    if saves(job):
        writer = _checkpoint_writer(paths or [], options, epoch_log, progress, job)
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
        options.resume.check_ranks(1 if job is None else job.ranks.size)
        known = options.resume.vocabulary()
        if not options.force:
            check_own_outputs(options.resume, known, settings, options)
    return First(settings, writer, initial, {"vocabulary": known, "also": also})


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
    job: RankJob | None,
) -> CheckpointWriter | None:
    path = options.checkpoint_path
    if path is None:
        return None
    resumed = options.resume
    same = resumed is not None and os.path.realpath(path) == os.path.realpath(resumed.path)
    if not options.force and not same:
        check_replaceable(path, lambda path: Checkpoint(path).finished)
    kept = options_to_keep(paths, options)
    more = () if job is None else (job.save_now,)
    return CheckpointWriter(path, options.checkpoint_every, kept, epoch_log, progress, *more)


def check_resources(
    text: Corpus,
    settings: Settings,
    options: TrainingOptions,
    job: RankJob | None,
    sharing: int,
) -> None:
    """Raise ResourceError if memory or disk certainly do not hold what is to come.

    sharing: ranks that need the same on this machine.
    """
    words = text.vocabulary.words
    spelling_bytes = sum(len(to_bytes(word)) for word in words)
    need = needs(len(words), spelling_bytes, len(text.ids), settings, options)
    memory = need.training
    if job is not None:
        memory += exchange_bytes(len(words), settings, job.exchange)
    check_memory(memory * sharing)
    check_disk(need.files(options))
