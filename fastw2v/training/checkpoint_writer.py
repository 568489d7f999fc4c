"""When and where a training is saved."""

import os
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fastw2v.errors import CheckpointError, OutputError, message_of, parameter
from fastw2v.progress import Progress, duration
from fastw2v.training.checkpoint import save_checkpoint
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.loop import Training
from fastw2v.training.options import FilePath


class PeriodicWriter:
    """Saves a training to one file, again and again; the file is complete at any moment.

    A subclass says what is written, `_write`, and how it is resumed.

    every: seconds between two saves. save_now: whether to save at once.
    failure: why the last save failed; None if it did not. The file is then an older one.
    """

    def __init__(
        self,
        path: FilePath,
        every: float,
        progress: Progress,
        save_now: Callable[[], bool] = lambda: False,
    ):
        self.path = Path(path)
        self._every, self._progress = every, progress
        self._next, self._save_now = time.monotonic() + every, save_now
        self.failure: OutputError | None = None

    def due(self) -> bool:
        """Whether it is time to save."""
        return self._save_now() or time.monotonic() >= self._next

    def save_first(self, training: Training) -> None:
        """Save before anything is trained. Raises OutputError: better now than later."""
        self._write(training, finished=False)

    def save(self, training: Training, finished: bool = False) -> None:
        """Save. The engine must be idle. A failure is reported and ends nothing: the last save
        is left, and the next may succeed."""
        try:
            self._write(training, finished)
            self.failure = None
        except Exception as error:  # whatever it is, the training is worth more
            problem = message_of(error)
            if not isinstance(error, OutputError):
                problem = f"cannot write {self.path}: {problem}"
            self.failure = OutputError(f"{problem}; it holds an older checkpoint")
            again = "" if finished else f"; trying again in {duration(self._every)}"
            self._progress.message(f"checkpoint not saved: {problem}{again}")
        self._next = time.monotonic() + self._every

    def save_interrupted(self, training: Training) -> str:
        """Save once more; returns how to resume, from the last save if this one fails."""
        self.save(training, finished=False)
        return self._how_to_resume(training)

    def _write(self, training: Training, finished: bool) -> None:
        raise NotImplementedError

    def _how_to_resume(self, training: Training) -> str:
        raise NotImplementedError


class CheckpointWriter(PeriodicWriter):
    """Saves a training of word vectors. options: as `options_to_keep` returns them."""

    def __init__(
        self,
        path: FilePath,
        every: float,
        options: dict[str, Any],
        epoch_log: EpochLog,
        progress: Progress,
        save_now: Callable[[], bool] = lambda: False,
    ):
        super().__init__(path, every, progress, save_now)
        self._options, self._epoch_log = options, epoch_log

    def _write(self, training: Training, finished: bool) -> None:
        save_checkpoint(self.path, training, self._epoch_log, self._options, finished)

    def _how_to_resume(self, training: Training) -> str:
        output = self._options.get("output")
        # An older file of that name is replaced only if the output is named again.
        again = f" -o {shlex.quote(output)}" if output and os.path.exists(output) else ""
        start, end = "", ""
        if training.job is not None:
            start, end = f"mpirun -n {training.job.ranks.size} ", " --ranks"
        command = f"{start}fastw2v train --resume {shlex.quote(str(self.path))}"
        return f"resume with: {command}{end}{again}"


def check_replaceable(path: FilePath, is_finished: Callable[[FilePath], bool]) -> None:
    """Raise CheckpointError if a new checkpoint at ``path`` would destroy something: a file of
    another kind, or a training that is not finished.

    is_finished: whether a checkpoint is of a finished training; CheckpointError if it is none.
    """
    try:
        os.stat(path)
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise CheckpointError(f"{path}: cannot be read: {message_of(error)}") from error
    if is_finished(path):
        return
    raise CheckpointError(
        f"{path}: holds an unfinished training: resume it with {parameter('resume', str(path))}, "
        f"remove the file, or replace it with {parameter('force', True)}"
    )
