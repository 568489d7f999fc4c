"""How the vectors of a sentence's words become one vector: the options, and the words' weights."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import SettingsError, VocabularyError, parameter
from fastw2v.io.encoding import SENTENCE_END
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import row_norms

METHODS = ("mean", "sif")
DEFAULT_SMOOTHING = 1e-3

Counts = Vocabulary | Mapping[str, int] | StrPath
"""Word counts: a vocabulary, a mapping, or the path of a vocabulary file."""


@dataclass(frozen=True)
class SentenceRules:
    """How a sentence becomes a vector.

    method: "mean": the mean of its words' vectors. "sif", smooth inverse frequency: their weighted
        mean, without the first principal component of all sentences. Arora, Liang, Ma 2017, "A
        simple but tough-to-beat baseline for sentence embeddings", algorithm 1.
    smoothing: a of the weights a / (a + p(word)) of "sif".
    remove: how many principal components "sif" removes; the paper removes one.
    unit_words: scale words' vectors to norm 1 first. normalise: scale the result to norm 1.

    Raises SettingsError for values out of range.
    """

    method: str = "mean"
    smoothing: float = DEFAULT_SMOOTHING
    remove: int = 1
    unit_words: bool = False
    normalise: bool = False

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise SettingsError(
                f"{parameter('method')} is {self.method!r}; it must be one of: {', '.join(METHODS)}"
            )
        if not (self.smoothing > 0 and math.isfinite(self.smoothing)):
            raise SettingsError(
                f"{parameter('smoothing')} is {self.smoothing}; it must be a number above 0"
            )
        if self.remove < 0:
            raise SettingsError(f"{parameter('remove')} is {self.remove}; it must be 0 or more")

    @property
    def removed(self) -> int:
        """The number of principal components to remove, with this method."""
        return self.remove if self.method == "sif" else 0


def word_weights(
    rules: SentenceRules, words: Sequence[str], matrix: Matrix, counts: Counts | None
) -> Array:
    """(V,) float64: the factor of each word's vector; words that ``counts`` lacks have count 0.

    matrix: (V, D) float32, their vectors.
    counts: for "sif", which needs them, and for nothing else.

    Raises SettingsError if ``counts`` do not go with the method, VocabularyError if they have none
    of the words.
    """
    weights = np.ones(len(words))
    if rules.method == "sif":
        weights = rules.smoothing / (rules.smoothing + _probabilities(words, counts))
    elif counts is not None:
        raise SettingsError(
            f"{parameter('counts')} needs {parameter('method', 'sif')}: a mean uses no counts"
        )
    if rules.unit_words:
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = weights / row_norms(matrix)
        weights[~np.isfinite(weights)] = 0  # zero vectors, and those that are never used
    return weights


def _probabilities(words: Sequence[str], counts: Counts | None) -> Array:
    """(V,) float64: count of each word / count of all, without sentence ends."""
    if counts is None:
        raise SettingsError(
            f"{parameter('method', 'sif')} needs word counts: give a vocabulary file with "
            f"{parameter('counts')}, as `fastw2v vocab TEXT -o FILE` writes it"
        )
    name = "the counts"
    if isinstance(counts, (str, os.PathLike)):
        name, counts = os.fspath(counts), Vocabulary.load(counts, min_count=0)
    if isinstance(counts, Vocabulary):
        counts = dict(zip(counts.words, counts.counts.tolist(), strict=True))
    found = np.array([counts.get(word, 0) for word in words], np.float64)
    numbers = np.array([count for word, count in counts.items() if word != SENTENCE_END], float)
    if not (np.isfinite(numbers).all() and (numbers >= 0).all()):
        raise VocabularyError(f"{name}: a count is negative or no number; give counts of words")
    inner = np.array([word != SENTENCE_END for word in words], bool)
    if not found[inner].any():
        raise VocabularyError(
            f"{name}: no word with a vector has a count; use the vocabulary of the text that the "
            "vectors were trained on"
        )
    probabilities: Array = found / numbers.sum()
    return probabilities
