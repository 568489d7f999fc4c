"""The full softmax over the vocabulary, one hidden row at a time.

Row 0, the sentence end, is never a centre word and is left out, as in negative sampling.
"""

import math
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.architectures import hidden_row, move_context_word
from fastw2v.kernels.layers.interface import OutputLayer
from fastw2v.kernels.rows import add_scaled, clear, dot
from fastw2v.model.elementary import exp, log
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings


class Softmax(NamedTuple):
    outputs: np.ndarray  # (V, P) float32, output vectors of the words


def _build(counts: np.ndarray, model: Model, settings: Settings) -> Softmax:
    return Softmax(model.outputs)


@compiled(inline=True)
def _train(softmax, window, shared, own):
    """It knows whole rows, not tiles: one hidden row after the other."""
    outputs, alpha = softmax.outputs, window.alpha
    if shared.settings.cbow:
        _train_row(window.centre, own.hidden, own, outputs, alpha)
    else:
        for i in range(window.context):
            clear(own.error)
            hidden = shared.inputs[own.context[i]]
            _train_row(window.centre, hidden, own, outputs, alpha)
            move_context_word(i, own)


@compiled(inline=True)
def _loss(softmax, window, shared, own):
    """-log softmax(outputs @ hidden)[centre]."""
    loss, outputs = 0.0, softmax.outputs
    for i in range(window.inputs):
        hidden = hidden_row(i, shared, own)
        loss += _log_total(hidden, outputs, own.portable)
        loss -= np.float64(dot(hidden, outputs[window.centre], own.portable))
    return loss


@compiled(inline=True)
def _train_row(centre, hidden, own, outputs, alpha):
    """One step of gradient descent on the loss of one hidden row.

    outputs (V, P) are updated; minus the gradient of ``hidden`` (P,) times the learning rate is
    added to ``own.error`` (P,). All float32.
    """
    portable = own.portable
    log_total = _log_total(hidden, outputs, portable)
    for word in range(1, outputs.shape[0]):
        score = np.float64(dot(hidden, outputs[word], portable))
        label = np.float32(1) if word == centre else np.float32(0)
        gradient = (label - np.float32(exp(score - log_total))) * alpha
        add_scaled(own.error, gradient, outputs[word], portable)
        add_scaled(outputs[word], gradient, hidden, portable)


@compiled(inline=True)
def _log_total(hidden, outputs, portable):
    """log(sum of exp(score)) over all words, float64, in one pass that cannot overflow.

    The sum is kept relative to the highest score so far, and rescaled when a higher one comes
    (Milakov, Gimelshein 2018, "Online normalizer calculation for softmax").
    """
    highest, total = -np.inf, 0.0
    for word in range(1, outputs.shape[0]):
        score = np.float64(dot(hidden, outputs[word], portable))
        if score > highest:
            total *= exp(highest - score)
            highest = score
        total += exp(score - highest)
    return log(total) + highest


LAYER = OutputLayer(
    name="softmax",
    wanted=lambda settings: settings.softmax,
    matrix="outputs",
    build=_build,
    most_targets=lambda softmax: 0,
    visits=lambda shares, counts, settings: np.ones(len(counts)),
    table_bytes=lambda words, settings: 0,
    untrained_loss=lambda softmax: math.log(len(softmax.outputs)),
    train=_train,
    loss=_loss,
)
