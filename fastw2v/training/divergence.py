"""Noticing a training that has come to grief: NaN, infinity, vectors that grow without end."""

import math

import numpy as np

from fastw2v.errors import TrainingError
from fastw2v.matrix.norms import blocks
from fastw2v.model.matrices import Model

LARGEST = 300.0
"""Size of a number in a vector past which training has run away. Sound ones stay below 10 or so:
the further a score is from 0, the less the logistic function lets it move."""

WORSE = 10.0
"""A loss so many times that of a model that knows nothing is that of one that has run away."""

_COMMONEST = 1_000  # rows looked at while training: they are moved most, and run away first


class Watchman:
    """Looks at a model now and then. Vectors that were large when training began may stay so."""

    def __init__(self, model: Model, alpha: float):
        self._alpha = alpha
        matrices = [model.inputs, model.outputs, model.nodes]
        self._matrices = [matrix for matrix in matrices if matrix is not None]
        self._largest = max(LARGEST, *(10 * _largest(matrix) for matrix in self._matrices))
        # Nodes near the root are the last ones: every path begins there.
        words = [matrix[:_COMMONEST] for matrix in matrices[:2] if matrix is not None]
        nodes = [matrix[-_COMMONEST:] for matrix in matrices[2:] if matrix is not None]
        self._samples = words + nodes

    def look(self, epoch: int) -> None:
        """Look at the rows that are trained most. epoch: the one under way, from 0.

        Raises TrainingError where they have diverged.
        """
        self._judge(self._samples, epoch)

    def look_at_all(self, epoch: int) -> None:
        """As `look`, at every row."""
        self._judge(self._matrices, epoch)

    def judge_loss(self, loss: float, targets: int, epoch: int) -> None:
        """Raise TrainingError where the loss tells of divergence: hierarchical softmax can end in
        scores so large that nothing is trained any more.

        loss: mean per training pair. targets: the most output rows of one pair, each of which
        costs a model that knows nothing ln 2; the full softmax costs it ln V.
        """
        if not loss <= WORSE * max(targets * math.log(2), math.log(len(self._matrices[0]))):
            raise self._diverged(f"the loss is {loss:.4g}", epoch)

    def _judge(self, matrices: list[np.ndarray], epoch: int) -> None:
        for matrix in matrices:
            largest = _largest(matrix)
            if not largest <= self._largest:  # so that NaN is told, too
                what = "grow without end" if np.isfinite(largest) else "are no numbers any more"
                raise self._diverged(f"the vectors {what}", epoch)

    def _diverged(self, what: str, epoch: int) -> TrainingError:
        return TrainingError(
            f"training diverged in epoch {epoch + 1}: {what}; "
            f"lower --alpha, which is {self._alpha:g}"
        )


def _largest(matrix: np.ndarray) -> float:
    """The largest absolute value; NaN where there is one."""
    found = 0.0
    with np.errstate(invalid="ignore"):
        for start, stop in blocks(*matrix.shape):
            found = np.maximum(found, np.abs(matrix[start:stop]).max(initial=0.0))
    return float(found)
