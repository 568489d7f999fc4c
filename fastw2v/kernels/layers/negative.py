"""Negative sampling (Mikolov et al. 2013, "Distributed representations of words and phrases",
section 2.2): the centre word against words drawn as noise."""

import math
from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.layers.exact_negative import new_exact_negative, train_sampled_exactly
from fastw2v.kernels.layers.interface import OutputLayer
from fastw2v.kernels.logistic import train_targets
from fastw2v.kernels.loss import targets_loss
from fastw2v.kernels.noise_samples import draw_noise, fetch_samples, groups_of, put_samples
from fastw2v.model.matrices import Model
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.settings import Settings

_NO_LIMIT = np.float32(np.inf)
_TABLE_BYTES = 8  # for a word


class Negative(NamedTuple):
    outputs: np.ndarray  # (V, P) float32, output vectors of the words
    table: np.ndarray  # (V, 2) uint32, the noise distribution (see `fastw2v.model.noise`)
    draws: int  # negative samples for a centre word


def _build(counts: np.ndarray, model: Model, settings: Settings) -> Negative:
    table = alias_table(noise_shares(counts, settings.noise_exponent))
    return Negative(model.outputs, table, settings.negative)


@compiled(inline=True)
def _start_sentence(negative, words, own):
    draw_noise(words, own, negative.table, negative.draws)


@compiled(inline=True)
def _prefetch(negative, position, words, own):
    fetch_samples(position, words, own, negative.outputs, negative.draws)


@compiled(inline=True)
def _train(negative, window, shared, own):
    for group in range(groups_of(negative.draws)):
        targets = put_samples(window, own, negative.outputs, negative.draws, group)
        train_targets(window, own, targets, _NO_LIMIT)


@compiled(inline=True)
def _loss(negative, window, shared, own):
    loss = 0.0
    for group in range(groups_of(negative.draws)):
        targets = put_samples(window, own, negative.outputs, negative.draws, group)
        loss += targets_loss(window, shared, own, negative.outputs, targets)
    return loss


def _visits(shares: np.ndarray, counts: np.ndarray, settings: Settings) -> np.ndarray:
    noise = noise_shares(counts, settings.noise_exponent)
    return shares + settings.negative * noise


LAYER = OutputLayer(
    name="negative",
    wanted=lambda settings: settings.negative > 0 and not settings.nce,
    matrix="outputs",
    build=_build,
    most_targets=lambda negative: 1 + negative.draws,
    visits=_visits,
    table_bytes=lambda words, settings: words * _TABLE_BYTES,
    untrained_loss=lambda negative: (1 + negative.draws) * math.log(2),
    start_sentence=_start_sentence,
    prefetch=_prefetch,
    train=_train,
    loss=_loss,
    train_exactly=train_sampled_exactly,
    build_exact=new_exact_negative,
)
