"""Kernels in a helper thread, and their stop."""

from collections.abc import Callable
from threading import Thread

from fastw2v.engine import Engine
from fastw2v.kernels import jobs
from fastw2v.numba_threads import NUMBA_THREADS

POLL = 0.05  # seconds between two looks


class Runner:
    """Runs an engine's kernels; at most one call at a time."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._worker: Thread | None = None
        self._failure: BaseException | None = None

    def run(self, look: Callable[[], bool]) -> bool:
        """Train to the end of the epoch, looking now and then.

        Returns whether the kernels went to the end; not so where ``look`` said to stop. When this
        returns, or passes on an exception of ``look`` or a KeyboardInterrupt, the shards stand
        still, each between two sentences.
        """
        with NUMBA_THREADS.ours():
            self._worker = Thread(target=self._train, name="fastw2v-training", daemon=True)
            self._worker.start()
            try:
                going_on = True
                while going_on and self._worker.is_alive():
                    self._worker.join(POLL)
                    going_on = look()
            finally:
                self.halt()
        if self._failure is not None:
            raise self._failure
        return going_on

    def halt(self) -> None:
        """Make sure that no kernel runs; may be called at any time."""
        control = self._engine.job.shards.control
        control[jobs.STOP] = 1
        if self._worker is not None:
            self._worker.join()
        control[jobs.STOP] = 0

    def _train(self) -> None:
        try:
            self._engine.train()
        except BaseException as error:
            self._failure = error
