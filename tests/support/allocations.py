"""Failing allocations: a library of C that is loaded before the C library, and its control."""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

NEVER = 1 << 62
LEAST_BYTES = 1 << 17
"""Smaller ones come from the memory that a process already has. Also, NumPy (2.4) ends the process
if it cannot allocate one of its buffers of 8,192 numbers, as for ``integers + booleans``."""
_SOURCE = Path(__file__).with_suffix(".c")


def compiler() -> str | None:
    """The C compiler, if there is one that can make such libraries."""
    return shutil.which("cc") if sys.platform.startswith("linux") else None


def build(folder: Path) -> Path:
    """Compile the library into ``folder``."""
    library = folder / "allocations.so"
    command = [compiler(), "-shared", "-fPIC", "-O1", "-o", library, _SOURCE, "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """The environment of a process in which the functions below work."""
    return os.environ | {"LD_PRELOAD": str(library)}


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
