"""Training of n-gram models: from a text to a model and its file.

from fastw2v.language_models.ngram_training import train_ngrams

model = train_ngrams("corpus.txt", order=3, smoothing="kneser-ney", output="corpus.lm")
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from fastw2v.corpus import declare_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import SettingsError, parameter
from fastw2v.io.file_uses import FileUses
from fastw2v.io.files import StrPath
from fastw2v.language_models.files import save_model
from fastw2v.language_models.ngram_counting import count_ngrams
from fastw2v.language_models.ngram_model import (
    HIGHEST_ORDER,
    SMOOTHINGS,
    NgramModel,
    NgramSettings,
    estimate_discounts,
)
from fastw2v.language_models.text import read_training_text
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings
from fastw2v.system.cores import limit_threads


def check_ngram_settings(order: int, smoothing: str, discount: float | None) -> None:
    """Raise SettingsError for settings of `train_ngrams` that are out of range or contradict each
    other."""
    if not isinstance(order, int) or isinstance(order, bool) or not 1 <= order <= HIGHEST_ORDER:
        raise SettingsError(
            f"{parameter('order')} is {order!r}; it must be a whole number from 1 to "
            f"{HIGHEST_ORDER}"
        )
    if smoothing not in SMOOTHINGS:
        raise SettingsError(
            f"{parameter('smoothing')} is {smoothing!r}; it must be one of: {', '.join(SMOOTHINGS)}"
        )
    if discount is None:
        return
    if smoothing != "kneser-ney":
        raise SettingsError(
            f"{parameter('discount')} is part of {parameter('smoothing', 'kneser-ney')}, but the "
            f"smoothing is {smoothing}: drop one of the two"
        )
    if not (isinstance(discount, (int, float)) and math.isfinite(discount) and 0 < discount <= 1):
        raise SettingsError(
            f"{parameter('discount')} is {discount!r}; it must be a number above 0, at most 1"
        )


def train_ngrams(  # noqa: PLR0913, all but one are given by name
    corpus: StrPath | Sequence[StrPath],
    *,
    order: int = 3,
    smoothing: str = "kneser-ney",
    discount: float | None = None,
    min_count: int = 5,
    max_vocab: int | None = None,
    read_vocab: StrPath | None = None,
    column: str | None = None,
    threads: int | None = None,
    output: StrPath | None = None,
    progress: Progress = SILENT,
) -> NgramModel:
    """Train an n-gram model; see `fastw2v.language_models.ngram_model` for its formulas.

    corpus: a file, a folder or ``-``, or several. Every line is a sentence.
    order: 1 to 10 words. smoothing: "none", "laplace" or "kneser-ney".
    discount: one for all counts; None: estimated, three for each length.
    min_count, max_vocab, read_vocab: the vocabulary. All other words are one word, ``<unk>``.
    column: the corpus are tables, see `fastw2v.tables`, and this column has the text.
    output: the file of the model.

    Raises SettingsError, CorpusError, OutputError, ResourceError.
    """
    check_ngram_settings(order, smoothing, discount)
    shared = Settings(min_count=min_count, max_vocab=max_vocab, threads=threads)
    uses = FileUses()
    declare_corpus(uses, corpus, column)
    uses.reads(read_vocab, parameter("read_vocab"))
    uses.writes(output, parameter("output"))
    uses.check()
    threads = limit_threads(shared.threads, progress)
    vocabulary = None if read_vocab is None else Vocabulary.load(read_vocab, min_count)
    words, ids = read_training_text(
        corpus,
        min_count=min_count,
        max_vocab=max_vocab,
        vocabulary=vocabulary,
        threads=threads,
        progress=progress,
        column=column,
    )
    kneser_ney = smoothing == "kneser-ney"
    levels = count_ngrams(
        ids, len(words) + 1, order, continuations=kneser_ney, threads=threads, progress=progress
    )
    discounts = None
    if kneser_ney:
        discounts = [
            estimate_discounts(level.counts) if discount is None else [float(discount)] * 3
            for level in levels
        ]
    model = NgramModel(words, levels, NgramSettings(order, smoothing, discounts))
    has_unknown = levels[0].counts[len(words)] > 0
    if not has_unknown:
        progress.message(
            "The text has no unknown words: in other texts they have no probability, except with "
            "laplace; a higher --min-count makes rare words unknown."
        )
    if output is not None:
        save_model(output, model)
    return model
