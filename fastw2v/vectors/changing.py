"""Adding words to `WordVectors`, and numbers kept for each word, by gensim's names."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from fastw2v.errors import FormatError, SettingsError, UnknownWordError, parameter
from fastw2v.formats.lookup import Lookup
from fastw2v.io.encoding import word_of
from fastw2v.matrix.arrays import Array
from fastw2v.vectors.core import Vectors
from fastw2v.vectors.items import Item, spelled_items, terms_of

S = TypeVar("S", bound="ChangeMethods")
_KINDS: dict[type, type] = {int: np.int64, str: object}  # int has 32 bits in some NumPy


class ChangeMethods(Vectors):
    """Arrays grow with the words; vectors that stay in their file are first read into memory."""

    def add_vectors(
        self,
        keys: Item | Sequence[Item],
        weights: ArrayLike,
        extras: Mapping[str, ArrayLike] | None = None,
        replace: bool = False,
    ) -> None:
        """Append words and their vectors; known words keep theirs unless ``replace``.

        keys: one key, or n. weights: (D,) or (n, D). Of repeated keys the first counts, with
            ``replace`` the last.
        extras: for names of attributes n values each; attributes that are not named are 0 for new
            words.

        Raises FormatError for weights of another shape; then nothing is changed.

            vectors.add_vectors(["corgi", "puggle"], np.ones((2, vectors.vector_size)))
        """
        words = spelled_items(terms_of(keys))
        given = self._weights(weights, len(words), alone=word_of(keys) is not None)
        values = {name: np.asarray(each) for name, each in (extras or {}).items()}
        for name, each in values.items():
            if len(each) != len(words):
                raise FormatError(f"{len(each)} values of {name!r} for {len(words)} words")
        chosen: dict[str, int] = {}  # the place of each distinct word in ``keys``
        for place, word in enumerate(words):
            if replace or word not in chosen:
                chosen[word] = place
        known = {word: row for word in chosen if (row := self._find(word)) is not None}
        new = [word for word in chosen if word not in known]
        changed = list(known) if replace else []
        if new:
            self._append(new, given[[chosen[word] for word in new]])
        if changed:
            if not self._owns_matrix:  # perhaps the caller's, or in a file
                self.matrix, self._owns_matrix = np.array(self.matrix[:]), True
            rows = [known[word] for word in changed]
            self.matrix[rows] = given[[chosen[word] for word in changed]]  # type: ignore[index]
        self._norms = self._source = self._predictor = None
        for name, each in values.items():
            array = self._attribute(name, each.dtype.type)
            for word in new + changed:
                array[self.row(word)] = each[chosen[word]]

    def add_vector(self, key: Item, vector: ArrayLike) -> int:
        """Append one word; returns its row. Many are added faster by `add_vectors`.

        Raises FormatError for a word that is known.

            vectors.add_vector("corgi", vectors["dog"] * 0.9)
        """
        if key in self:
            raise FormatError(f"{key!r} is in the vocabulary; use vectors[{key!r}] = ... instead")
        self.add_vectors(key, vector)
        return len(self) - 1

    def __setitem__(self, keys: Item | Sequence[Item], weights: ArrayLike) -> None:
        """`add_vectors` with ``replace``: ``vectors["king"] = vectors["queen"]``."""
        self.add_vectors(keys, weights, replace=True)

    def vectors_for_all(
        self: S, keys: Iterable[Item], allow_inference: bool = True, copy_vecattrs: bool = False
    ) -> S:
        """New vectors of those keys that are known, each once, in their order.

        allow_inference: has no effect, as vectors of unknown words are never inferred.
        copy_vecattrs: with the attributes, such as counts.

            vectors.vectors_for_all(["king", "queen", "unknown"]).save("royals.bin")
        """
        known = [row for key in terms_of(keys) if (row := self._find(key)) is not None]
        rows = list(dict.fromkeys(known))
        taken = type(self)([self.words[row] for row in rows], self.matrix[np.array(rows, np.int64)])
        if copy_vecattrs:
            taken.expandos = {name: each[rows] for name, each in self.expandos.items()}
        return taken

    # --- attributes of words ----------------------------------------------------------------

    def get_vecattr(self, key: Item, attr: str) -> Any:
        """The value of an attribute of a word: ``vectors.get_vecattr("king", "count")``.

        Counts are known after training, and after loading with ``vocab=``. Raises UnknownWordError,
        which is a KeyError, for a word or an attribute that is unknown.
        """
        row = self.row(key)
        if attr not in self.expandos:
            have = ", ".join(self.expandos) or "none"
            hint = "; load the vectors with vocab=" if attr == "count" else ""
            raise UnknownWordError(f"no attribute {attr!r} of words (there are: {have}){hint}")
        return self.expandos[attr][row]

    def set_vecattr(self, key: Item, attr: str, val: Any) -> None:
        """Set an attribute of a word; of other words it is 0: ``v.set_vecattr("a", "year", 1990)``.

        The first value decides the type of the attribute's array, ``vectors.expandos[attr]``.
        Raises SettingsError for a value of another type.
        """
        row = self.row(key)
        self._attribute(attr, _KINDS.get(type(val), type(val)))[row] = val

    def sort_by_descending_frequency(self) -> None:
        """Put the words and their vectors in the order of their counts, the most frequent first.

        As in gensim, words of equal counts are put in reverse order. Raises SettingsError if there
        are no counts.

            vectors.sort_by_descending_frequency()
        """
        if self.counts is None:
            raise SettingsError("these vectors have no counts; load them with vocab=")
        order = np.lexsort((-np.arange(len(self)), -self.counts))
        self.words = [self.words[row] for row in order.tolist()]
        self._lookup = Lookup(self.words)
        self.matrix = self.matrix[order]
        if self.outputs is not None:
            self.outputs = self.outputs[order]
        self.expandos = {name: each[order] for name, each in self.expandos.items()}
        self._norms = self._source = self._predictor = None

    def _attribute(self, name: str, kind: Any) -> Array:
        """(V,): the array of an attribute, made if there is none."""
        array = self.expandos.setdefault(name, np.zeros(len(self), kind))
        if not np.issubdtype(kind, array.dtype):
            raise SettingsError(
                f"{name} has values of type {array.dtype}, not {np.dtype(kind)}; convert the value"
            )
        return array

    def _weights(self, weights: ArrayLike, count: int, alone: bool) -> Array:
        """(n, D) float32. Raises FormatError for another shape."""
        try:
            given = np.asarray(weights, np.float32)
        except (TypeError, ValueError) as error:
            raise FormatError(f"{parameter('weights')} are no numbers: {error}") from None
        if alone and given.ndim == 1:
            given = given[None]
        if count == 0 and given.size == 0:
            given = given.reshape(0, self.matrix.shape[1])
        wanted = (count, self.matrix.shape[1])
        if given.shape != wanted:
            raise FormatError(
                f"{parameter('weights')} have the shape {given.shape}; it must be {wanted}: a row "
                "for each word"
            )
        return given

    def _append(self, words: list[str], vectors: Array) -> None:
        self.words = [*self.words, *words]
        self._lookup = Lookup(self.words)
        self.matrix, self._owns_matrix = np.concatenate([self.matrix[:], vectors]), True
        if self.outputs is not None:  # rows of 0 are never predicted
            none = np.zeros((len(words), self.outputs.shape[1]), np.float32)
            self.outputs = np.concatenate([self.outputs, none])
        for name, each in self.expandos.items():
            self.expandos[name] = np.concatenate([each, np.zeros(len(words), each.dtype)])
