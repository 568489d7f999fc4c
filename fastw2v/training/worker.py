"""Kernels in a helper thread, and their stop."""

from collections.abc import Callable
from threading import Lock, Thread

from fastw2v.engines.cpu import Engine
from fastw2v.jit.threading_layer import NUMBA_THREADS
from fastw2v.kernels import state

POLL = 0.05  # seconds between two looks


class Runner:
    """Runs an engine's kernels; at most one call at a time."""

    def __init__(self, engine: Engine):
        self._engine = engine
        self._call: _Call | None = None

    def run(self, look: Callable[[], bool]) -> bool:
        """Train to the end of the epoch, looking now and then.

        Returns whether the kernels went to the end; not so where ``look`` said to stop. When this
        returns, or passes on an exception of ``look`` or a KeyboardInterrupt, the shards stand
        still, each between two sentences.
        """
        with NUMBA_THREADS.ours():
            self._call = call = _Call(self._engine.train)
            try:
                call.start()
                going_on = True
                while going_on and not call.ended:
                    call.wait(POLL)
                    going_on = look()
            finally:
                self.halt()
        if call.failure is not None:
            raise call.failure
        return going_on

    def halt(self) -> None:
        """Make sure that no kernel runs; may be called at any time."""
        control = self._engine.job.shards.control
        control[state.STOP] = 1
        if self._call is not None:
            self._call.cancel()
        control[state.STOP] = 0


class _Call:
    """A call of a function in a thread of its own.

    Not for `threading.Thread` to tell whether it runs: up to Python 3.12, a join that Ctrl-C cuts
    short takes the thread for ended while it goes on; and start may be cut short, too.

    ended: nothing of it runs any more. failure: what it raised.
    """

    def __init__(self, function: Callable[[], None]):
        self._function = function
        self._begun = self._cancelled = self.ended = False
        self.failure: BaseException | None = None
        self._working = Lock()
        self._working.acquire()

    def start(self) -> None:
        """Begin."""
        Thread(target=self._work, name="fastw2v-training", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Until it has ended, but no longer than that."""
        self._working.acquire(timeout=seconds)

    def cancel(self) -> None:
        """Returns when nothing of it runs, nor will. It is not cut short: tell it to end before."""
        self._cancelled = True
        # Either it is seen here that it has begun, or there that it is cancelled.
        while self._begun and not self.ended:
            self.wait(POLL)

    def _work(self) -> None:
        self._begun = True
        try:
            if not self._cancelled:
                self._function()
        except BaseException as error:
            self.failure = error
        finally:
            self.ended = True
            self._working.release()
