"""Compiled code for neural language models: what is not a product of matrices."""

import math

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.rows import add_scaled, dot


@compiled
def add_rows(places, rows, sums):
    """sums[places[i]] += rows[i]. places: (n,) int64. rows: (n, P), sums: (m, P) float32."""
    for i in range(places.size):
        place = places[i]
        for d in range(rows.shape[1]):
            sums[place, d] += rows[i, d]


@compiled
def descend(matrix, squares, places, gradients, rate):
    """One step of Adagrad (Duchi, Hazan, Singer 2011, "Adaptive subgradient methods") for the rows
    ``places``, (n,) int64, each listed once. matrix, squares: (m, P), gradients: (n, P) float32.
    """
    rate = np.float32(rate)
    for i in range(places.size):
        row, sums, gradient = matrix[places[i]], squares[places[i]], gradients[i]
        for d in range(gradient.size):
            sums[d] += gradient[d] * gradient[d]
            row[d] -= rate * gradient[d] / np.float32(math.sqrt(sums[d]))


@compiled
def score_paths(features, matrix, words, paths, errors, feature_errors):
    """Hierarchical softmax (Morin and Bengio 2005): returns log-probabilities, (n,) float64.

    features: (n, P), matrix: (nodes, P) float32, rows aligned and padded. words: (n,) int32; -1: no
        word, of probability 1. paths: the arrays of `fastw2v.model.huffman.HuffmanPaths`.
    errors: receives the derivative of the loss by each score, one word's path after the other's, or
        is empty. feature_errors: (n, P), zeros: receives those by the features, if errors are
        wanted.
    """
    start, nodes, codes = paths
    logs = np.zeros(words.size)
    done = 0
    for i in range(words.size):
        word = words[i]
        if word < 0:
            continue
        for place in range(start[word], start[word + 1]):
            row = matrix[nodes[place]]
            score = np.float64(dot(features[i], row, None))
            signed = score if codes[place] == 0 else -score
            # log(sigmoid(signed)), which neither overflows nor loses digits
            logs[i] += min(signed, 0.0) - math.log1p(math.exp(-abs(signed)))
            if errors.size:
                error = 1.0 / (1.0 + math.exp(-score)) - (1 - codes[place])
                errors[done] = error
                add_scaled(feature_errors[i], np.float32(error), row, None)
                done += 1
    return logs


@compiled
def list_nodes(words, paths, listed):
    """Write the nodes on the paths of words, one after the other, to ``listed``; -1: no word."""
    start, nodes, _ = paths
    done = 0
    for i in range(words.size):
        if words[i] >= 0:
            for place in range(start[words[i]], start[words[i] + 1]):
                listed[done] = nodes[place]
                done += 1


@compiled
def add_node_gradients(words, paths, places, errors, features, sums):
    """Add to each node's row of ``sums`` the features of the words below it, times the errors.

    places: row of ``sums`` for each entry of `list_nodes`; errors: of the same entries.
    """
    start = paths[0]
    done = 0
    for i in range(words.size):
        if words[i] >= 0:
            for _ in range(start[words[i] + 1] - start[words[i]]):
                add_scaled(sums[places[done]], errors[done], features[i], None)
                done += 1
