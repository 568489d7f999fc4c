"""Graceful shutdown on Ctrl-C, SIGTERM, SIGHUP and Ctrl-Break: clean up, save, then end."""

import os
import signal
from contextlib import contextmanager

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # the last is Ctrl-Break of Windows


class Interrupted(KeyboardInterrupt):
    """A signal was received. remedy: how to resume the work, or "" if that is impossible."""

    remedy = ""

    def __init__(self, signal_number: int):
        super().__init__(signal_number)
        self.signal_number = signal_number


@contextmanager
def graceful_shutdown():
    """Context manager: the first signal raises `Interrupted` in the main thread, so that temporary
    files are removed and work is saved; a second signal ends the process immediately.

    For the main thread of a command, not for library code: it replaces the signal handlers.
    """
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def first(number, frame):
        for each in numbers:
            signal.signal(each, _end_now)
        raise Interrupted(number)

    for number in numbers:
        if before[number] is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def interrupting(*names):
    """Context manager: further signals raise `Interrupted`, too, unless one has before.

    For the main thread, within `graceful_shutdown`. Names that this system does not have are
    ignored."""
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]

    def first(number, frame):
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        if signal.getsignal(signal.SIGTERM) is not _end_now:
            raise Interrupted(number)

    before = {number: signal.signal(number, first) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def interrupt_self() -> None:
    """Interrupt the main thread, if it is within `interrupting` of SIGUSR1."""
    if hasattr(signal, "SIGUSR1"):
        os.kill(os.getpid(), signal.SIGUSR1)


class Notice:
    """Notes a signal: a context manager for the main thread. `seen` is whether it came since it was
    last asked."""

    def __init__(self, name):
        self._number = getattr(signal, name, None)
        self._seen = False

    def __enter__(self):
        if self._number is not None:
            self._before = signal.signal(self._number, self._note)
        return self

    def __exit__(self, *error):
        if self._number is not None:
            signal.signal(self._number, self._before)

    def seen(self):
        """Whether the signal came since this was called before."""
        seen, self._seen = self._seen, False
        return seen

    def _note(self, number, frame):
        self._seen = True


def _end_now(number, frame):
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
