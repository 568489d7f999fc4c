"""Predicting a word from its context, with the input and output vectors of a model.

Negative sampling, noise-contrastive estimation and full softmax: a word's score is the product of
its output vector and the mean of the context words' input vectors; the probabilities are the
softmax of the scores, as in gensim's ``Word2Vec.predict_output_word``. Hierarchical softmax alone:
the product of the branches' probabilities on the word's path (Morin and Bengio 2005, section 3).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fastw2v import formats
from fastw2v.errors import FormatError, UnknownWordError, parameter
from fastw2v.formats.lookup import Lookup
from fastw2v.formats.trained import TrainedModel, is_checkpoint, read_trained
from fastw2v.io.encoding import SENTENCE_END, quoted
from fastw2v.io.files import StrPath
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks
from fastw2v.vectors.core import Vectors

if TYPE_CHECKING:
    from fastw2v.model.huffman import HuffmanPaths

Predictions = list[tuple[str, float]]
Context = str | Iterable[str | int]

_SCORES = 1 << 23  # float64 of a batch of contexts


class Tree(NamedTuple):
    """The Huffman tree of V words. nodes: (V, D) float32, output vectors of its inner nodes."""

    nodes: Array
    paths: HuffmanPaths


class Predictor:
    """V words, their input vectors, and what scores them.

    words: V distinct str. inputs: (V, D) float32.
    outputs: (V, D) float32, output vectors of the words; or None, and a ``tree``.

    Never predicted are the sentence end ``</s>``, and words whose output vector is 0 throughout,
    which have not been trained, or is not finite.

        >>> rows = np.eye(2, dtype=np.float32)  # or fastw2v.Predictor.load("train.state")
        >>> predictor = fastw2v.Predictor(["cat", "mat"], rows, rows)
        >>> [(word, round(p, 3)) for word, p in predictor.predict(["cat"], n=2)]
        [('cat', 0.731), ('mat', 0.269)]
    """

    def __init__(
        self,
        words: Sequence[str],
        inputs: Array,
        outputs: Array | None,
        tree: Tree | None = None,
    ) -> None:
        self.words = list(words)
        self._lookup = Lookup(self.words)
        self._inputs, self._outputs, self._tree = inputs, outputs, tree
        shown = np.array([word != SENTENCE_END for word in self.words], np.bool_)
        if outputs is not None:
            shown &= np.isfinite(outputs).all(axis=1) & outputs.any(axis=1)
        self._shown = np.flatnonzero(shown)
        if not len(self._shown):
            raise FormatError("no word has a trained output vector: there is nothing to predict")

    @classmethod
    def load(
        cls, path: StrPath, *, strict: bool = False, notes: list[str] | None = None
    ) -> Predictor:
        """From a checkpoint, or from the file of input vectors of a training with ``vectors`` set
        to ``both``, which has the output vectors beside it.

        strict, notes: as for `fastw2v.formats.read`. Raises FormatError.
        """
        if is_checkpoint(path):
            return _of_trained(read_trained(path))
        beside = formats.outputs_path(path)
        if not os.path.exists(beside):
            formats.load(path, strict=strict, limit=1)  # what is no file of vectors is an error
            raise FormatError(
                f"{os.fspath(path)}: predicting also needs output vectors, and there is no file "
                f"{beside}: train with {parameter('vectors', 'both')}, or use a checkpoint "
                f"({parameter('checkpoint')})"
            )
        words, inputs = formats.load(path, strict=strict, notes=notes)
        others, outputs = formats.load(beside, strict=strict, notes=notes)
        if words != others or inputs.shape != outputs.shape:
            raise FormatError(
                f"{beside}: its words or dimensions are not those of {os.fspath(path)}: both files "
                "must be of one training"
            )
        return cls(words, inputs, outputs)

    def predict(self, context: Context, n: int = 10) -> Predictions:
        """The ``n`` most probable words: words and probabilities, decreasing; ties by lower row.

        context: words, in any order; one that comes twice counts twice. Unknown words are left
        out. Raises UnknownWordError if no word is known, FormatError for a word whose vector has
        NaN or infinity.
        """
        return self.predict_many([context], n)[0]

    def predict_many(self, contexts: Sequence[Context], n: int = 10) -> list[Predictions]:
        """The result of `predict` for each context, faster than one by one."""
        rows = [self.rows_of(context)[0] for context in contexts]
        found = []
        at_once = max(1, _SCORES // max(1, len(self._shown)))
        for start in range(0, len(rows), at_once):
            batch = rows[start : start + at_once]
            hidden = [self._inputs[each].mean(axis=0, dtype=np.float64) for each in batch]
            found += self._best(np.array(hidden), n)
        return found

    def rows_of(self, context: Context) -> tuple[list[int], list[str]]:
        """The rows of a context's known words, and its unknown words. Raises as `predict`."""
        words = [context] if isinstance(context, str) else [str(word) for word in context]
        rows, unknown = [], []
        for word in words:
            row = self._lookup.find(word)
            if row is None:
                unknown.append(word)
                continue
            if not np.isfinite(self._inputs[row]).all():
                raise FormatError(
                    f"the vector of {quoted(word)} has NaN or infinity; leave the word out"
                )
            rows.append(row)
        if not words:
            raise UnknownWordError("the context is empty: give a word or more")
        if not rows:
            listed = ", ".join(quoted(word) for word in unknown[:5])
            raise UnknownWordError(f"no word of the context is in the vocabulary: {listed}")
        return rows, unknown

    def _best(self, hidden: Array, n: int) -> list[Predictions]:
        """hidden: (Q, D) float64, the mean vectors of the contexts."""
        if self._outputs is not None:
            probabilities = _softmax(_scores(hidden, self._outputs)[:, self._shown])
        else:
            assert self._tree is not None
            found = [tree_probabilities(each, self._tree) for each in hidden]
            probabilities = np.array(found)[:, self._shown]
        return [
            [(self.words[self._shown[i]], float(each[i])) for i in _highest(each, n)]
            for each in probabilities
        ]


def _scores(hidden: Array, matrix: Array) -> Array:
    """(Q, V) float64: products of hidden rows (Q, D) and the rows of a matrix, (V, D) float32.

    In float64, where products of float32 cannot overflow; by blocks, for want of memory.
    """
    found = np.empty((len(hidden), len(matrix)))
    for start, stop in blocks(*matrix.shape):
        found[:, start:stop] = hidden @ matrix[start:stop].astype(np.float64).T
    return found


def tree_probabilities(hidden: Array, tree: Tree) -> Array:
    """(V,) float64: of each word, the probability of its path; their sum is 1.

    hidden: (D,) numbers. At a node with score s the branch of code 0 has probability sigmoid(s).
    """
    scores = _scores(hidden[None], tree.nodes)[0][tree.paths.nodes]
    scores[tree.paths.codes == 1] *= -1
    logs = -np.logaddexp(0.0, -scores)
    return np.exp(np.add.reduceat(logs, tree.paths.start[:-1]))


def _of_trained(trained: TrainedModel) -> Predictor:
    tree = None
    if trained.outputs is None:
        from fastw2v.model.huffman import paths_of  # slow to import: compiled

        assert trained.nodes is not None
        tree = Tree(trained.nodes, paths_of(trained.counts, trained.settings))
    return Predictor(trained.words, trained.inputs, trained.outputs, tree)


def _softmax(scores: Array) -> Array:
    """Of each row of (Q, V) float64, which it overwrites."""
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    return scores


def _highest(numbers: Array, n: int) -> list[int]:
    """The places of the ``n`` highest numbers, decreasing; ties by lower place."""
    count = min(max(n, 0), len(numbers))
    if count == 0:
        return []
    lowest = np.partition(numbers, -count)[-count]
    places = np.flatnonzero(numbers >= lowest)
    order: list[int] = places[np.argsort(-numbers[places], kind="stable")][:count].tolist()
    return order


class PredictionMethods(Vectors):
    """`predict_output_word` of gensim's ``Word2Vec``, for `WordVectors`."""

    def predict_output_word(self, context_words_list: Context, topn: int = 10) -> Predictions:
        """The most probable words at the centre of a context, as `Predictor.predict` has them.

        Needs output vectors: of a training with ``vectors="both"``, or loaded from its file or
        from a checkpoint. Raises FormatError without.
        """
        if self._predictor is None:
            self._predictor = self._new_predictor()
        found: Predictions = self._predictor.predict(context_words_list, topn)
        return found

    def _new_predictor(self) -> Predictor:
        if self.outputs is not None:
            return Predictor(self.words, np.asarray(self.matrix[:]), self.outputs)
        if self._source is not None:
            return Predictor.load(self._source)
        raise FormatError(
            "predicting needs output vectors, and these are input vectors alone: train with "
            f"{parameter('vectors', 'both')}, or load a checkpoint"
        )
