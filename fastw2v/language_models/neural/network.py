"""The two networks: their parameters, what they compute, and the gradients.

Both give word w, after what was read before, the probability that an output layer (see
`output_layers`) makes of a row of features f; C(w) is the vector of word w.

feedforward  x = C of the last n - 1 words, one after the other; f = tanh(H x + d), with direct
             connections also x (Bengio, Ducharme, Vincent, Jauvin 2003, "A neural probabilistic
             language model", section 2). Words before the sentence are the sentence end.
recurrent    s = tanh(C(last word) + R s' + d), s' the state one word before, 0 where a sentence
             begins; f = s (Mikolov, Karafiat, Burget, Cernocky, Khudanpur 2010, "Recurrent neural
             network based language model"; with tanh, which is their sigmoid, scaled and shifted).
             Errors go back through the words of a block (Werbos 1990, truncated).

All arrays are float32; P is a number of columns padded to whole cache lines. V words, the sentence
end first, and the unknown word, so V + 1 rows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.language_models.neural import kernels
from fastw2v.language_models.neural.output_layers import (
    FullSoftmax,
    HierarchicalSoftmax,
    RowGradients,
)
from fastw2v.language_models.neural.settings import LanguageModelSettings
from fastw2v.matrix.aligned import aligned_zeros, padded

_CLIP = 15.0  # of errors that go back a word: as in the authors' program, rnnlm


class Block(NamedTuple):
    """Words to predict, of ``streams`` places in the text that go on side by side: n = T x streams
    rows, the streams of the first step first.

    contexts: (n, context) int32, the words before, the nearest first. fresh: (n,) bool, whether a
    sentence begins. words: (n,) int32; -1: nothing to predict.
    """

    contexts: np.ndarray
    fresh: np.ndarray
    words: np.ndarray
    streams: int


class Network:
    """Parameters by name, `arrays`, and what is computed with them.

    inputs: (V + 1, P), the vectors C. hidden: (units, x + 1), weights H or R, the biases d last.
    outputs: (V + 1, P) of the full softmax, or nodes: (V, P) of the hierarchical one.
    """

    def __init__(
        self,
        settings: LanguageModelSettings,
        counts: np.ndarray,
        arrays: dict[str, np.ndarray] | None = None,
    ):
        """counts: (V + 1,) int64, of all words. arrays: None for those before training."""
        self.settings, self.counts = settings, counts
        self.layer = HierarchicalSoftmax(counts) if settings.hs else FullSoftmax(counts)
        self.arrays = self._new_arrays() if arrays is None else arrays
        self._inputs, self._hidden = self.arrays["inputs"], self.arrays["hidden"]
        self._outputs = self.arrays[self.layer.name]

    @property
    def matrices(self) -> list[np.ndarray]:
        """All parameters."""
        return [*self.arrays.values()]

    def new_state(self, streams: int) -> np.ndarray:
        """(streams, units), the state before the first word."""
        return np.zeros((streams, self.settings.units), np.float32)

    def log_probabilities(self, block: Block, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of the words of a block, (n,) float64, and the state after it."""
        _, features, state = self._forward(block, state)
        return self.layer.logs(self._outputs, features, block.words), state

    def gradients(
        self, block: Block, state: np.ndarray
    ) -> tuple[np.ndarray, dict[str, RowGradients], np.ndarray]:
        """Log-probabilities, (n,) float64; the gradient of minus their sum, by parameter; the
        state after the block. ``state`` is taken as given: nothing goes back beyond it."""
        before, features, state = self._forward(block, state)
        scored = self.layer.score(self._outputs, features, block.words)
        errors, units = scored.features, self.settings.units
        if self.settings.is_recurrent:
            at_units, by_input = self._back_in_time(block, features, errors)
        else:
            at_units = errors[:, :units] * (1 - features[:, :units] ** 2)
            by_input = (at_units @ self._hidden)[:, :-1]
            if self.settings.direct:
                by_input += errors[:, units : units + by_input.shape[1]]
        by_hidden = at_units.T @ before
        rows, places = np.unique(block.contexts, return_inverse=True)
        sums = np.zeros((len(rows), self._inputs.shape[1]), np.float32)
        kernels.add_rows(places.reshape(-1), _rows_of(by_input, sums.shape[1]), sums)
        found = {
            "inputs": RowGradients(rows.astype(np.int64), sums),
            "hidden": RowGradients(np.arange(units), by_hidden),
            self.layer.name: scored.weights,
        }
        return scored.logs, found, state

    def _forward(
        self, block: Block, state: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What goes into the hidden units, 1 last, (n, x + 1); the features, (n, P); the state."""
        settings, n, units = self.settings, len(block.words), self.settings.units
        before = np.empty((n, self._hidden.shape[1]), np.float32)
        before[:, -1] = 1
        features = aligned_zeros(n, self._outputs.shape[1])
        features[:, self._bias_column()] = 1
        vectors = self._inputs[block.contexts]
        if not settings.is_recurrent:
            before[:, :-1] = vectors.reshape(n, -1)
            np.tanh(before @ self._hidden.T, out=features[:, :units])
            if settings.direct:
                features[:, units : units + before.shape[1] - 1] = before[:, :-1]
            return before, features, state
        for start in range(0, n, block.streams):
            step = slice(start, start + block.streams)
            before[step, :-1] = np.where(block.fresh[step, None], np.float32(0), state)
            state = np.tanh(before[step] @ self._hidden.T + vectors[step, 0, :units])
            features[step, :units] = state
        return before, features, state

    def _back_in_time(
        self, block: Block, features: np.ndarray, errors: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        n, units = len(block.words), self.settings.units
        at_units = np.empty((n, units), np.float32)
        recurrent = np.ascontiguousarray(self._hidden[:, :-1])
        later = np.zeros((block.streams, units), np.float32)
        for start in range(n - block.streams, -1, -block.streams):
            step = slice(start, start + block.streams)
            slope = 1 - features[step, :units] ** 2
            at_units[step] = (errors[step, :units] + later) * slope
            later = np.clip(at_units[step] @ recurrent, -_CLIP, _CLIP)
            later[block.fresh[step]] = 0
        return at_units, at_units

    def _bias_column(self) -> int:
        settings = self.settings
        direct = settings.context * padded(settings.size) if settings.direct else 0
        return settings.units + direct

    def _new_arrays(self) -> dict[str, np.ndarray]:
        settings, random = self.settings, np.random.default_rng(self.settings.seed)
        shapes = array_shapes(settings, len(self.counts))
        inputs, hidden = aligned_zeros(*shapes["inputs"]), aligned_zeros(*shapes["hidden"])
        inputs[:, : settings.size] = random.uniform(-0.1, 0.1, (len(inputs), settings.size))
        fan = settings.units if settings.is_recurrent else settings.context * settings.size
        weights = hidden[:, :-1]
        weights[:] = random.uniform(-(fan**-0.5), fan**-0.5, weights.shape)
        outputs = self.layer.new_matrix(shapes[self.layer.name][1], self._bias_column())
        return {"inputs": inputs, "hidden": hidden, self.layer.name: outputs}


def array_shapes(settings: LanguageModelSettings, words: int) -> dict[str, tuple[int, int]]:
    """The shapes of `Network.arrays`; words: V + 1."""
    width, units = padded(settings.size), settings.units
    below = units if settings.is_recurrent else settings.context * width
    direct = settings.context * width if settings.direct else 0
    rows = {"nodes": words - 1} if settings.hs else {"outputs": words}
    outputs = {name: (count, padded(units + direct + 1)) for name, count in rows.items()}
    return {"inputs": (words, width), "hidden": (units, below + 1), **outputs}


def _rows_of(gradients: np.ndarray, width: int) -> np.ndarray:
    """(n, k x P) as (n x k, P); (n, units) of the recurrent network filled up with zeros."""
    if gradients.shape[1] % width == 0:
        return np.ascontiguousarray(gradients).reshape(-1, width)
    rows = np.zeros((len(gradients), width), np.float32)
    rows[:, : gradients.shape[1]] = gradients
    return rows
