"""The mean loss of a model and its standard error, from sums over probes of the text."""

from typing import NamedTuple

import numpy as np

from fastw2v.kernels import state


class Loss(NamedTuple):
    """Loss per training pair."""

    mean: float
    stderr: float  # 0 if the whole text was measured


def mean_loss(sums: np.ndarray, share: float) -> Loss:
    """Mean loss per training pair and its standard error.

    A ratio estimate with probes as the sampled units (Cochran 1977, section 6.4).

    sums: (16,) float64, the columns of `fastw2v.kernels.state.Shards.loss`, over all probes.
    share: the part of the text that was measured; if it is all of it, the error is 0.
    """
    pairs, loss = sums[state.PAIRS], sums[state.LOSS]
    if pairs == 0:
        return Loss(0.0, 0.0)
    mean = loss / pairs
    squares = sums[state.LOSS2] - 2 * mean * sums[state.PAIRS_LOSS] + mean**2 * sums[state.PAIRS2]
    stderr = np.sqrt(max(0.0, squares) * max(0.0, 1 - share)) / pairs
    return Loss(float(mean), float(stderr))
