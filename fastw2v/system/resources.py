"""Checks for enough memory and disk space before long work.

Nothing is refused if the system does not report what is available.
"""

import os
import shutil
from collections.abc import Iterable

from fastw2v.errors import ResourceError, parameter
from fastw2v.system.memory import free_memory

_TOLERANCE = 0.9  # less than this share of an estimate is refused
_REMEDY = (
    f"free some space, choose another folder, or use a smaller {parameter('size')}, a higher "
    f"{parameter('min_count')} or {parameter('max_vocab')}"
)


def check_memory(need: int) -> None:
    """Raise ResourceError if ``need`` more bytes exceed the available memory."""
    free = free_memory()
    if free is not None and _TOLERANCE * need > free:
        raise ResourceError(
            f"training needs about {format_bytes(need)} more memory; {format_bytes(free)} are "
            f"free: use a smaller {parameter('size')}, a higher {parameter('min_count')} or "
            f"{parameter('max_vocab')}, or {parameter('force', True)} to train anyway"
        )


def check_disk(files: Iterable[tuple[str, int]], remedy: str = _REMEDY) -> None:
    """Raise ResourceError if files do not fit on the disks they will be written to.

    files: paths, which need not exist, and sizes in bytes; those on one disk are added up. Devices
        and pipes are ignored.
    remedy: for the message, besides ``--force``.
    """
    disks: dict[int, list[tuple[str, int]]] = {}
    for path, need in files:
        target = os.path.realpath(path)
        folder = os.path.dirname(target)
        try:
            if os.path.exists(target) and not os.path.isfile(target):
                continue
            disks.setdefault(os.stat(folder).st_dev, []).append((folder, need))
        except OSError:  # reported when the file is written
            continue
    for wanted in disks.values():
        folder, need = wanted[0][0], sum(each for _, each in wanted)
        free = _free_disk(folder)
        if free is not None and _TOLERANCE * need > free:
            raise ResourceError(
                f"{folder}: not enough disk space: about {format_bytes(need)} will be written, "
                f"{format_bytes(free)} are free: {remedy}, or use "
                f"{parameter('force', True)} to train anyway"
            )


def format_bytes(count: int) -> str:
    """A number of bytes with a unit: ``format_bytes(1_234_567) == "1.2 MB"``."""
    for unit, size in (("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if count >= size:
            return f"{count / size:,.1f} {unit}"
    return f"{count} bytes"


def _free_disk(folder: str) -> int | None:
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return None
    return usage.free if usage.total else None  # some file systems report zeros
