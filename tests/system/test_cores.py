"""Cores: affinity and container quotas."""

import os

import pytest

from fastw2v.system import cgroups, cores


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """A function that writes a file of control groups, on a machine with eight cores."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(1, 9)), raising=False)
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")

    def write(name: str, content: str) -> None:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content + "\n")

    return write


@pytest.mark.parametrize(
    ("quota", "expected"),
    [("max 100000", 8), ("150000 100000", 2), ("50000 100000", 1), ("900000 100000", 8), ("", 8)],
)
def test_the_smaller_of_affinity_and_quota(machine, quota, expected):
    machine("cpu.max", quota)
    assert cores.usable_cores() == expected


def test_without_control_groups(machine):
    assert cores.usable_cores() == 8


def test_control_groups_version_1(machine):
    machine("cpu/cpu.cfs_quota_us", "250000")
    machine("cpu/cpu.cfs_period_us", "100000")
    assert cores.usable_cores() == 3
    machine("cpu/cpu.cfs_quota_us", "-1")
    assert cores.usable_cores() == 8


def test_nested_groups_of_the_process(machine):
    """Its own group and those above bind it, not one beside."""
    machine("own", "4:cpuset:/\n0::/user.slice/job.scope")
    machine("user.slice/other.scope/cpu.max", "100000 100000")
    assert cores.usable_cores() == 8
    machine("user.slice/job.scope/cpu.max", "500000 100000")
    assert cores.usable_cores() == 5
    machine("user.slice/cpu.max", "350000 100000")
    assert cores.usable_cores() == 4


def test_own_group_of_version_1(machine):
    machine("own", "7:memory:/m\n3:cpu,cpuacct:/job\n")
    machine("cpu,cpuacct/job/cpu.cfs_quota_us", "600000")
    machine("cpu,cpuacct/job/cpu.cfs_period_us", "100000")
    machine("cpu,cpuacct/m/cpu.cfs_quota_us", "100000")
    machine("cpu,cpuacct/m/cpu.cfs_period_us", "100000")
    assert cores.usable_cores() == 6


def test_a_group_that_is_not_visible_in_the_container(machine):
    """Inside a container: the name is that outside, the files are at the root."""
    machine("own", "0::/docker/0123")
    machine("cpu.max", "200000 100000")
    assert cores.usable_cores() == 2
