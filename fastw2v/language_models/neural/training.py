"""Training of neural language models: from a text to vectors, a model and their files.

import fastw2v

trained = fastw2v.train_language_model("corpus.txt", model="recurrent", size=100, output="v.bin")
trained.vectors.similar("king")
trained.report["words_per_second"]
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus import Corpus, declare_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import SettingsError, parameter
from fastw2v.formats import check_writable, declare_written
from fastw2v.io.failures import Failures
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.io.names import check_text_name
from fastw2v.io.reports import write_report
from fastw2v.language_models.neural.engine import NeuralEngine
from fastw2v.language_models.neural.model_files import (
    NeuralCheckpoint,
    save_neural_checkpoint,
    save_neural_model,
)
from fastw2v.language_models.neural.network import Network, array_shapes
from fastw2v.language_models.neural.neural_model import NeuralModel
from fastw2v.language_models.neural.settings import LanguageModelSettings
from fastw2v.language_models.protocol import UNKNOWN
from fastw2v.language_models.text import read_training_text
from fastw2v.progress import Progress
from fastw2v.progress.choice import ProgressLike, chosen
from fastw2v.system.cores import limit_threads
from fastw2v.system.locks import FileLock
from fastw2v.system.memory import peak_rss_bytes
from fastw2v.system.resources import check_memory
from fastw2v.training.checkpoint_lock import lock_checkpoint
from fastw2v.training.checkpoint_writer import PeriodicWriter, check_replaceable
from fastw2v.training.loop import Training
from fastw2v.training.notices import announce_compiling, suggesting_checkpoints
from fastw2v.training.options import CHECKPOINT_EVERY
from fastw2v.training.rescue import save_or_rescue
from fastw2v.vectors.word_vectors import WordVectors
from fastw2v.version import __version__


class Files(NamedTuple):
    """The files of a training; see `train_language_model`."""

    read_vocab: StrPath | None = None
    output: StrPath | None = None
    format: str | None = None
    save_model: StrPath | None = None
    report: StrPath | None = None
    checkpoint: StrPath | None = None
    checkpoint_every: float = CHECKPOINT_EVERY
    resume: StrPath | None = None
    force: bool = False


class TrainedLanguageModel(NamedTuple):
    """vectors: of the words, (V, size) float32, as `fastw2v.train` returns them. model: what
    `fastw2v.language_models.perplexity.score_sentences` takes. report: of the training, for JSON:
    ``train_seconds``, ``words_per_second``, ``loss`` per token of each epoch, ``peak_rss_bytes``,
    ``settings`` and more."""

    vectors: WordVectors
    model: NeuralModel
    report: dict[str, Any]


def train_language_model(  # noqa: PLR0913, all but one are given by name
    corpus: StrPath | Sequence[StrPath],
    *,
    model: str = "feedforward",
    size: int = 100,
    hidden: int | None = None,
    order: int | None = None,
    direct: bool = False,
    bptt: int | None = None,
    hs: bool = False,
    softmax: bool = False,
    epochs: int = 5,
    alpha: float | None = None,
    seed: int = 1,
    min_count: int = 5,
    max_vocab: int | None = None,
    threads: int | None = None,
    read_vocab: StrPath | None = None,
    output: StrPath | None = None,
    format: str | None = None,
    save_model: StrPath | None = None,
    report: StrPath | None = None,
    checkpoint: StrPath | None = None,
    checkpoint_every: float = 600.0,
    resume: StrPath | None = None,
    force: bool = False,
    progress: ProgressLike = None,
) -> TrainedLanguageModel:
    """Train a feed-forward or a recurrent neural language model.

    corpus: a file, a folder or ``-``, or several. Every line is a sentence.
    model: "feedforward" (Bengio et al. 2003) or "recurrent" (Mikolov et al. 2010): see
        `fastw2v.language_models.neural.network`.
    size: dimensions of the word vectors; with "recurrent" also the hidden units.
    hidden, order, direct: with "feedforward", the hidden units (100), the words with the predicted
        one (5), and whether the vectors are connected with the output directly, too.
    bptt: with "recurrent", the words through which errors are propagated back (10).
    hs, softmax: hierarchical or full softmax; neither: the full one for up to 10,000 words.
    epochs, alpha, seed: passes over the text, learning rate at the start, random seed.
    min_count, max_vocab, read_vocab: the vocabulary. All other words are one word, ``<unk>``.
    threads: that read the text; one trains.
    output, format: a file for the vectors, as for `fastw2v.train`. save_model: one for the model,
        which `fastw2v perplexity` reads. report: one for the report, as JSON.
    checkpoint, checkpoint_every, resume: a file to save the training to, the seconds between two
        saves, and a file to continue from with the same corpus and settings (and perhaps more
        epochs), which is then the checkpoint, too.
    force: train even if memory seems too small; replace an unfinished checkpoint.
    progress: as for `fastw2v.train`.

    Raises SettingsError, CorpusError, CheckpointError, OutputError, ResourceError, TrainingError.

        >>> trained = fastw2v.train_language_model("corpus.txt", size=8, hidden=4, min_count=1)
        >>> trained.vectors.words
        ['</s>', 'the', 'new', 'york', 'king', 'of', 'queen', 'a', 'river']
        >>> trained.model.description
        'feed-forward model of 5 words, 4 hidden units, full softmax'
    """
    settings = LanguageModelSettings(
        model, size, hidden, order, direct, bptt, hs, softmax, epochs,
        0.1 if alpha is None else alpha, seed, min_count, max_vocab, threads,
    )  # fmt: skip
    files = Files(
        read_vocab, output, format, save_model, report, checkpoint, checkpoint_every, resume, force
    )
    return run(corpus, settings, files, chosen(progress))


def run(
    corpus: StrPath | Sequence[StrPath],
    settings: LanguageModelSettings,
    files: Files,
    progress: Progress,
) -> TrainedLanguageModel:
    """As `train_language_model`."""
    _check_files(corpus, files)
    checkpoint = files.resume if files.checkpoint is None else files.checkpoint
    lock: FileLock | None = None if checkpoint is None else lock_checkpoint(checkpoint)
    try:
        writer = _writer(checkpoint, files, progress)
        with announce_compiling(progress), suggesting_checkpoints(checkpoint, progress):
            training = _prepare(corpus, settings, files, progress)
            if training.epoch < settings.epochs:
                training.run(progress, writer=writer)
    finally:
        if lock is not None:
            lock.release()
    trained = _result(training)
    failures = Failures()
    if files.output is not None:
        with failures.noted():
            save_or_rescue(files.output, partial(trained.vectors.save, format=files.format))
    if files.save_model is not None:
        with failures.noted():
            save_neural_model(files.save_model, trained.model)
    if files.report is not None:
        with failures.noted():
            write_report(files.report, trained.report)
    if writer is not None and writer.failure is not None:
        failures.add(writer.failure)
    failures.raise_any()
    return trained


def _check_files(corpus: StrPath | Sequence[StrPath], files: Files) -> None:
    if files.report is not None:
        check_text_name(files.report)
    uses = FileUses()
    declare_corpus(uses, corpus)
    uses.reads(files.read_vocab, parameter("read_vocab"))
    uses.reads(files.resume, parameter("resume"))
    if files.output is not None:
        declare_written(uses, files.output, parameter("output"), format=files.format)
        check_writable(files.output, format=files.format)
    uses.writes(files.save_model, parameter("save_model"))
    uses.writes(files.report, parameter("report"))
    checkpoint = files.resume if files.checkpoint is None else files.checkpoint
    uses.writes(checkpoint, parameter("checkpoint"), over=[files.resume])
    uses.check()
    if files.resume is not None and files.read_vocab is not None:
        raise SettingsError(
            f"{parameter('read_vocab')} cannot be given when resuming: the checkpoint has the "
            "vocabulary; drop it"
        )


class _Writer(PeriodicWriter):
    def _write(self, training: Training, finished: bool) -> None:
        save_neural_checkpoint(self.path, training, finished)

    def _how_to_resume(self, training: Training) -> str:
        resume = parameter("resume", os.fspath(self.path))
        return f"resume with the same corpus and options, and {resume}"


def _writer(path: StrPath | None, files: Files, progress: Progress) -> _Writer | None:
    if path is None:
        return None
    resumed = files.resume is not None and os.path.realpath(path) == os.path.realpath(files.resume)
    if not files.force and not resumed:
        check_replaceable(path, lambda path: NeuralCheckpoint(path).finished)
    return _Writer(path, files.checkpoint_every, progress)


def _prepare(
    corpus: StrPath | Sequence[StrPath],
    settings: LanguageModelSettings,
    files: Files,
    progress: Progress,
) -> Training:
    saved, known = None, None
    if files.resume is not None:
        saved = NeuralCheckpoint(files.resume)
        saved.check_settings(settings)
        known = Vocabulary(saved.model.words, saved.model.network.counts[:-1])
    elif files.read_vocab is not None:
        known = Vocabulary.load(files.read_vocab, settings.min_count)
    text = _read(corpus, settings, known, progress)
    words = len(text.vocabulary)
    settings = settings.with_output_layer(words)
    progress.message(
        f"{text.words_read:,} words and {text.sentences:,} sentence ends read; vocabulary of "
        f"{words - 1:,}, {settings.model} model, {'hierarchical' if settings.hs else 'full'} "
        "softmax"
    )
    if saved is not None:
        progress.message(f"resuming from {saved.path}")
        return saved.training(text, settings)
    if not files.force:
        numbers = sum(rows * columns for rows, columns in array_shapes(settings, words).values())
        check_memory(4 * numbers * (3 if settings.softmax else 2))
    network = Network(settings, text.vocabulary.counts)
    return Training(text, settings, NeuralEngine(text.ids, network))


def _read(
    corpus: StrPath | Sequence[StrPath],
    settings: LanguageModelSettings,
    known: Vocabulary | None,
    progress: Progress,
) -> Corpus:
    """The text with `UNKNOWN` as the last word of its vocabulary, whatever its count."""
    started = time.monotonic()
    words, ids = read_training_text(
        corpus,
        min_count=settings.min_count,
        max_vocab=settings.max_vocab,
        vocabulary=known,
        threads=limit_threads(settings.threads, progress),
        progress=progress,
    )
    counts = np.bincount(ids, minlength=len(words) + 1)
    seen = int(counts[1:].sum())
    seconds = time.monotonic() - started
    vocabulary = Vocabulary([*words, UNKNOWN], counts)
    return Corpus(ids, vocabulary, seen, seen, int(counts[0]), seconds, 0.0)


def _result(training: Training) -> TrainedLanguageModel:
    engine, result, text = training.engine, training.result, training.corpus
    assert isinstance(engine, NeuralEngine)
    network, words = engine.network, text.vocabulary.words[:-1]
    settings = network.settings
    matrix = np.ascontiguousarray(network.arrays["inputs"][: len(words), : settings.size])
    trained = sum(ledger.trained for ledger in result.ledgers)
    seconds = result.train_seconds
    report = {
        "settings": settings.as_dict(),
        "versions": {"fastw2v": __version__, "numpy": np.__version__},
        "epochs_trained": len(result.loss),
        "words_trained": trained,
        "sentences": text.sentences,
        "vocab_size": len(words),
        **result.arrangement,
        "read_seconds": text.count_seconds,
        "compile_seconds": result.compile_seconds,
        "train_seconds": seconds,
        "words_per_second": trained / seconds if seconds else 0.0,
        "peak_rss_bytes": peak_rss_bytes(),
        "loss": result.loss,
    }
    vectors = WordVectors(words, matrix, counts=text.vocabulary.counts[:-1])
    vectors.report = report
    return TrainedLanguageModel(vectors, NeuralModel(words, network), report)
