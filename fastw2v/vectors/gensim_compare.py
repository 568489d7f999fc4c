"""gensim's comparisons of words, and of lists of words."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.errors import FormatError, UnknownWordError, parameter
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.gensim_keys import KeyMethods
from fastw2v.vectors.items import Item, Term, given_list
from fastw2v.vectors.movers_distance import movers_distance
from fastw2v.vectors.nearest import all_scores, closer_rows


class CompareMethods(KeyMethods):
    """Cosines, distances and ranks. Unknown keys raise UnknownWordError unless said otherwise."""

    def similarity(self, w1: Term, w2: Term) -> float:
        """The cosine of two keys' vectors: ``vectors.similarity("king", "queen")``."""
        first, second = (to_unit(self._vector(term)[None], float)[0] for term in (w1, w2))
        return float(first @ second)

    def distance(self, w1: Term, w2: Term) -> float:
        """1 - `similarity`: ``vectors.distance("king", "queen")``."""
        return 1 - self.similarity(w1, w2)

    def n_similarity(self, ws1: Sequence[Term], ws2: Sequence[Term]) -> float:
        """The cosine of the mean vectors of two lists, which are not normalised first.

        Unknown words are ignored; 0 if no word of a list is known.

            vectors.n_similarity(["sushi", "shop"], ["japanese", "restaurant"])
        """
        lists = [given_list(keys, name) for keys, name in ((ws1, "ws1"), (ws2, "ws2"))]
        if not all(lists):
            raise ZeroDivisionError("one of the lists is empty; give at least one word in each")
        means = [self.get_mean_vector(keys, pre_normalize=False) for keys in lists]
        first, second = to_unit(np.stack(means), np.float64)
        return float(first @ second)

    def distances(self, word_or_vector: Term, other_words: Sequence[Item] = ()) -> Array:
        """(n,) float32: 1 - cosine, to ``other_words`` or, if empty, to all words.

        vectors.distances("king", ["queen", "bread"])
        """
        query = to_unit(self._vector(word_or_vector)[None], np.float64)
        others = given_list(other_words, "other_words")
        if not others:
            return np.asarray(1 - all_scores(self._space(), query))
        return np.asarray(1 - self._unit(self.rows(others)) @ query[0], np.float32)

    @staticmethod
    def cosine_similarities(vector_1: ArrayLike, vectors_all: ArrayLike) -> Array:
        """(n,): the cosines of one vector, (D,), to several, (n, D). FormatError for other shapes.

        vectors.cosine_similarities(vectors["king"], vectors[["queen", "bread"]])
        """
        one, several = np.asarray(vector_1), np.asarray(vectors_all)
        if one.ndim != 1 or several.shape[1:] != one.shape:
            raise FormatError(
                f"{parameter('vectors_all')} has the shape {several.shape} and "
                f"{parameter('vector_1')} {one.shape}; give (n, D) and (D,)"
            )
        cosines = to_unit(several, np.float64) @ to_unit(one[None], np.float64)[0]
        return np.asarray(cosines, np.result_type(one, several, np.float32))

    def closer_than(self, key1: Item, key2: Item) -> list[str]:
        """The words nearer to ``key1`` than ``key2`` is, in row order, without ``key1``.

        vectors.closer_than("king", "queen")
        """
        first, second = self.finite_rows([key1, key2])
        closer = closer_rows(self._space(), self._unit([first])[0], second)
        return [self.words[row] for row in closer.tolist() if row != first]

    words_closer_than = closer_than

    def rank(self, key1: Item, key2: Item) -> int:
        """1 + the number of words nearer to ``key1`` than ``key2``: ``vectors.rank("a", "b")``."""
        return len(self.closer_than(key1, key2)) + 1

    def most_similar_to_given(self, key1: Term, keys_list: Sequence[Item]) -> Item:
        """The key of a list nearest to ``key1``; ties: the first.

        vectors.most_similar_to_given("king", ["bread", "queen", "wine"])
        """
        keys = given_list(keys_list, "keys_list")
        if not keys:
            raise UnknownWordError("the list of keys is empty; give at least one")
        rows = self.finite_rows(keys)
        query = to_unit(self._vector(key1)[None], np.float64)[0]
        cosines = (self._unit(rows) * query).sum(axis=1)
        nearest: Item = keys[int(cosines.argmax())]
        return nearest

    def rank_by_centrality(
        self, words: Sequence[Item], use_norm: bool = True
    ) -> list[tuple[float, Item]]:
        """Words with their similarity to the mean of all, the nearest first; unknown are ignored.

        use_norm: scale the vectors to norm 1 first; otherwise the first numbers are products with
            the direction of the mean.

            vectors.rank_by_centrality(["king", "queen", "bread"])
        """
        known = [word for word in given_list(words, "words") if word in self]
        if not known:
            raise UnknownWordError("none of the words is in the vocabulary; give known words")
        rows = self.finite_rows(known)
        taken = self._unit(rows) if use_norm else self.matrix[rows].astype(np.float64)
        mean = to_unit(taken.mean(axis=0)[None], np.float64)[0]
        scores: list[float] = (taken * mean).sum(axis=1).tolist()
        return sorted(zip(scores, known, strict=True), reverse=True)

    def doesnt_match(self, words: Sequence[Item]) -> Item:
        """The word farthest from the mean of all; unknown words are ignored.

        vectors.doesnt_match(["breakfast", "cereal", "dinner", "lunch"])
        """
        return self.rank_by_centrality(words)[-1][1]

    def wmdistance(
        self, document1: Sequence[Item], document2: Sequence[Item], norm: bool = True
    ) -> float:
        """The word mover's distance of two texts, given as lists of words; needs SciPy.

        The least cost of moving the words of one text to those of the other, where the cost is the
        distance of their vectors: Kusner, Sun, Kolkin, Weinberger 2015, "From word embeddings to
        document distances", section 4. Unknown words are ignored. As in gensim, infinity if no word
        of a text is known, or if the texts have different words, all of them at distance 0.

        norm: scale the vectors to norm 1 first.

            vectors.wmdistance("the king speaks".split(), "a queen talks".split())
        """
        first, second = (
            [self.words[self.row(item)] for item in given_list(document, name) if item in self]
            for document, name in ((document1, "document1"), (document2, "document2"))
        )

        def vectors(words: list[str]) -> Array:
            rows = self.finite_rows(words)
            return self._unit(rows) if norm else self.matrix[rows].astype(np.float64)

        return movers_distance(first, second, vectors)
