"""Cores: affinity and container quotas."""

import os

import pytest

from fastw2v import cores


@pytest.mark.parametrize(
    ("quota", "expected"), [("max 100000", 6), ("150000 100000", 2), ("50000 100000", 1)]
)
def test_the_smaller_of_affinity_and_quota(monkeypatch, quota, expected):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(6)), raising=False)
    monkeypatch.setattr(cores.Path, "read_text", lambda path: quota + "\n")
    assert cores.usable_cores() == expected


def test_without_control_groups(monkeypatch):
    def no_file(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 3, 5}, raising=False)
    monkeypatch.setattr(cores.Path, "read_text", no_file)
    assert cores.usable_cores() == 3


def test_first_version_of_control_groups(monkeypatch):
    files = {"cpu.cfs_quota_us": "250000", "cpu.cfs_period_us": "100000"}

    def read(path):
        if path.name not in files:
            raise FileNotFoundError(path)
        return files[path.name]

    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)
    monkeypatch.setattr(cores.Path, "read_text", read)
    assert cores.usable_cores() == 3
