"""The queries of `WordVectors`: nearest neighbours and analogies, one or many at once."""

from collections.abc import Sequence

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, to_unit
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item, Query, terms_of, wanted_count
from fastw2v.vectors.nearest import COSINE, Neighbours, Product

RULES = ("add", "multiply")


class QueryMethods(Vectors):
    """Nearest neighbours of items and vectors, and answers to analogies."""

    def similar(self, query: Query, n: int = 10, among: Sequence[Item] | None = None) -> Neighbours:
        """The ``n`` nearest neighbours: words and cosines, decreasing; ties by lower row.

        query: an item, a vector of D numbers, or several of them for the neighbours of the mean of
            their unit vectors. An item is a word, or an integer, which means the word of its
            decimal digits. The items themselves are excluded.
        among: search only these items; None for all.

        All rows are searched. A zero vector has cosine 0 to everything; rows with NaN or infinity
        are excluded. Raises UnknownWordError, and FormatError for a vector of another size, or one
        that has NaN or infinity.

            vectors.similar("king", n=3)
            vectors.similar(vectors["king"] - vectors["man"], among=["queen", "girl"])
        """
        return self.similar_many([query], n, among)[0]

    def similar_many(
        self, queries: Sequence[Query], n: int = 10, among: Sequence[Item] | None = None
    ) -> list[Neighbours]:
        """The result of `similar` for each query, much faster than one by one.

        vectors.similar_many(["king", ["new", "york"]], n=3)
        """
        n, searched = wanted_count(n, "n"), self._among(among)
        asked = [terms_of(query) for query in queries]
        read = [self._read(terms) for terms in asked]
        rows, means = [each for each, _ in read], [mean for _, mean in read]
        found = self._nearest(means, rows, n, COSINE, searched)
        return [each if terms else [] for each, terms in zip(found, asked, strict=True)]

    def cosines(self, pairs: Sequence[tuple[Item, Item]]) -> list[float]:
        """The cosine of each pair's vectors, from -1 to 1; 0 with a zero vector.

        Raises UnknownWordError, and FormatError for a vector that has NaN or infinity.

            vectors.cosines([("king", "queen"), ("rome", "italy")])
        """
        firsts, seconds = (self.finite_rows([pair[k] for pair in pairs]) for k in (0, 1))
        found: list[float] = []
        for start, stop in blocks(len(pairs), self.matrix.shape[1]):
            products = self._unit(firsts[start:stop]) * self._unit(seconds[start:stop])
            found += products.sum(axis=1).clip(-1, 1).tolist()
        return found

    def analogy(
        self,
        a: Item,
        b: Item,
        c: Item,
        n: int = 10,
        rule: str = "add",
        among: Sequence[Item] | None = None,
    ) -> Neighbours:
        """The ``n`` best answers to "a is to b as c is to ...": words and scores, decreasing.

        rule: "add": the cosine to b - a + c, of unit vectors (3CosAdd). "multiply": the product
            of the cosines to b and c, divided by that to a, the cosines shifted to between 0 and
            1, and 0.001 added to the divisor (3CosMul). Levy, Goldberg 2014, "Linguistic
            regularities in sparse and explicit word representations", sections 3 and 6.
        among: search only these items; None for all.

        ``a``, ``b`` and ``c`` are excluded. Raises SettingsError for another rule, and as
        `similar` does.

            vectors.analogy("man", "king", "woman")
        """
        return self.analogy_many([(a, b, c)], n, rule, among)[0]

    def analogy_many(
        self,
        questions: Sequence[tuple[Item, Item, Item]],
        n: int = 10,
        rule: str = "add",
        among: Sequence[Item] | None = None,
    ) -> list[Neighbours]:
        """The result of `analogy` for each question (a, b, c).

        vectors.analogy_many([("man", "king", "woman"), ("rome", "italy", "paris")], n=1)
        """
        if rule not in RULES:
            raise SettingsError(
                f"{parameter('rule')} is {rule!r}; it must be one of: {', '.join(RULES)}"
            )
        n, searched = wanted_count(n, "n"), self._among(among)
        terms = [self._units(words) for words in questions]
        rows = [each for _, each in terms]
        if rule == "multiply":
            ordered = [unit[[1, 2, 0]] for unit, _ in terms]
            return self._nearest(ordered, rows, n, Product(multiplied=2), searched)
        signs = np.array([-1.0, 1.0, 1.0])
        sums = [to_unit((signs @ unit)[None], np.float64) for unit, _ in terms]
        return self._nearest(sums, rows, n, COSINE, searched)

    def _read(self, terms: list[Item | Array]) -> tuple[list[int], Array]:
        """The rows of the items, and (1, D) float64: the direction of the mean of all terms."""
        unit, rows = self._units([term for term in terms if not isinstance(term, np.ndarray)])
        total = unit.sum(axis=0)
        for vector in terms:
            if isinstance(vector, np.ndarray):
                total += to_unit(self._checked(vector)[None], np.float64)[0]
        return rows, to_unit(total[None], np.float64)
