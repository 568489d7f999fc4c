"""The full softmax over the vocabulary, one hidden row at a time."""

import math

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.rows import add_scaled, dot


@compiled
def train_softmax(centre, hidden, error, layer, alpha):
    """One step on -log softmax(outputs @ hidden)[centre]; returns that loss, float64.

    hidden, error: (P,) float32; ``error`` gains what ``hidden`` is to be moved by.
    layer: (outputs (V, P) float32, changed in place; scores (V,) float32, scratch).
    Row 0, the sentence end, is never a centre word and takes no part, as in negative sampling.
    """
    outputs, scores = layer
    highest = np.float32(-np.inf)
    for word in range(1, outputs.shape[0]):
        scores[word] = dot(hidden, outputs[word])
        highest = max(highest, scores[word])
    total = 0.0
    for word in range(1, outputs.shape[0]):
        total += math.exp(np.float64(scores[word] - highest))
    log_total = math.log(total) + np.float64(highest)
    loss = log_total - np.float64(scores[centre])
    for word in range(1, outputs.shape[0]):
        probability = np.float32(math.exp(np.float64(scores[word]) - log_total))
        label = np.float32(1) if word == centre else np.float32(0)
        gradient = (label - probability) * alpha
        add_scaled(error, gradient, outputs[word])
        add_scaled(outputs[word], gradient, hidden)
    return loss
