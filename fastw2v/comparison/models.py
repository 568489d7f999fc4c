"""How each model is made: from a text to vectors, or a language model, or both."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

import numpy as np

from fastw2v.comparison.rows import Row
from fastw2v.corpus import read_corpus
from fastw2v.counts.reduction import reduce
from fastw2v.counts.settings import CountSettings
from fastw2v.counts.vectors import weighted_counts
from fastw2v.formats.sparse_matrix import one_hot
from fastw2v.language_models.neural.training import train_language_model
from fastw2v.language_models.ngram_training import train_ngrams
from fastw2v.language_models.protocol import LanguageModel
from fastw2v.progress import Progress
from fastw2v.settings import Settings
from fastw2v.training.options import TrainingOptions
from fastw2v.training.pipeline import run
from fastw2v.vectors.sparse_vectors import AnyVectors, SparseRows, SparseVectors
from fastw2v.vectors.word_vectors import WordVectors

_WARM_WORDS = 6_000  # more than `fastw2v.counts.reduction.ARPACK`: as large texts are treated


class Made(NamedTuple):
    """A model.

    seconds: from the text to it. training_seconds: without reading the text, if that is measured
    separately. epochs: passes over the text.
    """

    vectors: AnyVectors | None
    language_model: LanguageModel | None
    seconds: float
    training_seconds: float
    epochs: int = 1


def make(row: Row, text: str, settings: dict[str, Any], progress: Progress) -> Made:
    """Train the model of a row. settings: `ComparisonSettings.of_rows`. Raises FastW2VError."""
    return MAKERS[row.maker](text, settings, progress, row)


def warm_up_text() -> bytes:
    """A small text, with as many distinct words as the ways of large texts need."""
    words = np.random.default_rng(1).permutation(np.tile(np.arange(_WARM_WORDS), 6))
    lines = words.reshape(-1, 20).tolist()
    return "".join(" ".join(f"w{each}" for each in line) + "\n" for line in lines).encode()


def _one_hot(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    started = time.monotonic()
    corpus = read_corpus(text, **_vocabulary(settings), progress=progress)
    words = corpus.vocabulary.words[1:]
    vectors = SparseVectors(words, SparseRows(one_hot(len(words)), len(words)))
    return _timed(vectors, None, started)


def _counts(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    started = time.monotonic()
    words, matrix = weighted_counts(text, _count_settings(settings, row), progress=progress)
    vectors = SparseVectors(words, SparseRows(matrix, len(words)))
    return _timed(vectors, None, started)


def _reduced_counts(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    started = time.monotonic()
    how = _count_settings(settings, row)
    words, matrix = weighted_counts(text, how, progress=progress)
    work = {"seed": how.seed, "threads": how.threads, "progress": progress}
    vectors = WordVectors(words, reduce(matrix, how.size, how.eigenvalue_power, **work))
    return _timed(vectors, None, started)


def _count_settings(settings: dict[str, Any], row: Row) -> CountSettings:
    names = ("window", "size", "seed", "min_count", "max_vocab", "threads")
    return CountSettings(**{name: settings[name] for name in names}, **row.arguments)


def _ngrams(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    started = time.monotonic()
    model = train_ngrams(text, **_vocabulary(settings), **row.arguments, progress=progress)
    return _timed(None, model, started)


def _neural(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    names = ("size", "epochs", "seed", "min_count", "max_vocab", "threads")
    how = {name: settings[name] for name in names} | dict(row.arguments)
    trained = train_language_model(text, **how, progress=progress)
    training = trained.report["train_seconds"]
    seconds = trained.report["read_seconds"] + training
    # Without the sentence end, which has no row elsewhere, either.
    vectors = WordVectors(trained.vectors.words[1:], trained.vectors.matrix[1:])
    return Made(vectors, trained.model, seconds, training, settings["epochs"])


def _word2vec(text: str, settings: dict[str, Any], progress: Progress, row: Row) -> Made:
    settings = settings | dict(row.arguments)
    if settings["hs"]:
        settings["negative"] = 0
    if not row.subsampled:
        settings["sample"] = 0.0
    # The sentence end has no row among the counts, either: all rows have the same words.
    trained = run([text], Settings(**settings, no_sentence_end=True), TrainingOptions(), progress)
    report = trained.vectors.report or {}
    training = report["train_seconds"]
    seconds = report["vocab_seconds"] + report["encode_seconds"] + training
    return Made(trained.vectors, None, seconds, training, settings["epochs"])


def _vocabulary(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: settings[name] for name in ("min_count", "max_vocab", "threads")}


def _timed(vectors: AnyVectors | None, model: LanguageModel | None, started: float) -> Made:
    seconds = time.monotonic() - started
    return Made(vectors, model, seconds, seconds)


MAKERS = {
    "one_hot": _one_hot,
    "counts": _counts,
    "reduced_counts": _reduced_counts,
    "ngrams": _ngrams,
    "neural": _neural,
    "word2vec": _word2vec,
}
"""Functions of a text, settings, progress and the row."""
