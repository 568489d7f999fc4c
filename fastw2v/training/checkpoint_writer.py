"""When and where a training is saved."""

import shlex
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from fastw2v.errors import CheckpointError, OutputError, parameter
from fastw2v.training.checkpoint import Checkpoint, save_checkpoint
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.loop import Training
from fastw2v.training.options import FilePath


class CheckpointWriter:
    """Saves a training to one file, again and again; the file is complete at any moment.

    every: seconds between two saves. options: as `options_to_keep` returns them.
    """

    def __init__(self, path: FilePath, every: float, options: dict[str, Any], epoch_log: EpochLog):
        self.path = Path(path)
        self._every, self._options, self._epoch_log = every, options, epoch_log
        self._next = time.monotonic() + every

    def due(self) -> bool:
        """Whether it is time to save."""
        return time.monotonic() >= self._next

    def save(self, training: Training, finished: bool = False) -> None:
        """Save. The engine must be idle. Raises OutputError."""
        save_checkpoint(self.path, training, self._epoch_log, self._options, finished)
        self._next = time.monotonic() + self._every

    def save_interrupted(self, training: Training) -> str:
        """Save once more; returns how to resume.

        If that fails, on a full disk for example, the last save is what is left: the failure
        must not hide the interrupt.
        """
        with suppress(OutputError):
            self.save(training)
        return f"resume with: fastw2v train --resume {shlex.quote(str(self.path))}"


def check_replaceable(path: FilePath) -> None:
    """Raise CheckpointError if a new checkpoint at ``path`` would destroy something: a file of
    another kind, or a training that is not finished."""
    if not Path(path).exists() or Checkpoint(path).finished:
        return
    raise CheckpointError(
        f"{path}: holds an unfinished training: resume it with {parameter('resume', str(path))}, "
        f"remove the file, or replace it with {parameter('force', True)}"
    )
