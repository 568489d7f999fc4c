"""gensim's names for questions to word vectors, those of ``KeyedVectors`` in gensim 4.

They mean what they mean there, and only translate. Where gensim goes by rounding in float32, these
are exact; a zero vector has cosine 0, where gensim has NaN.
"""

from collections.abc import Sequence
from numbers import Integral

import numpy as np

from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.io.encoding import quoted
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.nearest import COSINE, Product, all_scores

_EPSILON = 1e-6  # gensim's in 3CosMul


class GensimMixin:
    """What gensim's ``KeyedVectors`` offers, for `WordVectors`.

    A *key* is a word, or a row number. Unknown keys raise UnknownWordError, which is a KeyError.
    """

    @property
    def key_to_index(self) -> dict[str, int]:
        return self.index

    @property
    def index_to_key(self) -> list[str]:
        return self.words

    @property
    def vectors(self) -> np.ndarray:
        """(V, D) float32."""
        return self.matrix

    @property
    def vector_size(self) -> int:
        return self.matrix.shape[1]

    def has_index_for(self, key) -> bool:
        return key in self or _is_row(key, self)

    def get_index(self, key, default: int | None = None) -> int:
        if default is not None and not self.has_index_for(key):
            return default
        return self.row(key) if isinstance(key, str) else _row(key, self)

    def get_vector(self, key, norm: bool = False) -> np.ndarray:
        """(D,) float32; scaled to length 1 if ``norm``."""
        vector = self.matrix[self.get_index(key)]
        return to_unit(vector[None])[0] if norm else vector

    def get_normed_vectors(self) -> np.ndarray:
        """(V, D) float32, rows scaled to length 1."""
        return self.unit_rows()

    def most_similar(self, positive=None, negative=None, topn=10, restrict_vocab=None):
        """Words nearest to the sum of positive unit vectors less the negative ones, and cosines.

        positive, negative: a key, a vector (taken as it is), or a list of those; in a list also
            pairs of one and its weight.
        topn: None for the cosines of all rows instead, (V,) float32.
        restrict_vocab: search only the first so many rows.
        """
        if topn is not None and topn < 1:
            return []
        terms = [(term, 1.0) for term in _listed(positive)]
        terms += [(term, -1.0) for term in _listed(negative)]
        terms = [term if isinstance(term, tuple) else (term, sign) for term, sign in terms]
        if not terms:
            raise ValueError("nothing to compare with: give a positive or a negative word")
        total = sum(weight * _vector(term, self) for term, weight in terms)
        query = to_unit(total[None], np.float64)
        return self._best(query, [term for term, _ in terms], topn, COSINE, restrict_vocab)

    def most_similar_cosmul(self, positive=None, negative=None, topn=10, restrict_vocab=None):
        """As `most_similar`, by products and quotients of shifted cosines: 3CosMul."""
        if topn is not None and topn < 1:
            return []
        positive, negative = _listed(positive), _listed(negative)
        if not positive:
            raise ValueError("nothing to compare with: give a positive word")
        terms = to_unit(np.stack([_vector(term, self) for term in [*positive, *negative]]), float)
        rule = Product(len(positive), _EPSILON)
        return self._best(terms, [*positive, *negative], topn, rule, restrict_vocab)

    def similar_by_key(self, key, topn=10, restrict_vocab=None):
        return self.most_similar([key], topn=topn, restrict_vocab=restrict_vocab)

    similar_by_word = similar_by_key
    similar_by_vector = similar_by_key

    def similarity(self, w1, w2) -> float:
        """The cosine of two keys' vectors."""
        return float(_vector(w1, self) @ _vector(w2, self))

    def distance(self, w1, w2) -> float:
        """1 - `similarity`."""
        return 1 - self.similarity(w1, w2)

    def n_similarity(self, ws1: Sequence, ws2: Sequence) -> float:
        """The cosine of two lists' mean vectors, which are not scaled to length 1 before."""
        if not len(ws1) or not len(ws2):
            raise ZeroDivisionError("one of the lists is empty: it has no mean")
        rows = [[self.get_index(key) for key in keys] for keys in (ws1, ws2)]
        means = np.stack([self.matrix[each].astype(np.float64).mean(axis=0) for each in rows])
        first, second = to_unit(means, np.float64)
        return float(first @ second)

    def distances(self, word_or_vector, other_words: Sequence = ()) -> np.ndarray:
        """(n,) float32: 1 - cosine, to the other words or, without those, to all."""
        query = to_unit(_vector(word_or_vector, self)[None], np.float64)
        if not len(other_words):
            return 1 - all_scores(self._space(), query)
        others = self.matrix[[self.get_index(key) for key in other_words]]
        return (1 - to_unit(others, np.float64) @ query[0]).astype(np.float32)

    def doesnt_match(self, words: Sequence[str]) -> str:
        """The word farthest from the mean of all, unknown ones left out of account."""
        known = [word for word in words if word in self]
        if not known:
            raise UnknownWordError("none of the words is in the vocabulary")
        unit = np.stack([_vector(word, self) for word in known])
        mean = to_unit(unit.mean(axis=0)[None], np.float64)[0]
        return min(zip((unit * mean).sum(axis=1).tolist(), known, strict=True))[1]

    def _best(self, vectors: np.ndarray, terms: list, topn, rule, count):
        """vectors: (T, D) float64, of length 1. terms: of those, the keys are left out."""
        if topn is None:
            return all_scores(self._space(count), vectors, rule)
        keys = [term for term in terms if not isinstance(term, np.ndarray)]
        rows = [self.get_index(key) for key in keys]
        return self._nearest([vectors], [rows], topn, rule, count)[0]


def _listed(terms) -> list:
    if terms is None:
        return []
    one = isinstance(terms, (str, Integral)) or (isinstance(terms, np.ndarray) and terms.ndim == 1)
    return [terms] if one else list(terms)


def _vector(term, known: GensimMixin) -> np.ndarray:
    """(D,) float64: of a key its unit vector; a vector as it is."""
    if isinstance(term, np.ndarray):
        return term.astype(np.float64)
    vector = known.get_vector(term)
    if not np.isfinite(vector).all():
        raise FormatError(
            f"the vector of {quoted(term)} holds NaN or infinity: it has no direction"
        )
    return to_unit(vector[None], np.float64)[0]


def _is_row(key, known: GensimMixin) -> bool:
    return isinstance(key, Integral) and 0 <= key < len(known)


def _row(key, known: GensimMixin) -> int:
    if _is_row(key, known):
        return int(key)
    raise UnknownWordError(f"{key!r} is neither a word nor a row number from 0 to {len(known) - 1}")
