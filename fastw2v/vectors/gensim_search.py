"""gensim's searches for nearest neighbours.

Rankings are exact, ties by lower row, while gensim's depend on float32 rounding; a zero vector has
cosine 0, while gensim gives NaN.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastw2v.errors import SettingsError
from fastw2v.io.encoding import word_of
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item, Term, terms_of, wanted_count
from fastw2v.vectors.nearest import COSINE, Neighbours, Product, Score, all_scores

Restriction = int | Sequence[Item] | None
"""The number of first rows to search, or the items to search; None, or 0, for all."""
_EPSILON = 1e-6  # gensim's in 3CosMul


class SearchMethods(Vectors):
    """``topn``: the number of answers; None for the scores of all searched rows instead."""

    def most_similar(
        self,
        positive: Term | Sequence[Term | tuple[Term, float]] | None = None,
        negative: Term | Sequence[Term | tuple[Term, float]] | None = None,
        topn: int | None = 10,
        clip_start: int = 0,
        clip_end: int | None = None,
        restrict_vocab: Restriction = None,
        indexer: Any = None,
    ) -> Neighbours | Array:
        """Words nearest to the sum of positive minus negative unit vectors, with cosines.

        positive, negative: a key, a vector (not scaled), or a list of those; in a list also
            pairs ``(key or vector, weight)``.
        topn: None for the cosines of all searched rows instead, (n,) float32.
        clip_start, clip_end: search only the rows from ``clip_start`` to before ``clip_end``.
        restrict_vocab: search only so many first rows, or only these items. It takes precedence.
        indexer: an object with ``most_similar(vector, topn)``, for example gensim's AnnoyIndexer,
            that searches instead.

        Raises UnknownWordError; SettingsError for no query; FormatError for vectors with NaN.

            vectors.most_similar(positive=["king", "woman"], negative=["man"], topn=3)
        """
        if topn is not None and wanted_count(topn, "topn") < 1:
            return []
        terms = [(term, 1.0) for term in terms_of(positive)]
        terms += [(term, -1.0) for term in terms_of(negative)]
        weighted = [term if isinstance(term, tuple) else (term, sign) for term, sign in terms]
        if not weighted:
            raise SettingsError("no query: give a positive or a negative word")
        with np.errstate(all="ignore"):  # an infinite weight, or a sum out of range
            total = np.sum([weight * self._vector(term) for term, weight in weighted], axis=0)
        query = to_unit(self._checked(total)[None], np.float64)
        if indexer is not None and topn is not None:
            return indexer.most_similar(query[0].astype(np.float32), topn)  # type: ignore[no-any-return]
        rows = self._restricted(restrict_vocab, slice(clip_start, clip_end or None))
        return self._best(query, [term for term, _ in weighted], topn, COSINE, rows)

    def most_similar_cosmul(
        self,
        positive: Term | Sequence[Term] | None = None,
        negative: Term | Sequence[Term] | None = None,
        topn: int | None = 10,
        restrict_vocab: Restriction = None,
    ) -> Neighbours | Array:
        """As `most_similar`, by products and quotients of shifted cosines (3CosMul).

        vectors.most_similar_cosmul(positive=["king", "woman"], negative=["man"])
        """
        if topn is not None and wanted_count(topn, "topn") < 1:
            return []
        above, below = terms_of(positive), terms_of(negative)
        if not above:
            raise SettingsError("no query: give a positive word")
        terms = to_unit(np.stack([self._vector(term) for term in [*above, *below]]), float)
        rule = Product(len(above), _EPSILON)
        rows = self._restricted(restrict_vocab)
        return self._best(terms, [*above, *below], topn, rule, rows)

    def similar_by_key(
        self, key: Term, topn: int | None = 10, restrict_vocab: Restriction = None
    ) -> Neighbours | Array:
        """`most_similar` to one key or vector: ``vectors.similar_by_key("king", topn=3)``."""
        return self.most_similar([key], topn=topn, restrict_vocab=restrict_vocab)

    def similar_by_word(
        self, word: Term, topn: int | None = 10, restrict_vocab: Restriction = None
    ) -> Neighbours | Array:
        """As `similar_by_key`: ``vectors.similar_by_word("king", topn=3)``."""
        return self.similar_by_key(word, topn, restrict_vocab)

    def similar_by_vector(
        self, vector: Term, topn: int | None = 10, restrict_vocab: Restriction = None
    ) -> Neighbours | Array:
        """As `similar_by_key`: ``vectors.similar_by_vector(vectors["king"] * 2, topn=3)``."""
        return self.similar_by_key(vector, topn, restrict_vocab)

    def relative_cosine_similarity(self, wa: Item, wb: Item, topn: int = 10) -> float:
        """The cosine of two words, divided by the sum of those of the ``topn`` nearest to ``wa``.

        Above 0.1 for ten, the words are nearer than a usual neighbour, perhaps synonyms:
        Leeuwenberg and others 2016, "A minimally supervised approach for synonym extraction with
        word embeddings", equation 1. Raises SettingsError if there are no neighbours.

            vectors.relative_cosine_similarity("fast", "quick")
        """
        found = self.most_similar([wa], topn=wanted_count(topn, "topn"))
        if not len(found):
            raise SettingsError("no neighbours to compare with; use topn of 1 or more")
        return float(self._vector(wa) @ self._vector(wb)) / sum(score for _, score in found)

    def _restricted(
        self, restriction: Restriction, clip: slice | None = None
    ) -> slice | Array | None:
        """The rows to search: of a restriction or, if there is none, of ``clip``."""
        if restriction is None or word_of(restriction) == "0":
            return clip
        if isinstance(restriction, (str, bytes)) or not hasattr(restriction, "__index__"):
            return self._among(restriction, "restrict_vocab")
        return slice(wanted_count(restriction, "restrict_vocab"))

    def _best(
        self,
        vectors: Array,
        terms: list[Any],
        topn: int | None,
        rule: Score,
        searched: slice | Array | None,
    ) -> Neighbours | Array:
        """vectors: (T, D) float64, of norm 1. terms: the keys among them are excluded."""
        if topn is None:
            return all_scores(self._space(searched), vectors, rule)
        known = [term for term in terms if not isinstance(term, np.ndarray) and term in self]
        rows = [self.row(term) for term in known]
        return self._nearest([vectors], [rows], topn, rule, searched)[0]
