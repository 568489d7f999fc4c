"""gensim's names for words, rows, vectors and norms."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.errors import SettingsError, parameter
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.mapped_rows import Matrix
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item, Term, given_list


class KeyMethods(Vectors):
    """A *key* is an item: a word, or an integer, which means the word of its digits."""

    @property
    def key_to_index(self) -> dict[str, int]:
        """Row by word, as `index`: ``vectors.key_to_index["king"]``."""
        return self.index

    @property
    def index_to_key(self) -> list[str]:
        """The words in row order, as ``words``: ``vectors.index_to_key[:10]``."""
        return self.words

    @property
    def vectors(self) -> Matrix:
        """(V, D) float32, as ``matrix``: ``wv.vectors[0]``."""
        return self.matrix

    @property
    def vector_size(self) -> int:
        """D: ``vectors.vector_size``."""
        return int(self.matrix.shape[1])

    @property
    def norms(self) -> Array:
        """(V,) float64: the norm of each vector; NaN for one with NaN or infinity.

        Computed on first use: call ``vectors.fill_norms(force=True)`` after changing the matrix.
        """
        return self._all_norms()

    def fill_norms(self, force: bool = False) -> None:
        """Compute the norms, again if ``force``: needed after a change of ``vectors.matrix``.

        vectors.fill_norms(force=True)
        """
        if force:
            self._norms = None
        self._all_norms()

    def has_index_for(self, key: Item) -> bool:
        """Whether the key has a vector: ``vectors.has_index_for("king")``."""
        return key in self

    def get_index(self, key: Item, default: int | None = None) -> int:
        """The row of a key, or ``default`` if that is given: ``vectors.get_index("king", -1)``.

        Raises UnknownWordError.
        """
        if default is not None and key not in self:
            return default
        return self.row(key)

    def get_vector(self, key: Item, norm: bool = False) -> Array:
        """(D,) float32, read-only; scaled to norm 1 if ``norm``.

        Raises UnknownWordError.

            vectors.get_vector("king", norm=True)
        """
        vector: Array = to_unit(self[key][None])[0] if norm else self[key]
        vector.flags.writeable = False
        return vector

    word_vec = get_vector

    def get_normed_vectors(self) -> Array:
        """(V, D) float32, rows scaled to norm 1: ``vectors.get_normed_vectors() @ query``."""
        return self.unit_rows()

    def unit_normalize_all(self) -> None:
        """Replace the matrix by one with rows scaled to norm 1: ``vectors.unit_normalize_all()``.

        Vectors that stay in their file are read into memory.
        """
        self.matrix = self.unit_rows()
        self._norms = None

    def init_sims(self, replace: bool = False) -> None:
        """gensim's old name of `fill_norms`, and with ``replace`` of `unit_normalize_all`.

        vectors.init_sims(replace=True)
        """
        if replace:
            self.unit_normalize_all()
        self.fill_norms()

    def get_mean_vector(
        self,
        keys: Sequence[Term],
        weights: ArrayLike | None = None,
        pre_normalize: bool = True,
        post_normalize: bool = False,
        ignore_missing: bool = True,
    ) -> Array:
        """(D,) float32: the weighted sum of vectors, divided by the sum of the absolute weights.

        keys: keys, or vectors, which are not scaled.
        weights: a number for each key; None for 1.
        pre_normalize: scale the vectors of keys to norm 1. post_normalize: scale the result.
        ignore_missing: leave out unknown keys; otherwise UnknownWordError.

        Raises SettingsError for no keys, or another number of weights.

            vectors.get_mean_vector(["new", "york"], weights=[0.3, 0.7])
        """
        terms = given_list(keys, "keys")
        if not terms:
            raise SettingsError(f"{parameter('keys')} is empty; give at least one word or vector")
        factors = np.ones(len(terms)) if weights is None else np.asarray(weights, np.float64)
        if factors.shape != (len(terms),):
            raise SettingsError(
                f"{parameter('weights')} has the shape {factors.shape}; "
                f"give one number for each of the {len(terms)} keys"
            )
        total, absolute = np.zeros(self.vector_size), 0.0
        for term, factor in zip(terms, factors.tolist(), strict=True):
            if isinstance(term, np.ndarray):
                vector = self._checked(term)
            elif ignore_missing and term not in self and self._made(term) is None:
                continue
            else:
                unit = self._vector(term)  # which checks it
                vector = unit if pre_normalize else self[term].astype(np.float64)
            total += factor * vector
            absolute += abs(factor)
        if absolute > 0:
            total /= absolute
        return to_unit(total[None])[0] if post_normalize else total.astype(np.float32)
