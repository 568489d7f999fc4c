"""Several sets of word vectors merged into one."""

import os
from collections.abc import Iterable, Sequence

import numpy as np

from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.vectors.loading import as_vectors
from fastw2v.vectors.word_vectors import WordVectors

RULES = ("first", "mean", "concatenate")
CHOICES = ("union", "common")


def merge(
    parts: Iterable[WordVectors | StrPath],
    *,
    rule: str = "first",
    words: str = "union",
    normalise: bool = False,
) -> WordVectors:
    """One set of word vectors from several.

    parts: word vectors, or the paths of their files.
    rule: the vector of a word that several have. "first": that of the first. "mean": their mean,
        which only makes sense for vectors of one space, see `fastw2v.align`. "concatenate": all
        numbers one after another, zeros for a part that lacks the word.
    words: "union": all words, those of the first in its order, then those that the next adds.
        "common": the words that all have.
    normalise: scale each part's vectors to norm 1 first, so that all weigh the same.

    A vector with NaN or infinity is used only if no other part has the word.

    Raises FormatError for parts of different dimensions, which only "concatenate" takes, and if
    no word is left; SettingsError.

        >>> both = fastw2v.merge(["vectors.bin", vectors], rule="mean")
        >>> both.words == vectors.words
        True
    """
    if isinstance(parts, (str, os.PathLike, WordVectors)):
        raise SettingsError("one set of word vectors is nothing to merge; give a list of several")
    given = [as_vectors(part) for part in parts]
    for name, value, known in (("rule", rule, RULES), ("words", words, CHOICES)):
        if value not in known:
            raise SettingsError(
                f"{parameter(name)} is {value!r}; it must be one of: {', '.join(known)}"
            )
    if not given:
        raise SettingsError("nothing to merge; give word vectors")
    sizes = [part.matrix.shape[1] for part in given]
    if rule != "concatenate" and len(set(sizes)) > 1:
        raise FormatError(
            f"vectors of {', '.join(map(str, sizes))} dimensions cannot be merged; use those of "
            f"one number, or {parameter('rule', 'concatenate')}"
        )
    chosen = _words(given, words)
    rows = [_rows(part, chosen) for part in given]
    width = sum(sizes) if rule == "concatenate" else sizes[0]
    matrix = np.empty((len(chosen), width), np.float32)
    for start, stop in blocks(len(chosen), sum(sizes)):
        terms = [
            _Term(part, each[start:stop], normalise) for part, each in zip(given, rows, strict=True)
        ]
        matrix[start:stop] = _RULES[rule](terms)
    return WordVectors(chosen, matrix)


class _Term:
    """What one part has for a block of n words.

    present: (n,) bool, whether it has the word; finite: whether also without NaN and infinity.
    vectors: (n, D) float64; zeros for absent words.
    """

    def __init__(self, part: WordVectors, rows: Array, normalise: bool) -> None:
        self.present = rows >= 0
        self.finite = self.present.copy()
        self.finite[self.present] = part.finite[rows[self.present]]
        self.vectors = np.zeros((len(rows), part.matrix.shape[1]))
        found = part.matrix[rows[self.present]]
        self.vectors[self.present] = found
        if normalise:
            self.vectors[self.finite] = to_unit(self.vectors[self.finite], np.float64)


def _first(terms: Sequence[_Term]) -> Array:
    """(n, D) float64: the first finite vector, or else the first."""
    result = np.zeros_like(terms[0].vectors)
    for usable in ("present", "finite"):  # the later one replaces
        for term in reversed(terms):
            rows = getattr(term, usable)
            result[rows] = term.vectors[rows]
    return result


def _mean(terms: Sequence[_Term]) -> Array:
    """(n, D) float64: the mean of the finite vectors, or else the first."""
    count = np.sum([term.finite for term in terms], axis=0)
    total = np.sum([np.where(term.finite[:, None], term.vectors, 0) for term in terms], axis=0)
    result = _first(terms)
    result[count > 0] = total[count > 0] / count[count > 0, None]
    return result


def _concatenated(terms: Sequence[_Term]) -> Array:
    """(n, sum of D) float64."""
    return np.concatenate([term.vectors for term in terms], axis=1)


_RULES = {"first": _first, "mean": _mean, "concatenate": _concatenated}


def _words(parts: Sequence[WordVectors], choice: str) -> list[str]:
    if choice == "union":
        return list(dict.fromkeys(word for part in parts for word in part.words))
    common = set(parts[0].words).intersection(*(part.words for part in parts[1:]))
    if not common:
        raise FormatError(f"no word is in all; use {parameter('words', 'union')}")
    return [word for word in parts[0].words if word in common]


def _rows(part: WordVectors, words: list[str]) -> Array:
    """(n,) int64: the row of each word, -1 for those that the part lacks."""
    index = part.index
    return np.array([index.get(word, -1) for word in words], np.int64)
