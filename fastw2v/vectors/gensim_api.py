"""The query methods of ``KeyedVectors`` in gensim 4.

They have the same names, arguments and results. Rankings are exact, while gensim's depend on
float32 rounding; a zero vector has cosine 0, while gensim gives NaN.
"""

from collections.abc import Sequence

import numpy as np

from fastw2v.errors import UnknownWordError
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.core import Item, Term, Vectors, terms_of, wanted_count
from fastw2v.vectors.nearest import COSINE, Neighbours, Product, Score, all_scores

Key = Item
_EPSILON = 1e-6  # gensim's in 3CosMul


class GensimMixin(Vectors):
    """The methods of gensim's ``KeyedVectors``, for `WordVectors`.

    A *key* is a word, or a row number. Unknown keys raise UnknownWordError, which is a KeyError.
    """

    @property
    def key_to_index(self) -> dict[str, int]:
        return self.index

    @property
    def index_to_key(self) -> list[str]:
        return self.words

    @property
    def vectors(self) -> Matrix:
        """(V, D) float32."""
        return self.matrix

    @property
    def vector_size(self) -> int:
        return int(self.matrix.shape[1])

    def has_index_for(self, key: Key) -> bool:
        return key in self

    def get_index(self, key: Key, default: int | None = None) -> int:
        if default is not None and not self.has_index_for(key):
            return default
        return self.row(key)

    def get_vector(self, key: Key, norm: bool = False) -> Array:
        """(D,) float32; scaled to norm 1 if ``norm``."""
        vector = self.matrix[self.get_index(key)]
        return to_unit(vector[None])[0] if norm else vector

    def get_normed_vectors(self) -> Array:
        """(V, D) float32, rows scaled to norm 1."""
        return self.unit_rows()

    def most_similar(
        self,
        positive: Term | Sequence[Term | tuple[Term, float]] | None = None,
        negative: Term | Sequence[Term | tuple[Term, float]] | None = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
    ) -> Neighbours | Array:
        """Words nearest to the sum of positive minus negative unit vectors, with cosines.

        positive, negative: a key, a vector (not scaled), or a list of those; in a list also
            pairs ``(key or vector, weight)``.
        topn: None for the cosines of all rows instead, (V,) float32.
        restrict_vocab: search only the first ``restrict_vocab`` rows.
        """
        if topn is not None and wanted_count(topn, "topn") < 1:
            return []
        terms = [(term, 1.0) for term in terms_of(positive)]
        terms += [(term, -1.0) for term in terms_of(negative)]
        weighted = [term if isinstance(term, tuple) else (term, sign) for term, sign in terms]
        if not weighted:
            raise ValueError("no query: give a positive or a negative word")
        with np.errstate(all="ignore"):  # an infinite weight, or a sum out of range
            total = np.sum([weight * self._vector(term) for term, weight in weighted], axis=0)
        self._checked(total)
        query = to_unit(total[None], np.float64)
        return self._best(query, [term for term, _ in weighted], topn, COSINE, restrict_vocab)

    def most_similar_cosmul(
        self,
        positive: Term | Sequence[Term] | None = None,
        negative: Term | Sequence[Term] | None = None,
        topn: int | None = 10,
        restrict_vocab: int | None = None,
    ) -> Neighbours | Array:
        """As `most_similar`, by products and quotients of shifted cosines (3CosMul)."""
        if topn is not None and wanted_count(topn, "topn") < 1:
            return []
        above, below = terms_of(positive), terms_of(negative)
        if not above:
            raise ValueError("no query: give a positive word")
        terms = to_unit(np.stack([self._vector(term) for term in [*above, *below]]), float)
        rule = Product(len(above), _EPSILON)
        return self._best(terms, [*above, *below], topn, rule, restrict_vocab)

    def similar_by_key(
        self, key: Term, topn: int | None = 10, restrict_vocab: int | None = None
    ) -> Neighbours | Array:
        return self.most_similar([key], topn=topn, restrict_vocab=restrict_vocab)

    similar_by_word = similar_by_key
    similar_by_vector = similar_by_key

    def similarity(self, w1: Term, w2: Term) -> float:
        """The cosine of two keys' vectors."""
        return float(self._vector(w1) @ self._vector(w2))

    def distance(self, w1: Term, w2: Term) -> float:
        """1 - `similarity`."""
        return 1 - self.similarity(w1, w2)

    def n_similarity(self, ws1: Sequence[Key], ws2: Sequence[Key]) -> float:
        """The cosine of the mean vectors of two lists, which are not normalised first."""
        if not len(ws1) or not len(ws2):
            raise ZeroDivisionError("one of the lists is empty; give at least one word in each")
        rows = [[self.get_index(key) for key in keys] for keys in (ws1, ws2)]
        means = np.stack([self.matrix[each].astype(np.float64).mean(axis=0) for each in rows])
        first, second = to_unit(means, np.float64)
        return float(first @ second)

    def distances(self, word_or_vector: Term, other_words: Sequence[Key] = ()) -> Array:
        """(n,) float32: 1 - cosine, to ``other_words`` or, if empty, to all words."""
        query = to_unit(self._vector(word_or_vector)[None], np.float64)
        if not len(other_words):
            return np.asarray(1 - all_scores(self._space(), query))
        others = self.matrix[[self.get_index(key) for key in other_words]]
        return np.asarray(1 - to_unit(others, np.float64) @ query[0], np.float32)

    def doesnt_match(self, words: Sequence[str]) -> str:
        """The word farthest from the mean of all; unknown words are ignored."""
        known = [word for word in words if word in self]
        if not known:
            raise UnknownWordError("none of the words is in the vocabulary; give known words")
        unit = np.stack([self._vector(word) for word in known])
        mean = to_unit(unit.mean(axis=0)[None], np.float64)[0]
        farthest: tuple[float, str] = min(
            zip((unit * mean).sum(axis=1).tolist(), known, strict=True)
        )
        return farthest[1]

    def _best(
        self,
        vectors: Array,
        terms: list[Term],
        topn: int | None,
        rule: Score,
        count: int | None,
    ) -> Neighbours | Array:
        """vectors: (T, D) float64, of norm 1. terms: the keys among them are excluded."""
        if topn is None:
            return all_scores(self._space(slice(count)), vectors, rule)
        keys = [term for term in terms if not isinstance(term, np.ndarray)]
        rows = [self.get_index(key) for key in keys]
        return self._nearest([vectors], [rows], topn, rule, slice(count))[0]
