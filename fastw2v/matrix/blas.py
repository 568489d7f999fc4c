"""Products of matrices in one thread.

OpenBLAS, which NumPy's packages bring, splits every product among all cores. For products of a few
milliseconds that is slower as soon as another process uses one of them, since its threads wait for
each other in loops; and sums depend on the number of cores in their last digits.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

_NAMES = (
    "scipy_openblas_{}_num_threads64_",
    "openblas_{}_num_threads64_",
    "openblas_{}_num_threads",
)


@contextmanager
def one_thread() -> Iterator[None]:
    """Context manager: NumPy's products of matrices run in the calling thread. Only
    OpenBLAS is changed; other libraries keep their number of threads."""
    functions = _functions()
    if functions is None:
        yield
        return
    get, put = functions
    before = get()
    put(1)
    try:
        yield
    finally:
        put(before)


@cache
def _functions() -> tuple[Any, Any] | None:
    """The functions of the library, with which NumPy is linked, that return and set the number of
    threads; None if it has none."""
    try:
        library = ctypes.CDLL(np._core._multiarray_umath.__file__)  # type: ignore[attr-defined]
    except (AttributeError, OSError):
        return None
    for name in _NAMES:
        get = getattr(library, name.format("get"), None)
        put = getattr(library, name.format("set"), None)
        if get is not None and put is not None:
            return get, put
    return None
