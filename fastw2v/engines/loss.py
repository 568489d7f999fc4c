"""The mean loss of a model and its standard error, from sums over probes of the text."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np


class Loss(NamedTuple):
    """Loss per training pair."""

    mean: float
    stderr: float  # 0 if the whole text was measured


def mean_loss(sums: np.ndarray | Mapping[str, np.ndarray], share: float) -> Loss:
    """Mean loss per training pair and its standard error.

    A ratio estimate with probes as the sampled units (Cochran 1977, section 6.4).

    sums: (T,) `fastw2v.kernels.state.LOSS_SUMS`, or its fields by name.
    share: the part of the text that was measured; if it is all of it, the error is 0.
    """
    pairs, loss = sums["pairs"].sum(), sums["loss"].sum()
    if pairs == 0:
        return Loss(0.0, 0.0)
    mean = loss / pairs
    squares = sums["loss_squared"].sum() - 2 * mean * sums["pairs_times_loss"].sum()
    squares += mean**2 * sums["pairs_squared"].sum()
    stderr = np.sqrt(max(0.0, squares) * max(0.0, 1 - share)) / pairs
    return Loss(float(mean), float(stderr))
