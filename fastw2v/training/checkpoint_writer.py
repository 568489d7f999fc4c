"""When a training is saved, and where."""

import shlex
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastw2v.errors import CheckpointError, OutputError
from fastw2v.training.checkpoint import Saved, save_training

CHECKPOINT_EVERY = 600.0  # seconds


class CheckpointWriter:
    """Saves a training to one file, again and again; the file is whole at any moment.

    path: the file. every: seconds between two saves. order: what whoever asked for the training
        wants to find in the checkpoint (JSON). log: the `fastw2v.training.epoch_end.EpochLog`
        of the training.
    """

    def __init__(self, path, every: float, order: dict[str, Any], log):
        self.path = Path(path)
        self._every, self._order, self._log = every, order, log
        self._next = time.monotonic() + every

    def due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() >= self._next

    def save(self, training, finished: bool = False) -> None:
        """Save. The training must stand still. Raises OutputError."""
        save_training(self.path, training, self._log, self._order, finished)
        self._next = time.monotonic() + self._every

    def save_on_the_way_out(self, training) -> str:
        """Save once more; returns how to go on. A full disk now must not hide why we end."""
        with suppress(OutputError):
            self.save(training)
        return f"go on with: fastw2v train --resume {shlex.quote(str(self.path))}"


def check_replaceable(path) -> None:
    """Raise CheckpointError where a new checkpoint at ``path`` would destroy something: a file of
    another kind, or a training that is not finished."""
    if not Path(path).exists():
        return
    if Saved(path).finished:
        return
    raise CheckpointError(
        f"{path}: holds a training that is not finished: go on with --resume {path}, "
        "or remove the file"
    )
