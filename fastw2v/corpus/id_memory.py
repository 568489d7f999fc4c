"""Memory that a thread writes ids to, one array after another."""

from __future__ import annotations

from collections import deque
from contextlib import suppress

import numpy as np

from fastw2v.matrix import pages

_PAGE_IDS = 1 << 20  # a whole number of huge pages
_SMALL_PAGE = 1 << 10  # ids


class IdMemory:
    """Hands out arrays of int32 next to each other; never moves them.

    ``reuses``: hands out the same memory again after each `restart`, for ids that nobody keeps.
    """

    def __init__(self, reuses: bool = False):
        self._reuses = reuses
        self._page = self._free = np.empty(0, np.int32)
        self._prepared: deque[np.ndarray] = deque()  # at most one

    def room(self, least: int) -> np.ndarray:
        """At least ``least`` ids that are free."""
        if len(self._free) < least:
            size = max(_PAGE_IDS, least)
            try:
                self._page = self._prepared.pop()
            except IndexError:
                self._page = np.empty(0, np.int32)
            if len(self._page) < size:
                self._page = pages.zeros(size, np.int32)
            self._free = self._page
        return self._free

    def prepare(self) -> None:
        """Have memory ready for the next `room`, so that it need not wait for the system.

        For another thread than the one that uses the ids.
        """
        if self._prepared or (self._reuses and len(self._page)):
            return
        with suppress(MemoryError):  # `room` meets it
            page = pages.zeros(_PAGE_IDS, np.int32)
            page[::_SMALL_PAGE] = 0  # the system provides a page when it is written
            self._prepared.append(page)

    def take(self, count: int) -> np.ndarray:
        """The first ``count`` ids of the room, which are in use from now on."""
        taken, self._free = self._free[:count], self._free[count:]
        return taken

    def restart(self) -> None:
        """To be called before each block."""
        if self._reuses:
            self._free = self._page
