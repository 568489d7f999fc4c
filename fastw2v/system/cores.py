"""The cores: their kind, and the number that this process may use by affinity and container."""

import math
import os
import platform
from pathlib import Path

from fastw2v.system.cgroups import groups, numbers


def usable_cores() -> int:
    """The number of cores this process may use, at least 1.

    The smaller of the CPU affinity and the container's CPU quota, rounded up.
    """
    try:
        affinity = len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows; Python 3.13 knows of affinity there
        affinity = getattr(os, "process_cpu_count", os.cpu_count)() or 1
    quota = _container_quota()
    return affinity if math.isinf(quota) else max(1, min(affinity, math.ceil(quota)))


def processor_name() -> str:
    """The name of the processor, or of its architecture if the system does not report it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    models = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def limit_threads(threads: int, progress) -> int:
    """``threads``, reduced to the number of usable cores (with a message) if it is larger.

    More threads than cores gain nothing, and one shard of the text would wait for another.
    """
    cores = usable_cores()
    if threads > cores:
        progress.message(
            f"{threads} threads requested, but this process may use only {cores}: using {cores}"
        )
    return min(threads, cores)


def _container_quota() -> float:
    """CPU quota of the container in cores; infinity without a quota."""
    return min(map(_quota, groups("cpu")), default=math.inf)


def _quota(group: Path) -> float:
    limits = numbers(group, "cpu.max") or numbers(group, "cpu.cfs_quota_us", "cpu.cfs_period_us")
    quota, period = limits if limits and len(limits) == 2 else (-1, 0)
    return quota / period if quota > 0 and period > 0 else math.inf
