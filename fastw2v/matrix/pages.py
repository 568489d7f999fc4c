"""Arrays in anonymous memory maps, which are returned to the system when freed.

Memory from malloc might stay with the process, which needs it only while reading the text. And a
map can ask for huge pages: rows from all over a large model are found through as few entries of
the processor's page table cache as there are. Not all versions of NumPy ask for them.
"""

from __future__ import annotations

import numpy as np

from fastw2v.system.posix import anonymous_map


def zeros(count: int, kind) -> np.ndarray:
    """(count,) zeros of a NumPy type, aligned to a page and hence to a cache line.

    In huge pages if available: providing 512 small ones takes longer than filling them with ids.
    MemoryError if there is not enough memory.
    """
    size = max(1, count * np.dtype(kind).itemsize)
    try:
        pages = anonymous_map(size)
    except (OSError, OverflowError) as error:
        raise MemoryError(f"unable to allocate {size:,} bytes") from error
    return np.frombuffer(pages, kind, count)
