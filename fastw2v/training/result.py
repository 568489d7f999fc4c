"""The figures of a training, for its report and its checkpoints."""

from dataclasses import dataclass, field
from typing import Any

from fastw2v.training.ledger import Ledger


@dataclass
class TrainingResult:
    """Figures of the epochs trained so far; lists hold one entry for each.

    arrangement: see `fastw2v.engines.protocol.Engine.arrangement`.
    loss, loss_stderr: of the model at the end of an epoch: mean per training pair, and its
    standard error.
    """

    arrangement: dict[str, Any] = field(default_factory=dict)
    compile_seconds: float = 0.0
    train_seconds: float = 0.0
    ledgers: list[Ledger] = field(default_factory=list)
    loss: list[float] = field(default_factory=list)
    loss_stderr: list[float] = field(default_factory=list)
