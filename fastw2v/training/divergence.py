"""Detecting divergence: NaN, infinity, vectors that grow without bound."""

import math
from collections.abc import Iterable

import numpy as np

from fastw2v.engines.protocol import Engine
from fastw2v.errors import TrainingError, parameter
from fastw2v.matrix.norms import blocks

LARGEST = 300.0
"""Size of a number in a vector above which training has diverged. Sound ones stay below 10 or so:
the further a score is from 0, the less the logistic function lets it move."""

WORSE = 10.0
"""A loss so many times that of an untrained model is that of a model that has diverged."""


class DivergedError(TrainingError):
    """The vectors have diverged: what is in memory is worth nothing."""


class DivergenceMonitor:
    """Checks the model of an engine. Vectors that were large before training may stay so."""

    def __init__(self, engine: Engine, alpha: float):
        """alpha: the learning rate at the start, for the error message."""
        self._engine, self._alpha = engine, alpha
        self._largest = max(LARGEST, 10 * _largest_of(engine.read_model().matrices))

    def check_sample(self, epoch: int) -> None:
        """Check the rows that are trained most, also during training.

        epoch: the one under way, from 0. Raises TrainingError if they have diverged.
        """
        self._check(self._engine.sample_rows(), epoch)

    def check_all(self, epoch: int) -> None:
        """As `check_sample`, for every row, between epochs."""
        self._check(self._engine.read_model().matrices, epoch)

    def check_loss(self, loss: float, epoch: int) -> None:
        """Raise TrainingError if the mean loss per training pair shows divergence.

        Hierarchical softmax can end in scores so large that nothing is trained any more.
        """
        if not loss <= WORSE * self._engine.untrained_loss:
            raise self._diverged(f"the loss is {loss:.4g}", epoch)

    def _check(self, matrices: list[np.ndarray], epoch: int) -> None:
        largest = _largest_of(matrices)
        if not largest <= self._largest:  # so that NaN is found, too
            what = "grow without bound" if math.isfinite(largest) else "are not finite any more"
            raise self._diverged(f"the vectors {what}", epoch)

    def _diverged(self, what: str, epoch: int) -> DivergedError:
        return DivergedError(
            f"training diverged in epoch {epoch + 1}: {what}; "
            f"use a lower {parameter('alpha')} than {self._alpha:g}"
        )


def _largest_of(matrices: Iterable[np.ndarray]) -> float:
    """The largest absolute value in several matrices; NaN if there is one in any."""
    found = np.float64(0.0)
    with np.errstate(invalid="ignore"):
        for matrix in matrices:
            for start, stop in blocks(*matrix.shape):
                block = matrix[start:stop]
                found = np.maximum(found, np.maximum(block.max(initial=0), -block.min(initial=0)))
    return float(found)
