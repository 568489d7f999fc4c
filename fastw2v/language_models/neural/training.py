"""Training of neural language models: from a text to vectors, a model and their files.

import fastw2v

trained = fastw2v.train_language_model("corpus.txt", model="recurrent", size=100, output="v.bin")
trained.vectors.similar("king")
trained.report["words_per_second"]
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from fastw2v.io.files import StrPath
from fastw2v.language_models.protocol import LanguageModel
from fastw2v.progress.choice import ProgressLike
from fastw2v.vectors.word_vectors import WordVectors


class TrainedLanguageModel(NamedTuple):
    """vectors: of the words, (V, size) float32, as `fastw2v.train` returns them. model: what
    `fastw2v.language_models.perplexity.score_sentences` takes. report: of the training, for JSON:
    ``train_seconds``, ``words_per_second``, ``loss`` per token of each epoch, ``peak_rss_bytes``,
    ``settings`` and more."""

    vectors: WordVectors
    model: LanguageModel
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
    """Train a feed-forward or a recurrent neural language model."""
    raise NotImplementedError
