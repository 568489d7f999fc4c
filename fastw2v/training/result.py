"""What a training brought: its model, and the figures for the report."""

from dataclasses import dataclass, field

import numpy as np

from fastw2v.kernels import state
from fastw2v.model.matrices import Model
from fastw2v.training.ledger import Ledger


@dataclass
class Outcome:
    """The figures are of the epochs trained so far; lists hold one entry for each."""

    model: Model
    compile_seconds: float = 0.0
    train_seconds: float = 0.0
    ledgers: list[Ledger] = field(default_factory=list)
    # of the model at the end of each epoch: mean per training pair, and its standard error
    loss: list[float] = field(default_factory=list)
    loss_stderr: list[float] = field(default_factory=list)


def mean_loss(sums: np.ndarray, share: float) -> tuple[float, float]:
    """Mean loss per training pair and its standard error, from the sums over all probes.

    A ratio estimate with probes as the sampled units (Cochran 1977, section 6.4). share: which
    part of the text was measured; where it is all of it, the mean is no estimate, and the error 0.
    """
    pairs, loss = sums[state.PAIRS], sums[state.LOSS]
    if pairs == 0:
        return 0.0, 0.0
    mean = loss / pairs
    squares = sums[state.LOSS2] - 2 * mean * sums[state.PAIRS_LOSS] + mean**2 * sums[state.PAIRS2]
    stderr = np.sqrt(max(0.0, squares) * max(0.0, 1 - share)) / pairs
    return float(mean), float(stderr)
