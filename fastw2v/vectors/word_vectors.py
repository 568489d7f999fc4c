"""Word vectors, and the questions they answer: neighbours, and analogies."""

from collections.abc import Sequence

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, SettingsError, UnknownWordError
from fastw2v.formats.lookup import Lookup, count_repeats
from fastw2v.io.encoding import quoted
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import blocks, row_norms, to_unit
from fastw2v.vectors.gensim_api import GensimMixin
from fastw2v.vectors.nearest import COSINE, Product, Queries, Space, nearest

RULES = ("add", "multiply")

Neighbours = list[tuple[str, float]]  # words and their scores, falling; ties by lower row


def load(
    path, *, limit: int | None = None, strict: bool = False, mapped: bool | None = None
) -> "WordVectors":
    """The word vectors in a file of any known format; see `fastw2v.formats.read`."""
    return WordVectors.load(path, limit=limit, strict=strict, mapped=mapped)


class WordVectors(GensimMixin):
    """V words and their vectors of D dimensions.

    words: list of V str, each once.
    matrix: (V, D) float32, C-contiguous; row i is the vector of ``words[i]``. `MappedRows`, which
        gives copies of the rows asked for, where the vectors stay in their file.
    report: what was trained and how (dict), where the vectors come from a training; else None.
    notes: lines on faults of the file they were read from.

    gensim's names for questions work too: see `GensimMixin`.
    """

    def __init__(
        self,
        words: Sequence[str],
        matrix: np.ndarray | MappedRows,
        report: dict | None = None,
        *,
        lookup: Lookup | None = None,
    ):
        """lookup: of the words, which then must be a list with each word once; it is not copied."""
        self.words = list(words) if lookup is None else words
        self._lookup = Lookup(self.words) if lookup is None else lookup
        if not isinstance(matrix, MappedRows):
            matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.matrix = matrix
        self.report = report
        self.notes: list[str] = []
        self._norms: np.ndarray | None = None
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise FormatError(
                f"{len(self.words)} words and a matrix of shape {self.matrix.shape}: "
                "it must have one row for each word"
            )
        if lookup is None and count_repeats(self.words):
            raise FormatError("a word comes twice among the words; give each once")

    @classmethod
    def load(
        cls, path, limit: int | None = None, strict: bool = False, mapped: bool | None = None
    ) -> "WordVectors":
        """Read a file of any known format; see `fastw2v.formats.read`.

        mapped: whether vectors stay in their file, which word2vec binary allows, and are read when
            asked for; None: if they would take more than half of the memory that is free.
        """
        notes: list[str] = []
        contents = formats.read(path, limit=limit, strict=strict, notes=notes, mapped=mapped)
        vectors = cls(contents.words, contents.matrix, lookup=contents.lookup)
        vectors._norms = contents.norms
        vectors.notes = notes
        return vectors

    def save(self, path, *, format: str | None = None) -> None:
        """Write to ``path`` in the format its name tells; see `fastw2v.formats.save`."""
        formats.save(path, self.words, self.matrix, format=format)

    @property
    def index(self) -> dict[str, int]:
        """From word to row; made when first asked for."""
        return self._lookup.index

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word) -> bool:
        return self._lookup.find(word) is not None

    def __getitem__(self, word: str | Sequence[str]) -> np.ndarray:
        """(D,) float32 of a word, (n, D) of several. Raises UnknownWordError."""
        return self.matrix[self.row(word) if isinstance(word, str) else self.rows(word)]

    def __repr__(self) -> str:
        return f"<WordVectors: {len(self)} words, {self.matrix.shape[1]} dimensions>"

    def row(self, word: str) -> int:
        """The row of ``word``; UnknownWordError, with the nearest spellings, if it has none."""
        row = self._lookup.find(word)
        if row is not None:
            return row
        near = self.nearest_spellings(word)
        hint = f"spelt nearly so: {', '.join(near)}" if near else "no word is spelt nearly so"
        raise UnknownWordError(f"{quoted(word)} is not in the vocabulary; {hint}")

    def rows(self, words: Sequence[str]) -> list[int]:
        """The row of each word; UnknownWordError for the first that has none."""
        return [self.row(word) for word in words]

    def nearest_spellings(self, word: str, n: int = 3) -> list[str]:
        """Up to ``n`` words of the vocabulary that are spelt most like ``word``, best first."""
        from fastw2v.vectors.suggestions import (
            nearest_spellings,  # rarely needed, and slow to import
        )

        return nearest_spellings(word, self.words, n)

    def similar(self, word: str | Sequence[str], n: int = 10) -> Neighbours:
        """The ``n`` nearest neighbours: words and their cosines, falling; ties by lower row.

        word: one word, or several for the neighbours of the mean of their unit vectors. They
            themselves are left out.

        All rows are compared. A zero vector has cosine 0 to everything; rows with NaN or infinity
        are nobody's neighbours. Raises UnknownWordError, and FormatError for a word whose own
        vector holds NaN or infinity.
        """
        return self.similar_many([word], n)[0]

    def similar_many(self, queries: Sequence[str | Sequence[str]], n: int = 10) -> list[Neighbours]:
        """What `similar` gives for each query. Many at once take far less time than one by one."""
        asked = [[query] if isinstance(query, str) else list(query) for query in queries]
        rows = [self.finite_rows(words) for words in asked]
        means = [to_unit(self._unit(each).sum(axis=0)[None], np.float64) for each in rows]
        found = self._nearest(means, rows, n, COSINE)
        return [each if words else [] for each, words in zip(found, asked, strict=True)]

    def analogy(self, a: str, b: str, c: str, n: int = 10, rule: str = "add") -> Neighbours:
        """The ``n`` best answers to: ``a`` is to ``b`` as ``c`` is to what? With scores, falling.

        rule: "add": the cosine to b - a + c, all of length 1 (3CosAdd). "multiply": the product
            of the cosines to b and c, divided by that to a, the cosines shifted to between 0 and
            1, and 0.001 added to the divisor (3CosMul). Levy, Goldberg 2014, "Linguistic
            regularities in sparse and explicit word representations", sections 3 and 6.

        ``a``, ``b`` and ``c`` are left out. Raises as `similar` does.
        """
        return self.analogy_many([(a, b, c)], n, rule)[0]

    def analogy_many(
        self, questions: Sequence[tuple[str, str, str]], n: int = 10, rule: str = "add"
    ) -> list[Neighbours]:
        """What `analogy` gives for each question (a, b, c)."""
        if rule not in RULES:
            raise SettingsError(f"rule is {rule!r}; it must be one of: {', '.join(RULES)}")
        rows = [self.finite_rows(words) for words in questions]
        if rule == "multiply":
            terms = [self._unit([b, c, a]) for a, b, c in rows]
            return self._nearest(terms, rows, n, Product(multiplied=2))
        signs = np.array([-1.0, 1.0, 1.0])
        sums = [to_unit((signs @ self._unit(each))[None], np.float64) for each in rows]
        return self._nearest(sums, rows, n, COSINE)

    def finite_rows(self, words: Sequence[str]) -> list[int]:
        """As `rows`, but raises FormatError for a word whose vector holds NaN or infinity."""
        rows = self.rows(words)
        norms = self._space().norms
        for word, row in zip(words, rows, strict=True):
            if np.isnan(norms[row]):
                raise FormatError(
                    f"the vector of {quoted(word)} holds NaN or infinity: no neighbours"
                )
        return rows

    @property
    def sound(self) -> np.ndarray:
        """(V,) bool: whether all numbers of the row are finite."""
        return ~np.isnan(self._space().norms)

    def unit_rows(self, count: int | None = None) -> np.ndarray:
        """(count, D) float32: the first ``count`` rows (None: all) scaled to length 1.

        Zero vectors and those with NaN or infinity become zeros.
        """
        rows = len(range(len(self))[:count])
        unit = np.empty((rows, self.matrix.shape[1]), np.float32)
        for start, stop in blocks(*unit.shape):
            unit[start:stop] = to_unit(self.matrix[start:stop])
        return unit

    def _unit(self, rows: list[int]) -> np.ndarray:
        """(n, D) float64: those rows scaled to length 1."""
        return to_unit(self.matrix[np.array(rows, np.int64)], np.float64)

    def _space(self, count: int | None = None) -> Space:
        """What is searched: the first ``count`` rows, or all."""
        if self._norms is None:
            self._norms = row_norms(self.matrix)
        return Space(self.matrix, self._norms[:count])

    def _nearest(self, vectors: list, excluded: list, n: int, rule, count=None) -> list[Neighbours]:
        """vectors: for each question (T, D) float64. excluded: for each its rows to leave out."""
        if not vectors or n < 1:
            return [[] for _ in vectors]
        questions = Queries(np.stack(vectors), excluded)
        return [
            [(self.words[row], float(score)) for row, score in zip(rows, scores, strict=True)]
            for rows, scores in nearest(self._space(count), questions, n, rule)
        ]
