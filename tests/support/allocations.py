"""Failing allocations: a library of C that is loaded before the C library, and its control."""

import ctypes

NEVER = 1 << 62
LEAST_BYTES = 1 << 17
"""Smaller ones come from the memory that a process already has. Also, NumPy (2.4) ends the process
if it cannot allocate one of its buffers of 8,192 numbers, as for ``integers + booleans``."""


def arm(first: int, last: int = NEVER) -> None:
    """From now on let the allocations fail that have the numbers ``first`` to ``last``, from 1."""
    sizes = (ctypes.c_size_t(LEAST_BYTES), ctypes.c_long(first), ctypes.c_long(last))
    ctypes.CDLL(None).allocations_arm(*sizes)


def disarm() -> int:
    """Let nothing fail any more. Returns how many allocations were counted."""
    library = ctypes.CDLL(None)
    library.allocations_counted.restype = ctypes.c_long
    counted = int(library.allocations_counted())
    library.allocations_arm(ctypes.c_size_t(0), ctypes.c_long(0), ctypes.c_long(0))
    return counted
