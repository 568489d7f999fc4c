"""Available memory: of the system, within the container and the address-space limit; and what
this process has taken."""

import math
import os
import sys
from pathlib import Path

from fastw2v.system.cgroups import groups, numbers

try:
    import resource
except ImportError:  # not on Windows
    resource = None


def free_memory() -> int | None:
    """Bytes that can be allocated without swapping; None if unknown."""
    amounts = (_free_of_system(), _free_of_container(), _free_addresses())
    return min((amount for amount in amounts if amount is not None), default=None)


def _free_of_system() -> int | None:
    """Available memory on Linux, which includes reclaimable caches; elsewhere free pages."""
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


def _free_of_container() -> int | None:
    """Memory left by the control groups; cached files count as free."""
    free = min(map(_free_of_group, groups("memory")), default=math.inf)
    return None if math.isinf(free) else max(0, int(free))


def _free_of_group(group: Path) -> float:
    limit = numbers(group, "memory.max") or numbers(group, "memory.limit_in_bytes")
    if not limit or math.isinf(limit[0]):
        return math.inf
    used = numbers(group, "memory.current") or numbers(group, "memory.usage_in_bytes") or [0]
    return limit[0] - max(0, used[0] - _cached_files(group))


def _cached_files(group: Path) -> int:
    try:
        lines = dict(line.split() for line in (group / "memory.stat").read_text().splitlines())
        kinds = ("inactive_file", "active_file")
        return sum(int(lines.get(f"total_{kind}", lines.get(kind, 0))) for kind in kinds)
    except (OSError, ValueError):
        return 0


def _free_addresses() -> int | None:
    """Address space left by ``ulimit -v``."""
    if resource is None:
        return None
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError):
        return None


def peak_rss_bytes() -> int | None:
    """The peak resident memory of this process so far; None if the system does not report it."""
    try:  # Linux: of this process alone; the call below includes the one that started it
        status = Path("/proc/self/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
