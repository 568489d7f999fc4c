"""Blocks of a text, for training and for scoring: see `network.Block`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.language_models.neural.network import Block
from fastw2v.language_models.neural.settings import LanguageModelSettings

_STREAMS = 16
_STEPS = 8  # of the feed-forward network, to which it makes no difference what comes together
_BLOCKS = 100  # of an epoch, at least, if the text has as many words


class Plan(NamedTuple):
    """How a text is read: ``streams`` parts of it side by side, ``steps`` words of each at once."""

    bounds: np.ndarray  # (streams + 1,) int64, where the parts begin and end
    steps: int

    @property
    def streams(self) -> int:
        return len(self.bounds) - 1

    @property
    def blocks(self) -> int:
        """Of an epoch."""
        longest = int(np.diff(self.bounds).max())
        return -(-longest // self.steps)


def plan_blocks(ids: int, settings: LanguageModelSettings) -> Plan:
    """For a text of so many ids. Small texts have smaller blocks: otherwise there would be too few
    steps of gradient descent."""
    steps = settings.bptt if settings.bptt is not None else _STEPS
    streams = max(1, min(_STREAMS, ids // (steps * _BLOCKS)))
    return Plan(np.arange(streams + 1, dtype=np.int64) * ids // streams, steps)


def block_of(ids: np.ndarray, plan: Plan, number: int, context: int) -> Block:
    """The block of that number, from 0. context: words before each word that are looked at."""
    steps = number * plan.steps + np.arange(plan.steps)
    places = (plan.bounds[:-1] + steps[:, None]).ravel()
    inside = (places.reshape(plan.steps, -1) < plan.bounds[1:]).ravel()
    return _block(ids, np.where(inside, places, 0), inside, context, plan.streams)


def block_between(ids: np.ndarray, start: int, stop: int, context: int) -> Block:
    """The words from ``start`` to ``stop``, as one stream."""
    places = np.arange(start, stop)
    return _block(ids, places, np.ones(len(places), bool), context, 1)


def _block(
    ids: np.ndarray, places: np.ndarray, inside: np.ndarray, context: int, streams: int
) -> Block:
    contexts = np.zeros((len(places), context), np.int32)
    within = np.ones(len(places), bool)  # the sentence
    for distance in range(1, context + 1):
        within &= places >= distance
        contexts[within, distance - 1] = ids[places[within] - distance]
        within &= contexts[:, distance - 1] != 0
    words = np.where(inside, ids[places], -1).astype(np.int32)
    return Block(contexts, contexts[:, 0] == 0, words, streams)
