"""Memory that a thread writes ids to, one array after another."""

from __future__ import annotations

import numpy as np

from fastw2v.matrix import pages

_PAGE_IDS = 1 << 20  # a whole number of huge pages


class IdMemory:
    """Hands out arrays of int32 next to each other; never moves them.

    ``reuses``: hands out the same memory again after each `restart`, for ids that nobody keeps.
    """

    def __init__(self, reuses: bool = False):
        self._reuses = reuses
        self._page = self._free = np.empty(0, np.int32)

    def room(self, least: int) -> np.ndarray:
        """At least ``least`` ids that are free."""
        if len(self._free) < least:
            self._page = self._free = pages.zeros(max(_PAGE_IDS, least), np.int32)
        return self._free

    def take(self, count: int) -> np.ndarray:
        """The first ``count`` ids of the room, which are in use from now on."""
        taken, self._free = self._free[:count], self._free[count:]
        return taken

    def restart(self) -> None:
        """To be called before each block."""
        if self._reuses:
            self._free = self._page
