"""Opening named pipes: a plain ``open`` waits for the program at the other end, forever if there is
none."""

import errno
import os
import threading
import time
from contextlib import suppress

_TIMEOUT = 1.0  # seconds to wait for the other end
_POLL = 0.01


def open_to_read(path) -> int:
    """A descriptor of a pipe that has a writer. Raises OSError if none appears."""
    opened: list[int] = []
    reader = threading.Thread(target=lambda: opened.append(os.open(path, os.O_RDONLY)), daemon=True)
    reader.start()
    reader.join(_TIMEOUT)
    if not opened:
        with suppress(OSError):  # unblocks the thread
            os.close(os.open(path, os.O_WRONLY | os.O_NONBLOCK))
        reader.join(_TIMEOUT)
        if opened:
            os.close(opened[0])
        raise OSError(0, "a pipe without a writer")
    return opened[0]


def open_to_write(path) -> int:
    """A descriptor of a pipe that has a reader. Raises OSError if none appears."""
    end = time.monotonic() + _TIMEOUT
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
            os.set_blocking(descriptor, True)
            return descriptor
        except OSError as error:
            if error.errno != errno.ENXIO:
                raise
            if time.monotonic() >= end:
                raise OSError(0, "a pipe without a reader") from error
        time.sleep(_POLL)
