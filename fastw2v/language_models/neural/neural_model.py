"""A trained neural language model: implements `fastw2v.language_models.protocol.LanguageModel`."""

from __future__ import annotations

import numpy as np

from fastw2v.language_models.neural.blocks import block_between
from fastw2v.language_models.neural.network import Network
from fastw2v.matrix.blas import one_thread

_ROWS = 256  # words scored at once
WARM_UP = 1_000  # words before a part of a long sentence from which the recurrent state is made


class NeuralModel:
    """words: V words, the sentence end first. network: its parameters are read, not changed.

    Of a sentence that begins more than `WARM_UP` words before what is asked for, the recurrent
    network reads only these.
    """

    def __init__(self, words: list[str], network: Network):
        self.words, self.network = words, network

    @property
    def description(self) -> str:
        """For messages: ``feed-forward model of 5 words, 100 hidden units, full softmax``."""
        settings = self.network.settings
        what = "recurrent model"
        if not settings.is_recurrent:
            what = f"feed-forward model of {settings.order} words"
        layer = "hierarchical" if settings.hs else "full"
        direct = ", direct connections" if settings.direct else ""
        return f"{what}, {settings.units} hidden units{direct}, {layer} softmax"

    def log_probabilities(self, ids: np.ndarray, start: int, stop: int) -> np.ndarray:
        """(stop - start,) float64, see `LanguageModel`."""
        begin = start
        if self.network.settings.is_recurrent:
            before = ids[max(0, start - WARM_UP) : start]
            ends = np.flatnonzero(before == 0)
            begin = start - (len(before) - int(ends[-1]) - 1 if len(ends) else len(before))
        state, context = self.network.new_state(1), self.network.settings.context
        out = np.empty(stop - begin)
        with one_thread():
            for first in range(begin, stop, _ROWS):
                last = min(first + _ROWS, stop)
                block = block_between(ids, first, last, context)
                logs, state = self.network.log_probabilities(block, state)
                out[first - begin : last - begin] = logs
        return out[start - begin :]
