"""Word vectors with their queries: nearest neighbours and analogies."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fastw2v import formats
from fastw2v.errors import FormatError, SettingsError, UnknownWordError, parameter
from fastw2v.formats.lookup import Lookup, count_repeats
from fastw2v.formats.subwords import Subwords
from fastw2v.io.encoding import quoted
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows, Matrix
from fastw2v.matrix.norms import blocks, row_norms, to_unit
from fastw2v.vectors.gensim_api import GensimMixin
from fastw2v.vectors.nearest import COSINE, Neighbours, Product, Queries, Score, Space, nearest

RULES = ("add", "multiply")


def load(
    path: StrPath, *, limit: int | None = None, strict: bool = False, mapped: bool | None = None
) -> "WordVectors":
    """The word vectors in a file of any known format; see `fastw2v.formats.read`.

    >>> fastw2v.load("vectors.bin").words[:3]
    ['</s>', 'man', 'woman']
    """
    return WordVectors.load(path, limit=limit, strict=strict, mapped=mapped)


class WordVectors(GensimMixin):
    """V words and their vectors of D dimensions.

    words: list of V distinct str.
    matrix: (V, D) float32, C-contiguous; row i is the vector of ``words[i]``. `MappedRows`, which
        returns copies of rows, if the vectors stay in their file.
    report: how the vectors were trained (dict); None if they were read from a file.
    notes: lines on faults of the file they were read from.
    subwords: makes vectors of words that are not in the vocabulary from their n-grams, for those
        of a fastText model; else None.

    The query methods of gensim are available too: see `GensimMixin`.

        >>> vectors = fastw2v.WordVectors(["king", "queen", "river"], [[1, 2], [1, 1], [-2, 1]])
        >>> [(word, round(cosine, 3)) for word, cosine in vectors.similar("king", n=1)]
        [('queen', 0.949)]
        >>> vectors["king"].tolist(), "river" in vectors, len(vectors)
        ([1.0, 2.0], True, 3)
    """

    def __init__(
        self,
        words: Sequence[str],
        matrix: Matrix | ArrayLike,
        report: dict[str, Any] | None = None,
        *,
        lookup: Lookup | None = None,
    ) -> None:
        """lookup: of the words, which then must be a list of distinct words; it is not copied."""
        self.words: list[str] = words if lookup and isinstance(words, list) else list(words)
        self._lookup = Lookup(self.words) if lookup is None else lookup
        if not isinstance(matrix, MappedRows):
            matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.matrix: Matrix = matrix
        self.report = report
        self.notes: list[str] = []
        self.subwords: Subwords | None = None
        self._norms: Array | None = None
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise FormatError(
                f"{len(self.words)} words and a matrix of shape {self.matrix.shape}: "
                "give one row for each word"
            )
        if lookup is None and count_repeats(self.words):
            raise FormatError("a word occurs twice; give each word once")

    @classmethod
    def load(
        cls,
        path: StrPath,
        limit: int | None = None,
        strict: bool = False,
        mapped: bool | None = None,
    ) -> "WordVectors":
        """Read a file of any known format; see `fastw2v.formats.read`.

        mapped: keep vectors in their file and read them on demand, which word2vec binary and
            ``.npy`` allow; None: if they would take more than half of the free memory. The program
            ends if such a file is then truncated in its place.
        """
        notes: list[str] = []
        contents = formats.read(path, limit=limit, strict=strict, notes=notes, mapped=mapped)
        vectors = cls(contents.words, contents.matrix, lookup=contents.lookup)
        vectors._norms = contents.norms
        vectors.subwords = contents.subwords
        vectors.notes = notes
        return vectors

    def save(self, path: StrPath, *, format: str | None = None) -> None:
        """Write to ``path``, whose extension selects the format; see `fastw2v.formats.save`."""
        formats.save(path, self.words, self.matrix, format=format)

    @property
    def index(self) -> dict[str, int]:
        """Row by word; built on first use."""
        return self._lookup.index

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: object) -> bool:
        return self._lookup.find(word) is not None

    def __getitem__(self, word: str | Sequence[str]) -> Array:
        """(D,) float32 of a word, (n, D) float32 of several. Raises UnknownWordError.

        A fastText model makes those of words that are not in the vocabulary from n-grams.
        """
        if isinstance(word, str):
            made = self._made(word)
            return self.matrix[self.row(word)] if made is None else made
        if self.subwords is None or not len(word):
            return self.matrix[self.rows(word)]
        return np.stack([self[each] for each in word])

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.matrix.shape[1]} dimensions>"

    def row(self, word: str) -> int:
        """The row of ``word``. Raises UnknownWordError, with similar spellings."""
        row = self._lookup.find(word)
        if row is not None:
            return row
        near = self.nearest_spellings(word)
        hint = f"did you mean {', '.join(near)}?" if near else "no word has a similar spelling"
        raise UnknownWordError(f"{quoted(word)} is not in the vocabulary; {hint}")

    def rows(self, words: Sequence[str]) -> list[int]:
        """The row of each word. Raises UnknownWordError for the first unknown one."""
        return [self.row(word) for word in words]

    def nearest_spellings(self, word: str, n: int = 3) -> list[str]:
        """Up to ``n`` words of the vocabulary with the most similar spelling, best first."""
        from fastw2v.vectors.suggestions import (
            nearest_spellings,  # rarely needed, and slow to import
        )

        return nearest_spellings(word, self.words, n)

    def similar(self, word: str | Sequence[str], n: int = 10) -> Neighbours:
        """The ``n`` nearest neighbours: words and cosines, decreasing; ties by lower row.

        word: one word, or several for the neighbours of the mean of their unit vectors. The words
            themselves are excluded.

        All rows are searched. A zero vector has cosine 0 to everything; rows with NaN or infinity
        are excluded. Raises UnknownWordError, and FormatError for a word whose vector has NaN or
        infinity.
        """
        return self.similar_many([word], n)[0]

    def similar_many(self, queries: Sequence[str | Sequence[str]], n: int = 10) -> list[Neighbours]:
        """The result of `similar` for each query, much faster than one by one."""
        asked = [[query] if isinstance(query, str) else list(query) for query in queries]
        terms = [self._terms(words) for words in asked]
        rows = [each for _, each in terms]
        means = [to_unit(unit.sum(axis=0)[None], np.float64) for unit, _ in terms]
        found = self._nearest(means, rows, n, COSINE)
        return [each if words else [] for each, words in zip(found, asked, strict=True)]

    def analogy(self, a: str, b: str, c: str, n: int = 10, rule: str = "add") -> Neighbours:
        """The ``n`` best answers to "a is to b as c is to ...": words and scores, decreasing.

        rule: "add": the cosine to b - a + c, of unit vectors (3CosAdd). "multiply": the product
            of the cosines to b and c, divided by that to a, the cosines shifted to between 0 and
            1, and 0.001 added to the divisor (3CosMul). Levy, Goldberg 2014, "Linguistic
            regularities in sparse and explicit word representations", sections 3 and 6.

        ``a``, ``b`` and ``c`` are excluded. Raises SettingsError for another rule, and as
        `similar` does.
        """
        return self.analogy_many([(a, b, c)], n, rule)[0]

    def analogy_many(
        self, questions: Sequence[tuple[str, str, str]], n: int = 10, rule: str = "add"
    ) -> list[Neighbours]:
        """The result of `analogy` for each question (a, b, c)."""
        if rule not in RULES:
            raise SettingsError(
                f"{parameter('rule')} is {rule!r}; it must be one of: {', '.join(RULES)}"
            )
        terms = [self._terms(words) for words in questions]
        rows = [each for _, each in terms]
        if rule == "multiply":
            return self._nearest(
                [unit[[1, 2, 0]] for unit, _ in terms], rows, n, Product(multiplied=2)
            )
        signs = np.array([-1.0, 1.0, 1.0])
        sums = [to_unit((signs @ unit)[None], np.float64) for unit, _ in terms]
        return self._nearest(sums, rows, n, COSINE)

    def made_from_ngrams(self, words: Sequence[str]) -> list[str]:
        """Those of the words that are not in the vocabulary: their vectors are made from n-grams.

        Raises UnknownWordError for one of which no vector can be made, and FormatError for one
        whose vector has NaN or infinity.
        """
        self._terms(words)
        return [] if self.subwords is None else [word for word in words if word not in self]

    def finite_rows(self, words: Sequence[str]) -> list[int]:
        """As `rows`; raises FormatError for a word whose vector has NaN or infinity."""
        rows = self.rows(words)
        norms = self._space().norms
        for word, row in zip(words, rows, strict=True):
            if np.isnan(norms[row]):
                raise FormatError(
                    f"the vector of {quoted(word)} has NaN or infinity; use another word"
                )
        return rows

    @property
    def finite(self) -> Array:
        """(V,) bool: whether all numbers of the row are finite."""
        return np.asarray(np.isfinite(self._space().norms))

    def unit_rows(self, count: int | None = None) -> Array:
        """(count, D) float32: the first ``count`` rows (None: all) scaled to norm 1.

        Zero vectors and those with NaN or infinity become zeros.
        """
        rows = len(range(len(self))[:count])
        unit = np.empty((rows, self.matrix.shape[1]), np.float32)
        for start, stop in blocks(*unit.shape):
            unit[start:stop] = to_unit(self.matrix[start:stop])
        return unit

    def _made(self, word: str) -> Array | None:
        """(D,) float32: the vector of an unknown word; None for a known one, or if none can be."""
        if self.subwords is None or word in self:
            return None
        return self.subwords.make(word)

    def _terms(self, words: Sequence[str]) -> tuple[Array, list[int]]:
        """(n, D) float64 unit vectors of the words, and the rows of those in the vocabulary.

        Raises as `similar` does.
        """
        made = [self._made(word) for word in words]
        known = [word for word, vector in zip(words, made, strict=True) if vector is None]
        rows = self.finite_rows(known)
        unit = np.empty((len(words), self.matrix.shape[1]))
        unit[[vector is None for vector in made]] = self._unit(rows)
        for place, vector in enumerate(made):
            if vector is not None:
                if not np.isfinite(vector).all():
                    raise FormatError(
                        f"the vector of {quoted(words[place])} has NaN or infinity; use another "
                        "word"
                    )
                unit[place] = to_unit(vector[None], np.float64)[0]
        return unit, rows

    def _unit(self, rows: list[int]) -> Array:
        """(n, D) float64: those rows scaled to norm 1."""
        return to_unit(self.matrix[np.array(rows, np.int64)], np.float64)

    def _space(self, count: int | None = None) -> Space:
        """The rows that are searched: the first ``count``, or all."""
        if self._norms is None:
            self._norms = row_norms(self.matrix)
        return Space(self.matrix, self._norms[:count])

    def _nearest(
        self,
        vectors: list[Array],
        excluded: list[list[int]],
        n: int,
        rule: Score,
        count: int | None = None,
    ) -> list[Neighbours]:
        """vectors: (T, D) float64 for each query. excluded: the rows excluded for each."""
        if not vectors or n < 1:
            return [[] for _ in vectors]
        questions = Queries(np.stack(vectors), excluded)
        return [
            [(self.words[row], float(score)) for row, score in zip(rows, scores, strict=True)]
            for rows, scores in nearest(self._space(count), questions, n, rule)
        ]
