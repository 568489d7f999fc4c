"""Signals (Ctrl-C, SIGTERM): graceful shutdown at the first, immediate exit at the second."""

import os
import signal
from contextlib import contextmanager

_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(KeyboardInterrupt):
    """One of the signals has come. remedy: how the work can be gone on with, where it can."""

    remedy = ""

    def __init__(self, signal_number: int):
        super().__init__(signal_number)
        self.signal_number = signal_number


@contextmanager
def graceful_shutdown():
    """Within: the first signal raises `Interrupted` in the main thread, files are tidied and work
    is saved on its way out; a second one ends the process at once.

    Only for a process of our own, from its main thread.
    """
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def first(number, frame):
        for each in numbers:
            signal.signal(each, _at_once)
        raise Interrupted(number)

    for number in numbers:
        if before[number] is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _at_once(number, frame):
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
