"""Noise-contrastive estimation (Mnih and Kavukcuoglu 2013, "Learning word embeddings efficiently
with noise-contrastive estimation"): is a word the centre word, or one of k drawn as noise?

A word w is the centre word with probability sigmoid(score - log(k p(w))), where p(w) is the
probability to draw it as noise: negative sampling's loss, with an offset for each output row.
So scores approach log p(w | context), while negative sampling's approach log(p(w | context) /
p(w)) + a constant.

A draw that is the centre word counts as noise. With n of these its loss is
-log(sigmoid(s)) - n log(1 - sigmoid(s)), the logistic loss of the label 1 / (1 + n) at weight
1 + n.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.layers import negative
from fastw2v.kernels.logistic import train_targets
from fastw2v.kernels.loss import targets_loss
from fastw2v.kernels.noise_samples import groups_of, put_samples, samples_of
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.targets import close_targets, places_for, put_target
from fastw2v.matrix.aligned import shard_zeros
from fastw2v.model.elementary import logs
from fastw2v.model.matrices import Model
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.settings import Settings

_NO_LIMIT = np.float32(np.inf)
_ONE, _ZERO = np.float32(1), np.float32(0)
_TABLE_BYTES = 12  # for a word


class Nce(NamedTuple):
    outputs: np.ndarray  # (V, P) float32, output vectors of the words
    table: np.ndarray  # (V, 2) uint32, the noise distribution (see `fastw2v.model.noise`)
    draws: int  # noise samples for a centre word: k
    offsets: np.ndarray  # (V,) float32, log(k p(word)); -inf for words that are never drawn
    target_offsets: np.ndarray  # (T, S) float32, working memory: of the targets in ``own``


def _build(counts: np.ndarray, model: Model, settings: Settings) -> Nce:
    shares, draws = noise_shares(counts, settings.noise_exponent), settings.negative
    with np.errstate(divide="ignore"):
        offsets = np.where(shares > 0, logs(draws * shares), -np.inf).astype(np.float32)
    target_offsets = shard_zeros(settings.threads, places_for(1 + draws))
    return Nce(model.outputs, alias_table(shares), draws, offsets, target_offsets)


def _untrained_loss(nce: Nce) -> float:
    """Of a centre word that is as frequent as it is in the noise: high, for a score of 0 says of
    each sample that it is the centre word."""
    k = nce.draws
    drawn = np.exp(nce.offsets[nce.offsets > -np.inf].astype(np.float64)) / k
    return float((drawn * (np.log1p(k * drawn) + k * np.log1p(1 / (k * drawn)))).sum())


@compiled(inline=True)
def _train(nce, window, shared, own):
    offsets = nce.target_offsets[own.shard]
    for group in range(groups_of(nce.draws)):
        targets = _put_targets(nce, window, own, offsets, group)
        train_targets(window, own, targets, _NO_LIMIT, offsets)


@compiled(inline=True)
def _loss(nce, window, shared, own):
    offsets = nce.target_offsets[own.shard]
    loss = 0.0
    for group in range(groups_of(nce.draws)):
        targets = _put_targets(nce, window, own, offsets, group)
        loss += targets_loss(window, shared, own, nce.outputs, targets, offsets)
    return loss


@compiled(inline=True)
def _put_targets(nce, window, own, offsets, group):
    """Put the centre word and a group of the noise, and each one's offset; returns how many
    targets."""
    targets = put_samples(window, own, nce.outputs, nce.draws, group)
    first, end = samples_of(window, nce.draws, group)
    as_noise = _ZERO
    for place in range(first, end):
        as_noise += np.float32(own.noise[place] == window.centre)
    if group == 0:
        own.weights[0] += as_noise
        own.labels[0] = _ONE / own.weights[0]
    elif as_noise > _ZERO:
        address = address_for(own.output_rows, nce.outputs, window.centre)
        put_target(own, targets, window.centre, address, _ZERO)
        own.weights[targets] = as_noise
        targets += 1
        close_targets(own, targets)
    for target in range(targets):
        offsets[target] = nce.offsets[own.rows[target]]
    return targets


LAYER = replace(
    negative.LAYER,  # draws and prefetches alike, and trains the same rows
    name="nce",
    wanted=lambda settings: settings.nce,
    build=_build,
    table_bytes=lambda words, settings: words * _TABLE_BYTES,
    untrained_loss=_untrained_loss,
    train=_train,
    loss=_loss,
    train_exactly=None,
    build_exact=None,
)
