"""The thread in which an engine trains, and how it is stopped."""

import os
from collections.abc import Callable
from threading import Lock, Thread

from fastw2v.engines.protocol import Engine

POLL = 0.05  # seconds between two calls of `on_poll`


class Worker:
    """Runs an engine's `train`; at most one call at a time.

    failed: the engine itself has raised an error, and may have stopped between two changes that
        belong together.
    """

    def __init__(self, engine: Engine):
        self._engine = engine
        self._call: _Call | None = None
        self.failed = False

    def run(self, on_poll: Callable[[], bool]) -> bool:
        """Train to the end of the epoch, calling ``on_poll`` now and then.

        Returns whether `train` returned by itself; False if ``on_poll`` returned False. When this
        returns, or passes on an exception of ``on_poll`` or a KeyboardInterrupt, the engine is
        idle, its state consistent.
        """
        with self._engine.turn():
            self._call = call = _Call(self._engine.train)
            try:
                call.start()
                proceed = True
                while proceed and not call.ended:
                    call.wait(POLL)
                    proceed = on_poll()
            finally:
                self.halt()
        if call.failure is not None:
            self.failed = True
            raise call.failure
        return proceed

    def halt(self) -> None:
        """Make sure that `train` does not run; may be called at any time."""
        self._engine.request_stop()
        if self._call is not None:
            self._call.cancel()
        self._engine.clear_stop()


class _Call:
    """A call of a function in a thread of its own.

    `threading.Thread` cannot be asked whether it runs: up to Python 3.12, a join that Ctrl-C
    interrupts takes the thread for ended although it runs; and start may be interrupted, too.

    ended: nothing of it runs any more. failure: what it raised.
    """

    def __init__(self, function: Callable[[], None]):
        self._function = function
        self._begun = self._cancelled = self.ended = False
        self.failure: BaseException | None = None
        self._process = os.getpid()
        self._working = Lock()
        self._working.acquire()

    def start(self) -> None:
        """Start the thread."""
        Thread(target=self._work, name="fastw2v-training", daemon=True).start()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended, but no longer than that."""
        self._working.acquire(timeout=seconds)

    def cancel(self) -> None:
        """Return when nothing of it runs, nor will. It is not cut short: ask it to end before."""
        self._cancelled = True
        # Either it is seen here that it has begun, or there that it is cancelled.
        # A forked child has no copy of the thread.
        while self._begun and not self.ended and self._process == os.getpid():
            self.wait(POLL)

    def _work(self) -> None:
        self._begun = True
        try:
            if not self._cancelled:
                self._function()
        except BaseException as error:
            self.failure = error
        finally:
            del self._function  # this thread may live on a bit: the engine must not with it
            self.ended = True
            self._working.release()
