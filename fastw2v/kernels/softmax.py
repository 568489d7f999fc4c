"""The full softmax over the vocabulary, one hidden row at a time.

Row 0, the sentence end, is never a centre word and is left out, as in negative sampling.
"""

import math

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.rows import add_scaled, dot


@compiled(inline=True)
def softmax_loss(centre, hidden, outputs):
    """-log softmax(outputs @ hidden)[centre], float64. hidden: (P,), outputs: (V, P)."""
    return _log_total(hidden, outputs) - np.float64(dot(hidden, outputs[centre]))


@compiled(inline=True)
def train_softmax(centre, hidden, error, outputs, alpha):
    """One step of gradient descent on `softmax_loss`.

    outputs (V, P) are updated; minus the gradient of ``hidden`` (P,) times the learning rate is
    added to ``error`` (P,). All float32; alpha: learning rate.
    """
    log_total = _log_total(hidden, outputs)
    for word in range(1, outputs.shape[0]):
        score = np.float64(dot(hidden, outputs[word]))
        label = np.float32(1) if word == centre else np.float32(0)
        gradient = (label - np.float32(math.exp(score - log_total))) * alpha
        add_scaled(error, gradient, outputs[word])
        add_scaled(outputs[word], gradient, hidden)


@compiled(inline=True)
def _log_total(hidden, outputs):
    """log(sum of exp(score)) over all words, float64, in one pass that cannot overflow.

    The sum is kept relative to the highest score so far, and rescaled when a higher one comes
    (Milakov, Gimelshein 2018, "Online normalizer calculation for softmax").
    """
    highest, total = -np.inf, 0.0
    for word in range(1, outputs.shape[0]):
        score = np.float64(dot(hidden, outputs[word]))
        if score > highest:
            total *= math.exp(highest - score)
            highest = score
        total += math.exp(score - highest)
    return math.log(total) + highest
