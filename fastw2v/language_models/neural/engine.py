"""The engine of neural language models: gradient descent, block after block, in one thread."""

from __future__ import annotations

import math
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from fastw2v.engines.loss import Loss
from fastw2v.engines.protocol import EngineStateError, WordCounts
from fastw2v.jit.compiled import why_not_kept
from fastw2v.language_models.neural import kernels
from fastw2v.language_models.neural.blocks import block_of, plan_blocks
from fastw2v.language_models.neural.network import Network
from fastw2v.language_models.neural.output_layers import RowGradients
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.blas import one_thread
from fastw2v.model.learning_rate import LOWEST_SHARE

_SQUARES = 1.0  # what the sums of squared gradients begin with, so that the first steps are small
_SAMPLED = 1_000  # rows of each matrix to look at for divergence
_EPOCH, _BLOCK, _WORDS, _TOKENS = range(4)  # of `NeuralEngine._position`


class NeuralEngine:
    """Implements `fastw2v.engines.protocol.Engine`, on products of matrices by NumPy.

    The step of a parameter is the learning rate times its gradient, divided by the root of the sum
    of its squared gradients so far: Adagrad (Duchi, Hazan, Singer 2011).
    """

    def __init__(self, ids: np.ndarray, network: Network):
        self._ids, self.network = ids, network
        self._plan = plan_blocks(len(ids), network.settings)
        self._squares = {
            name: np.full_like(array, _SQUARES) for name, array in network.arrays.items()
        }
        self._position = np.zeros(4, np.int64)  # epoch, block; words, tokens of it trained
        self._loss = np.zeros(1)  # of the tokens of the epoch so far, together
        self._state = network.new_state(self._plan.streams)
        self._words = int(np.count_nonzero(ids))
        self._stop = False

    @property
    def epoch(self) -> int:
        return int(self._position[_EPOCH])

    @property
    def untrained_loss(self) -> float:
        """Of a model to which all words are alike."""
        return math.log(len(self.network.counts))

    def arrangement(self) -> dict[str, Any]:
        return {"replicas": 1, "block_words": self._plan.streams * self._plan.steps}

    def turn(self) -> AbstractContextManager[None]:
        return one_thread()

    def prepare(self) -> str | None:
        block = self._block(0)
        self.network.gradients(block, self._state)
        none = RowGradients(np.empty(0, np.int64), np.empty((0, 1), np.float32))
        kernels.descend(self.network.arrays["inputs"], self._squares["inputs"], *none, 0.0)
        used = [kernels.add_rows, kernels.descend]
        if self.network.settings.hs:
            used += [kernels.score_paths, kernels.list_nodes, kernels.add_node_gradients]
        return why_not_kept(*used)

    def train(self) -> None:
        while not self._stop and not self.epoch_ended():
            self._train_block()

    def _train_block(self) -> None:
        position = self._position
        block = self._block(int(position[_BLOCK]))
        logs, gradients, self._state = self.network.gradients(block, self._state)
        rate = self._rate()
        for name, (rows, values) in gradients.items():
            kernels.descend(self.network.arrays[name], self._squares[name], rows, values, rate)
        self._loss -= logs.sum()
        position[_TOKENS] += np.count_nonzero(block.words >= 0)
        position[_WORDS] += np.count_nonzero(block.words > 0)
        position[_BLOCK] += 1

    def _block(self, number: int):
        return block_of(self._ids, self._plan, number, self.network.settings.context)

    def _rate(self) -> float:
        settings = self.network.settings
        done = self._position[_EPOCH] + self._position[_BLOCK] / self._plan.blocks
        return settings.alpha * max(LOWEST_SHARE, 1 - done / settings.epochs)

    def request_stop(self) -> None:
        self._stop = True

    def clear_stop(self) -> None:
        self._stop = False

    def ids_read(self) -> int:
        return int(self._position[_TOKENS])

    def epoch_ended(self) -> bool:
        return bool(self._position[_BLOCK] >= self._plan.blocks)

    def start_epoch(self, epoch: int) -> None:
        self._state = self.network.new_state(self._plan.streams)
        self._loss = np.zeros(1)
        self._position = np.array([epoch, 0, 0, 0], np.int64)

    def word_counts(self) -> WordCounts:
        words = self.epoch * self._words + int(self._position[_WORDS])
        return WordCounts(words, words, words, 0, 0)

    def measure(self) -> Loss:
        """The mean loss per token while the epoch was trained; no other pass over the text."""
        return Loss(float(self._loss[0]) / max(1, int(self._position[_TOKENS])), 0.0)

    def sample_rows(self) -> list[Array]:
        return [matrix[:_SAMPLED] for matrix in self.network.matrices]

    def read_model(self) -> Network:
        return self.network

    def state(self) -> dict[str, Array]:
        squares = {f"{name} squares": array for name, array in self._squares.items()}
        return {"position": self._position, "loss": self._loss, "state": self._state, **squares}

    def start_from(self, epoch: int, counts: WordCounts) -> None:
        self.start_epoch(epoch)

    def restore(self, arrays: Mapping[str, Array]) -> None:
        own = self.state()
        for name, array in own.items():
            found = arrays[name]
            if found.shape != array.shape or found.dtype != array.dtype:
                raise EngineStateError(f"{name!r} is {found.dtype} {found.shape}")
        epoch, block, words, tokens = arrays["position"].tolist()
        sound = epoch >= 0 and 0 <= block <= self._plan.blocks
        if not (sound and 0 <= words <= tokens <= len(self._ids)):
            raise EngineStateError("its position does not fit the text")
        if not all(np.isfinite(arrays[name]).all() for name in ("loss", "state")):
            raise EngineStateError("it has numbers that are not finite")
        squares = [arrays[name] for name in own if name.endswith("squares")]
        if not all((array >= _SQUARES).all() for array in squares):  # NaN, too
            raise EngineStateError("its sums of squares are impossible")
        for name, array in own.items():
            array[:] = arrays[name]
