"""Words and their vectors: what all queries are made of.

`Vectors` finds rows, and reads queries: an item, a vector, or several of them. The classes of
methods in this room derive from it, and `WordVectors` from all of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.formats.lookup import Lookup, count_repeats
from fastw2v.formats.subwords import Subwords
from fastw2v.io.encoding import quoted, word_of
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import MappedRows, Matrix
from fastw2v.matrix.norms import blocks, row_norms, to_unit
from fastw2v.vectors.items import Item, Term, given_list, spelled_items
from fastw2v.vectors.nearest import Neighbours, Queries, Score, Space, nearest


class Vectors:
    """V words and their vectors of D dimensions: rows, norms, and the search for the nearest."""

    def __init__(
        self,
        words: Sequence[Item],
        matrix: Matrix | ArrayLike,
        report: dict[str, Any] | None = None,
        *,
        counts: ArrayLike | None = None,
        outputs: ArrayLike | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        """words: V distinct items. matrix: (V, D) numbers. counts: V whole numbers, if known.

        outputs: (V, D) numbers, output vectors, which `predict_output_word` needs; if known.

        report: how the vectors were trained. lookup: of the words, which then must be a list of
        distinct str; it is not copied.
        """
        self.words: list[str] = (
            words if lookup and isinstance(words, list) else spelled_items(words)
        )
        self._lookup = Lookup(self.words) if lookup is None else lookup
        if not isinstance(matrix, MappedRows):
            matrix = np.ascontiguousarray(matrix, dtype=np.float32)
        self.matrix: Matrix = matrix
        self.report = report
        self.notes: list[str] = []
        self.subwords: Subwords | None = None
        self.expandos: dict[str, Array] = {}
        self._norms: Array | None = None
        self._owns_matrix = False  # whether no other program can hold the array
        self.outputs: Array | None = None
        if outputs is not None:
            self.outputs = np.ascontiguousarray(outputs, dtype=np.float32)
        self._source: StrPath | None = None  # the file they were read from, and not changed since
        self._predictor: Any = None
        if self.matrix.ndim != 2 or len(self.matrix) != len(self.words):
            raise FormatError(
                f"{len(self.words)} words and a matrix of shape {self.matrix.shape}: "
                "give one row for each word"
            )
        if lookup is None and count_repeats(self.words):
            raise FormatError("a word occurs twice; give each word once")
        if counts is not None:
            self.counts = counts

    @property
    def counts(self) -> Array | None:
        """(V,) int64: how often each word occurs in the text; None if that is not known."""
        return self.expandos.get("count")

    @counts.setter
    def counts(self, counts: ArrayLike) -> None:
        given = np.asarray(counts)
        if given.shape != (len(self),) or given.dtype.kind not in "iu" or (given < 0).any():
            raise FormatError(
                f"counts of shape {given.shape} and type {given.dtype}; give a whole number from 0 "
                f"on for each of the {len(self)} words"
            )
        self.expandos["count"] = given.astype(np.int64)

    # --- words and rows ---------------------------------------------------------------------

    @property
    def index(self) -> dict[str, int]:
        """Row by word; built on first use."""
        return self._lookup.index

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[str]:
        """The words, in row order."""
        return iter(self.words)

    def __contains__(self, item: object) -> bool:
        return self._find(item) is not None

    def __getitem__(self, items: Item | Sequence[Item]) -> Array:
        """(D,) float32 of an item, (n, D) float32 of several. Raises UnknownWordError.

        The vector of one item is read-only: changes would make the norms wrong.
        """
        if word_of(items) is None:
            if self.subwords is None:
                return self.matrix[np.array(self.rows(items), np.int64)]  # type: ignore[arg-type]
            stacked = [self[item] for item in items]  # type: ignore[union-attr]
            return np.reshape(stacked, (len(stacked), self.matrix.shape[1])).astype(np.float32)
        made = self._made(items)
        vector: Array = self.matrix[self.row(items)].view() if made is None else made
        vector.flags.writeable = False
        return vector

    def row(self, item: Item | Sequence[Item]) -> int:
        """The row of an item. Raises UnknownWordError, with similar spellings."""
        row = self._find(item)
        if row is not None:
            return row
        word = word_of(item)
        if word is None:
            raise UnknownWordError(f"{item!r:.60} is not a word; give a str, bytes or an integer")
        if not isinstance(item, (str, bytes)):
            raise UnknownWordError(
                f"{word!r} is not in the vocabulary: an integer means the word of its digits; "
                f"row {word} is vectors.matrix[{word}]"
            )
        near = self.nearest_spellings(word)
        hint = f"did you mean {', '.join(near)}?" if near else "no word has a similar spelling"
        raise UnknownWordError(f"{quoted(word)} is not in the vocabulary; {hint}")

    def rows(self, items: Sequence[Item]) -> list[int]:
        """The row of each item. Raises UnknownWordError for the first unknown one."""
        try:
            return [self.row(item) for item in ([items] if word_of(items) is not None else items)]
        except TypeError:
            return [self.row(items)]  # which is neither an item nor several: raises

    def nearest_spellings(self, word: str, n: int = 3) -> list[str]:
        """Up to ``n`` words of the vocabulary with the most similar spelling, best first."""
        from fastw2v.vectors.suggestions import (
            nearest_spellings,  # rarely needed, and slow to import
        )

        return nearest_spellings(word, self.words, n)

    def _find(self, item: object) -> int | None:
        word = item if type(item) is str else word_of(item)
        return None if word is None else self._lookup.find(word)

    # --- vectors ----------------------------------------------------------------------------

    @property
    def finite(self) -> Array:
        """(V,) bool: whether all numbers of the row are finite."""
        return np.asarray(np.isfinite(self._all_norms()))

    def unit_rows(self, count: int | None = None) -> Array:
        """(count, D) float32: the first ``count`` rows (None: all) scaled to norm 1.

        Zero vectors and those with NaN or infinity become zeros.
        """
        rows = len(range(len(self))[:count])
        unit = np.empty((rows, self.matrix.shape[1]), np.float32)
        for start, stop in blocks(*unit.shape):
            unit[start:stop] = to_unit(self.matrix[start:stop])
        return unit

    def finite_rows(self, items: Sequence[Item]) -> list[int]:
        """As `rows`; raises FormatError for an item whose vector has NaN or infinity."""
        rows = self.rows(items)
        norms = self._all_norms()
        for row in rows:
            if np.isnan(norms[row]):
                raise FormatError(
                    f"the vector of {quoted(self.words[row])} has NaN or infinity; use another word"
                )
        return rows

    def _all_norms(self) -> Array:
        if self._norms is None:
            self._norms = row_norms(self.matrix)
        return self._norms

    def _unit(self, rows: list[int]) -> Array:
        """(n, D) float64: those rows scaled to norm 1."""
        return to_unit(self.matrix[np.array(rows, np.int64)], np.float64)

    def made_from_ngrams(self, items: Sequence[Item]) -> list[Item]:
        """Those items that are not in the vocabulary, whose vectors ``subwords`` makes.

        Raises UnknownWordError for one of which none can be made, and FormatError for one whose
        vector has NaN or infinity.
        """
        self._units(items)
        return [item for item in items if item not in self]

    def _made(self, item: object) -> Array | None:
        """(D,) float32: the vector of an unknown item; None for a known one, or if none is made."""
        word = word_of(item)
        if self.subwords is None or word is None or word in self:
            return None
        return self.subwords.make(word)

    def _units(self, items: Sequence[Item]) -> tuple[Array, list[int]]:
        """(n, D) float64 unit vectors of items, and the rows of those in the vocabulary.

        Raises UnknownWordError, and FormatError for a vector with NaN or infinity.
        """
        made = {place: vector for place, item in enumerate(items)
                if (vector := self._made(item)) is not None}  # fmt: skip
        if not made:
            rows = self.finite_rows(items)
            return self._unit(rows), rows
        rows = self.finite_rows([item for place, item in enumerate(items) if place not in made])
        unit = np.empty((len(items), self.matrix.shape[1]))
        unit[[place not in made for place in range(len(items))]] = self._unit(rows)
        for place, vector in made.items():
            if not np.isfinite(vector).all():
                word = quoted(str(word_of(items[place])))
                raise FormatError(f"the vector of {word} has NaN or infinity; use another word")
            unit[place] = to_unit(vector[None], np.float64)[0]
        return unit, rows

    def _vector(self, term: Term) -> Array:
        """(D,) float64: the unit vector of an item; a vector unchanged, once it is checked."""
        if word_of(term) is not None:
            unit: Array = self._units([term])[0][0]  # type: ignore[list-item]
            return unit
        if not isinstance(term, np.ndarray):
            self.row(term)  # raises
        return self._checked(term)  # type: ignore[arg-type]

    def _checked(self, vector: Array) -> Array:
        """(D,) float64 of a vector that is given. Raises FormatError if it is none to search."""
        size = self.matrix.shape[1]
        if vector.shape != (size,) or vector.dtype.kind not in "fiu":
            raise FormatError(
                f"a query vector of shape {vector.shape} and type {vector.dtype}; give {size} "
                "numbers, as these vectors have"
            )
        if not np.isfinite(vector).all():
            raise FormatError("the query vector has NaN or infinity; use another one")
        return vector.astype(np.float64)

    # --- search -----------------------------------------------------------------------------

    def _among(self, items: Sequence[Item] | None, name: str = "among") -> Array | None:
        """(n,) int64: the distinct rows of items, in their order; None: all rows."""
        if items is None:
            return None
        return np.array(list(dict.fromkeys(self.rows(given_list(items, name)))), np.int64)

    def _space(self, rows: slice | Array | None = None) -> Space:
        """The rows that are searched: all, a slice, or those with these numbers."""
        norms = self._all_norms()
        if isinstance(rows, slice):
            span = range(len(self))[rows]
            if span.start == 0 and span.step == 1:
                return Space(self.matrix, norms[: span.stop])
            rows = np.arange(span.start, span.stop, span.step)
        return Space(self.matrix, norms if rows is None else norms[rows], rows)

    def _nearest(
        self,
        vectors: list[Array],
        excluded: list[list[int]],
        n: int,
        rule: Score,
        rows: slice | Array | None = None,
    ) -> list[Neighbours]:
        """vectors: (T, D) float64 for each query. excluded: the rows excluded for each."""
        if not vectors or n < 1:
            return [[] for _ in vectors]
        questions = Queries(np.stack(vectors), excluded)
        return [
            [(self.words[row], float(score)) for row, score in zip(rows, scores, strict=True)]
            for rows, scores in nearest(self._space(rows), questions, n, rule)
        ]
