"""The output layers of neural language models: from features to probabilities of words, and back.

Features are what the network knows before a word: hidden units, and a last number that is 1, so
that its weights are the biases. Both layers begin with the biases of the words' frequencies, and
all else 0: before training, every word has its frequency as its probability.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.language_models.neural import kernels
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.model.huffman import huffman_paths

_BLOCK = 1 << 16  # numbers that the softmax takes at once: they stay in the cache


class RowGradients(NamedTuple):
    """The gradient of some rows of a matrix. rows: (n,) int64, each once. values: (n, P) float32,
    the derivatives of the loss: the sum of -log P over words."""

    rows: np.ndarray
    values: np.ndarray


class Scored(NamedTuple):
    """logs: (n,) float64, log-probabilities. features: (n, P) float32, derivatives of the loss by
    the features. weights: those by the layer's matrix."""

    logs: np.ndarray
    features: np.ndarray
    weights: RowGradients


class FullSoftmax:
    """P(w) = exp(o_w . f) / sum over all words. matrix: (V + 1, P) float32; a row for each word."""

    name = "outputs"

    def __init__(self, counts: np.ndarray):
        self._counts = counts
        self._all = np.arange(len(counts))
        self._scores = np.empty((0, len(counts)), np.float32)  # kept: new memory is slow
        self._weights = np.empty((0, 0), np.float32)

    def new_matrix(self, width: int, bias: int) -> np.ndarray:
        """Before training. bias: the column of the biases."""
        matrix = aligned_zeros(len(self._counts), width)
        matrix[:, bias] = np.log((self._counts + 0.5) / self._counts.sum())
        return matrix

    def logs(self, matrix: np.ndarray, features: np.ndarray, words: np.ndarray) -> np.ndarray:
        """(n,) float64, log-probabilities of ``words``, (n,) int32; 0 where a word is -1."""
        return self._probabilities(matrix, features, words)[0]

    def score(self, matrix: np.ndarray, features: np.ndarray, words: np.ndarray) -> Scored:
        """Probabilities and derivatives; valid until the next call."""
        logs, errors = self._probabilities(matrix, features, words)
        known = np.flatnonzero(words >= 0)
        errors[known, words[known]] -= 1
        errors[words < 0] = 0
        if self._weights.shape != matrix.shape:
            self._weights = np.empty_like(matrix)
        np.matmul(errors.T, features, out=self._weights)
        return Scored(logs, errors @ matrix, RowGradients(self._all, self._weights))

    def _probabilities(
        self, matrix: np.ndarray, features: np.ndarray, words: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        if len(self._scores) < len(words):
            self._scores = np.empty((len(words), len(matrix)), np.float32)
        scores = self._scores[: len(words)]
        np.matmul(features, matrix.T, out=scores)
        logs = np.zeros(len(words))
        step = max(1, _BLOCK // scores.shape[1])
        for start in range(0, len(words), step):
            rows, wanted = scores[start : start + step], words[start : start + step]
            rows -= rows.max(axis=1, keepdims=True)
            chosen = rows[np.arange(len(rows)), np.maximum(wanted, 0)].astype(np.float64)
            np.exp(rows, out=rows)
            sums = rows.sum(axis=1, keepdims=True)
            rows /= sums
            found = chosen - np.log(sums[:, 0], dtype=np.float64)
            logs[start : start + step] = np.where(wanted >= 0, found, 0)
        return logs, scores


class HierarchicalSoftmax:
    """P(w) = product of sigmoid(+- n . f) over the inner nodes n on the way to w in the Huffman
    tree. matrix: (V, P) float32, a row for each inner node."""

    name = "nodes"

    def __init__(self, counts: np.ndarray):
        counts = np.maximum(counts, 1)  # words that never occur would make long paths
        order = np.argsort(-counts, kind="stable")
        paths = huffman_paths(counts[order])
        lengths = np.diff(paths.start)
        rank = np.argsort(order)
        starts = np.concatenate(([0], np.cumsum(lengths[rank])))
        found = np.repeat(paths.start[rank] - starts[:-1], lengths[rank]) + np.arange(starts[-1])
        self._paths = (starts, paths.nodes[found], paths.codes[found])
        self._counts = np.repeat(counts, lengths[rank])
        self._lengths = lengths[rank]
        self._nodes = len(counts) - 1

    def new_matrix(self, width: int, bias: int) -> np.ndarray:
        """See `FullSoftmax.new_matrix`."""
        matrix = aligned_zeros(self._nodes, width)
        _, nodes, codes = self._paths
        left, right = (
            np.bincount(nodes, self._counts * (codes == code), self._nodes) for code in (0, 1)
        )
        matrix[:, bias] = np.log(left / right)
        return matrix

    def logs(self, matrix: np.ndarray, features: np.ndarray, words: np.ndarray) -> np.ndarray:
        """See `FullSoftmax.logs`."""
        none = np.empty(0, np.float32)
        return kernels.score_paths(features, matrix, words, self._paths, none, features)

    def score(self, matrix: np.ndarray, features: np.ndarray, words: np.ndarray) -> Scored:
        """See `FullSoftmax.score`."""
        size = int(self._lengths[words[words >= 0]].sum())
        errors, listed = np.empty(size, np.float32), np.empty(size, np.int32)
        feature_errors = aligned_zeros(*features.shape)
        logs = kernels.score_paths(features, matrix, words, self._paths, errors, feature_errors)
        kernels.list_nodes(words, self._paths, listed)
        rows, places = np.unique(listed, return_inverse=True)
        sums = aligned_zeros(len(rows), features.shape[1])
        kernels.add_node_gradients(words, self._paths, places, errors, features, sums)
        return Scored(logs, feature_errors, RowGradients(rows.astype(np.int64), sums))


OutputLayer = FullSoftmax | HierarchicalSoftmax
