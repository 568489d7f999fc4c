"""Negative sampling (Mikolov et al. 2013, "Distributed representations of words and phrases",
section 2.2): the centre word against words drawn as noise."""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.layers.exact_negative import new_exact_negative, train_sampled_exactly
from fastw2v.kernels.layers.interface import OutputLayer
from fastw2v.kernels.logistic import train_targets
from fastw2v.kernels.loss import targets_loss
from fastw2v.kernels.noise_samples import draw_noise, fetch_samples
from fastw2v.kernels.private_rows import add_changes, address_for, turn_into_changes
from fastw2v.kernels.targets import close_targets, put_target
from fastw2v.model.matrices import Model
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.settings import Settings

_NO_LIMIT = np.float32(np.inf)
_ONE, _ZERO = np.float32(1), np.float32(0)
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
    train_targets(window, own, _put_targets(negative, window, own), _NO_LIMIT)


@compiled(inline=True)
def _loss(negative, window, shared, own):
    targets = _put_targets(negative, window, own)
    return targets_loss(window, shared, own, negative.outputs, targets)


@compiled(inline=True)
def _put_targets(negative, window, own):
    """Put the centre word and its negative samples; returns how many targets.

    A word drawn twice is put once with twice the weight; a draw of the centre word itself is
    dropped, not repeated, as in the C program.
    """
    centre, outputs = window.centre, negative.outputs
    targets = np.int64(0)  # what is given a plain 0 would be compiled for that 0 too
    put_target(own, targets, centre, address_for(own.private_outputs, outputs, centre), _ONE)
    targets += 1
    first = window.position * negative.draws
    for place in range(first, first + negative.draws):
        word = own.noise[place]
        if word == centre:
            continue
        known = 1
        while known < targets and own.rows[known] != word:
            known += 1
        if known < targets:
            own.weights[known] += _ONE
        else:
            address = address_for(own.private_outputs, outputs, word)
            put_target(own, targets, word, address, _ZERO)
            targets += 1
    close_targets(own, targets)
    return targets


@compiled(inline=True)
def _end_round(negative, own):
    turn_into_changes(own.private_outputs, negative.outputs)


@compiled(inline=True)
def _merge_round(negative, part, parts, touched):
    add_changes(touched.outputs, negative.outputs, part, parts)


LAYER = OutputLayer(
    name="negative",
    wanted=lambda settings: settings.negative > 0,
    matrix="outputs",
    build=_build,
    most_targets=lambda negative: 1 + negative.draws,
    most_rows_of_round=lambda trained, words, settings: trained * (1 + settings.negative),
    table_bytes=lambda words, settings: words * _TABLE_BYTES,
    start_sentence=_start_sentence,
    prefetch=_prefetch,
    train=_train,
    loss=_loss,
    end_round=_end_round,
    merge_round=_merge_round,
    train_exactly=train_sampled_exactly,
    build_exact=new_exact_negative,
)
