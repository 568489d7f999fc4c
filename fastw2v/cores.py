"""How many cores this process may use: affinity and container limits, not what the box has."""

import math
import os
from pathlib import Path


def usable_cores() -> int:
    """The number of cores this process may keep busy, at least 1.

    The smaller of the CPU affinity and the container's CPU quota (cgroup v2 or v1), rounded up.
    """
    try:
        affinity = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS
        affinity = os.cpu_count() or 1
    quota = _container_quota()
    return affinity if math.isinf(quota) else max(1, min(affinity, math.ceil(quota)))


def limit_threads(threads: int, progress) -> int:
    """``threads``, or as many cores as this process may use where that is less, and says so.

    More threads than cores gain nothing, and one shard of the text would wait for another.
    """
    cores = usable_cores()
    if threads > cores:
        progress.say(f"{threads} threads asked for; this process may use {cores}: taking {cores}")
    return min(threads, cores)


def _container_quota() -> float:
    """CPU quota of the container in cores; infinity where there is none."""
    try:
        quota, period = Path("/sys/fs/cgroup/cpu.max").read_text().split()
    except (OSError, ValueError):
        quota, period = _container_quota_v1()
    if quota in ("max", "-1") or float(period) <= 0:
        return math.inf
    return float(quota) / float(period)


def _container_quota_v1() -> tuple[str, str]:
    folder = Path("/sys/fs/cgroup/cpu")
    try:
        quota = (folder / "cpu.cfs_quota_us").read_text().strip()
        return quota, (folder / "cpu.cfs_period_us").read_text().strip()
    except OSError:
        return "max", "1"
