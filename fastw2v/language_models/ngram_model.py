"""N-gram models: how the counts become probabilities.

With a context h, the n - 1 words before w, and V predictable words (the vocabulary, the sentence
end, the unknown word):

none        c(h w) / c(h)
laplace     (c(h w) + 1) / (c(h) + V)
kneser-ney  max(c(h w) - D, 0) / c(h) + g(h) P(w | h without its first word): interpolated, with
            one discount D for each of the counts 1, 2, and 3 or more (modified Kneser-Ney; Chen and
            Goodman 1999, "An empirical study of smoothing techniques for language modeling",
            section 3), or one discount for all. c is for the longest n-grams the count, for the
            shorter ones the number of different words before them. g(h) makes the sum 1.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.language_models import ngram_kernels as kernels
from fastw2v.language_models.ngram_counting import Level

SMOOTHINGS = ("none", "laplace", "kneser-ney")
HIGHEST_ORDER = 10
_FALLBACK = 0.5  # where counts of counts are too few for an estimate


class NgramSettings(NamedTuple):
    """order: words of the longest n-grams. smoothing: of `SMOOTHINGS`. discounts: by number of
    words - 1, those of counts 1, 2, and 3 or more; None without Kneser-Ney."""

    order: int
    smoothing: str
    discounts: list[list[float]] | None


class NgramModel:
    """A `LanguageModel` of n-grams.

    words: V words, the sentence end first. levels: of n-grams of 1 to ``order`` words, with their
    counts; those of shorter ones are continuation counts with Kneser-Ney.
    """

    def __init__(self, words: list[str], levels: list[Level], settings: NgramSettings):
        self.words, self.levels, self.settings = words, levels, settings
        sums = [_sums(level) for level in levels]
        self._totals = tuple(totals for totals, _ in sums)
        self._weights = tuple(np.zeros(0) for _ in levels)
        self._discounts = np.zeros((settings.order, 3))
        if settings.discounts is not None:
            self._discounts[:] = settings.discounts
            self._weights = tuple(
                _weights(totals, kinds, discounts)
                for (totals, kinds), discounts in zip(sums, self._discounts, strict=True)
            )
        self._arrays = (
            tuple(level.starts for level in levels),
            tuple(level.lasts for level in levels),
            tuple(level.counts for level in levels),
        )

    @property
    def unknown(self) -> int:
        """The id of all words outside the vocabulary."""
        return len(self.words)

    @property
    def description(self) -> str:
        """For messages: ``3-gram model, kneser-ney``."""
        return f"{self.settings.order}-gram model, {self.settings.smoothing}"

    def log_probabilities(self, ids: np.ndarray, start: int, stop: int) -> np.ndarray:
        """(stop - start,) float64, see `LanguageModel`."""
        order, first_word = self.settings.order, len(self.words) + 1
        begin = start  # far enough before it for the context, or where the sentence begins
        while begin > max(0, start - order + 1) and ids[begin - 1] != 0:
            begin -= 1
        part = np.ascontiguousarray(ids[begin:stop], np.int32)
        padded = np.empty(len(part) * order, np.int32)
        size = kernels.pad_sentences(part, True, order - 1, first_word, padded)
        out = np.empty(len(part))
        arrays = self._arrays, self._totals
        if self.settings.smoothing == "kneser-ney":
            more = self._weights, self._discounts
            kernels.score_discounted(padded[:size], first_word, *arrays, *more, out)
        else:
            added = (0.0, 0.0)
            if self.settings.smoothing == "laplace":
                added = (1.0, float(len(self.words) + 1))
            kernels.score_added(padded[:size], first_word, *arrays, added, out)
        return out[start - begin :]


def estimate_discounts(counts: np.ndarray) -> list[float]:
    """Discounts of the counts 1, 2, and 3 or more (Chen and Goodman 1999, section 3.4).

    With n1 to n4 the numbers of n-grams that have the counts 1 to 4 and Y = n1 / (n1 + 2 n2):
    1 - 2 Y n2 / n1, 2 - 3 Y n3 / n2, 3 - 4 Y n4 / n3. Where these cannot be estimated, Y for all
    (Ney, Essen, Kneser 1994), or 0.5 if n1 or n2 is 0.
    """
    n1, n2, n3, n4 = (int((counts == count).sum()) for count in range(1, 5))
    if not (n1 and n2):
        return [_FALLBACK] * 3
    share = n1 / (n1 + 2 * n2)
    if not n3:
        return [share] * 3
    found = [1 - 2 * share * n2 / n1, 2 - 3 * share * n3 / n2, 3 - 4 * share * n4 / n3]
    possible = all(0 <= each <= count for count, each in enumerate(found, 1))
    return found if possible else [share] * 3


def _sums(level: Level) -> tuple[np.ndarray, np.ndarray]:
    prefixes = len(level.starts) - 1
    totals, kinds = np.zeros(prefixes), np.zeros((prefixes, 3))
    kernels.context_sums(level.starts, level.counts, totals, kinds)
    return totals, kinds


def _weights(totals: np.ndarray, kinds: np.ndarray, discounts: np.ndarray) -> np.ndarray:
    """What the discounts leave for shorter contexts, as a share of all that follows a prefix."""
    with np.errstate(invalid="ignore"):
        return np.where(totals > 0, kinds @ discounts / totals, 1.0)
