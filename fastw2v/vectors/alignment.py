"""Word vectors rotated onto others, so that the vectors of two trainings can be compared."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from fastw2v.errors import FormatError, SettingsError, one_line, parameter
from fastw2v.io.encoding import SENTENCE_END, quoted
from fastw2v.io.files import StrPath
from fastw2v.io.word_lists import read_words
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.vectors.loading import as_vectors
from fastw2v.vectors.word_vectors import WordVectors

Pairs = Iterable[str | tuple[str, str]]


@dataclass(frozen=True)
class Alignment:
    """The result of `align`.

    vectors: all words of B with their aligned vectors.
    rotation: (D, D) float64, orthogonal; a row of B times it is comparable with A.
    words: pairs of words that were used.
    residual: the norm of the differences of their vectors, divided by the norm of A's.
    cosine, cosine_before: the mean cosine of the pairs, with and without the rotation.
    notes: lines on what was left out or is not determined.
    """

    vectors: WordVectors
    rotation: Array
    words: int
    residual: float
    cosine: float
    cosine_before: float
    notes: list[str] = field(default_factory=list)


def align(
    a: WordVectors | StrPath,
    b: WordVectors | StrPath,
    *,
    words: StrPath | Pairs | None = None,
    most_frequent: int | None = None,
    centre: bool = False,
    normalise: bool = False,
) -> Alignment:
    """Rotate ``b`` onto ``a``: the orthogonal matrix that brings the vectors of common words
    closest to one another (least squares). Cosines within ``b`` do not change, unless ``centre``.

    Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem"; for texts of
    different times: Hamilton, Leskovec, Jurafsky 2016, section 3.3.

    a, b: word vectors, or the paths of their files.
    words: use these: words that both have, or pairs (word of a, word of b), for example
        translations; or the path of a file with one word, or two words separated by a tab or a
        space, per line. Those without a vector are left out and noted. None: all common words
        but ``</s>``.
    most_frequent: use only the first N of them; common words are in the order of ``a``, where the
        most frequent come first.
    centre: subtract the mean of the words used, each of its own, before the rotation; the result
        has the mean of ``a``.
    normalise: scale all vectors to norm 1 first.

    Raises FormatError for different dimensions, for fewer words than dimensions, and for a word
    with NaN or infinity; SettingsError.

        >>> found = fastw2v.align("vectors.bin", vectors)
        >>> found.words, round(found.residual, 3)
        (5, 0.0)
        >>> found.vectors.save("aligned.bin")
    """
    a, b = as_vectors(a), as_vectors(b)
    size = a.matrix.shape[1]
    if size != b.matrix.shape[1]:
        raise FormatError(
            f"vectors of {size} and of {b.matrix.shape[1]} dimensions cannot be aligned; train "
            "both with the same number"
        )
    if most_frequent is not None and most_frequent < 1:
        raise SettingsError(
            f"{parameter('most_frequent')} is {most_frequent}; it must be 1 or more"
        )
    notes: list[str] = []
    pairs = _row_pairs(a, b, words, notes)[:most_frequent]
    _check(a, b, pairs, size + centre)
    fit = _Fit(a, b, pairs, centre, normalise)
    rotation, rank = fit.rotation()
    if rank < size:
        notes.append(
            f"the words used span {rank} of {size} dimensions: how the others are rotated is "
            "arbitrary; use more words"
        )
    residual, cosine, before = fit.quality(rotation)
    vectors = WordVectors(b.words, fit.apply(rotation), counts=b.counts)
    return Alignment(vectors, rotation, len(pairs), residual, cosine, before, notes)


class _Fit:
    """The vectors of the pairs of words, in blocks."""

    def __init__(
        self, a: WordVectors, b: WordVectors, pairs: Array, centre: bool, normalise: bool
    ) -> None:
        """pairs: (n, 2) int64, rows of a and of b."""
        self._a, self._b, self._pairs, self._normalise = a, b, pairs, normalise
        self._means = np.zeros((2, a.matrix.shape[1]))
        if centre:
            for of_a, of_b in self._blocks():
                self._means += (of_a.sum(axis=0), of_b.sum(axis=0))
            self._means /= len(pairs)

    def rotation(self) -> tuple[Array, int]:
        """(D, D) float64, and the rank of what determines it."""
        product = np.zeros((self._means.shape[1],) * 2)
        for of_a, of_b in self._centred():
            product += of_b.T @ of_a
        left, sizes, right = np.linalg.svd(product)
        least = sizes.max(initial=0) * len(sizes) * np.finfo(np.float32).eps
        return left @ right, int(np.count_nonzero(sizes > least))

    def quality(self, rotation: Array) -> tuple[float, float, float]:
        """Residual, and the mean cosines with and without the rotation."""
        error = norm = cosine = before = 0.0
        for of_a, of_b in self._centred():
            turned = of_b @ rotation
            error += float(((turned - of_a) ** 2).sum())
            norm += float((of_a**2).sum())
            unit = to_unit(of_a, np.float64)
            cosine += float((to_unit(turned, np.float64) * unit).sum())
            before += float((to_unit(of_b, np.float64) * unit).sum())
        count = len(self._pairs)
        return (error / norm if norm else 0.0) ** 0.5, cosine / count, before / count

    def apply(self, rotation: Array) -> Array:
        """(V, D) float32: all rows of b, aligned; NaN for those with NaN or infinity."""
        matrix, finite = self._b.matrix, self._b.finite
        result = np.empty(matrix.shape, np.float32)
        for start, stop in blocks(*matrix.shape):
            sound = finite[start:stop, None]
            rows = np.where(sound, self._prepared(matrix[start:stop]), 0)
            turned = (rows - self._means[1]) @ rotation + self._means[0]
            result[start:stop] = np.where(sound, turned, np.nan)
        return result

    def _prepared(self, rows: Array) -> Array:
        return to_unit(rows, np.float64) if self._normalise else rows.astype(np.float64)

    def _blocks(self) -> Iterator[tuple[Array, Array]]:
        for start, stop in blocks(len(self._pairs), self._means.shape[1]):
            of_a, of_b = self._pairs[start:stop].T
            yield self._prepared(self._a.matrix[of_a]), self._prepared(self._b.matrix[of_b])

    def _centred(self) -> Iterator[tuple[Array, Array]]:
        for of_a, of_b in self._blocks():
            yield of_a - self._means[0], of_b - self._means[1]


def _row_pairs(
    a: WordVectors, b: WordVectors, words: StrPath | Pairs | None, notes: list[str]
) -> Array:
    """(n, 2) int64: the rows of a and of b of the words to use."""
    if words is None:
        wanted: list[tuple[str, str]] = [
            (word, word) for word in a.words if word in b.index and word != SENTENCE_END
        ]
        place = ""
    elif isinstance(words, (str, os.PathLike)):
        place = f"{os.fspath(words)}: "
        wanted = [_pair_of_line(line, a, b) for line in read_words(words)]
    else:
        place = ""
        wanted = [(each, each) if isinstance(each, str) else _pair(each) for each in words]
    known = [(a.index[x], b.index[y]) for x, y in wanted if x in a.index and y in b.index]
    if len(known) < len(wanted):
        x, y = next((x, y) for x, y in wanted if x not in a.index or y not in b.index)
        shown = quoted(x) if x == y else f"{quoted(x)} and {quoted(y)}"
        notes.append(
            one_line(
                f"{place}{len(wanted) - len(known):,} of {len(wanted):,} words have no vector in "
                f"both and were left out (the first: {shown})"
            )
        )
    return np.array(known, np.int64).reshape(len(known), 2)


def _pair_of_line(line: str, a: WordVectors, b: WordVectors) -> tuple[str, str]:
    """The words of a line: one word, which may contain spaces, or two."""
    if "\t" in line:
        parts = [part for part in line.split("\t") if part]
    elif line in a.index and line in b.index:
        return line, line
    else:
        parts = [part for part in line.split(" ") if part]
    if len(parts) == 2:
        return parts[0], parts[1]
    return line, line


def _pair(given: object) -> tuple[str, str]:
    if isinstance(given, (tuple, list)) and len(given) == 2:
        x, y = given
        if isinstance(x, str) and isinstance(y, str):
            return x, y
    raise SettingsError(
        f"{parameter('words')} has {given!r:.60}; give words, or pairs (word of a, word of b)"
    )


def _check(a: WordVectors, b: WordVectors, pairs: Array, least: int) -> None:
    """Raise FormatError for too few words, and for NaN in their vectors."""
    if len(pairs) < least:
        raise FormatError(
            f"{len(pairs):,} words with vectors in both; {least:,} or more are needed to align "
            f"{a.matrix.shape[1]:,} dimensions"
        )
    for vectors, rows, name in ((a, pairs[:, 0], "first"), (b, pairs[:, 1], "second")):
        bad = rows[~vectors.finite[rows]]
        if len(bad):
            raise FormatError(
                f"the {name} vector of {quoted(vectors.words[bad[0]])} has NaN or infinity; leave "
                f"such words out with {parameter('words')}"
            )
