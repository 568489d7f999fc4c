"""How much memory there is to be had: what the system has free, or the container allows."""

import os
from pathlib import Path

_CONTAINER_LIMITS = (
    "/sys/fs/cgroup/memory.max",
    "/sys/fs/cgroup/memory/memory.limit_in_bytes",
)


def free_memory() -> int | None:
    """Bytes that may be filled without swapping; None where the system does not tell."""
    amounts = [amount for amount in (_free_of_system(), _container_limit()) if amount is not None]
    return min(amounts, default=None)


def _free_of_system() -> int | None:
    """Linux tells what it could free for us; elsewhere what is not used at all has to do."""
    try:
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return 1024 * int(line.split()[1])
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _container_limit() -> int | None:
    for path in _CONTAINER_LIMITS:
        try:
            return int(Path(path).read_text())  # "max" where there is none
        except (OSError, ValueError):
            continue
    return None
