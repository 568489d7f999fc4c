"""Memory straight from the system, and back to it at once when the last use of it ends.

Memory from malloc would stay with the process, which needs it no more once the text is read.
"""

from __future__ import annotations

import mmap
from contextlib import suppress

import numpy as np


def zeros(count: int, kind) -> np.ndarray:
    """``count`` numbers of a NumPy type, 0 at first; begins with a page, hence a cache line.

    In large pages, where there are any: the system takes longer over 512 small ones than it takes
    to fill them with ids.
    """
    size = max(1, count * np.dtype(kind).itemsize)
    if hasattr(mmap, "MAP_ANONYMOUS"):
        pages = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    else:  # Windows
        pages = mmap.mmap(-1, size)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        with suppress(OSError):  # a kernel without them
            pages.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(pages, kind, count)
