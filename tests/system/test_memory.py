"""Free memory: of the system, of the container, of the process."""

import pytest

from fastw2v.system import cgroups, memory


@pytest.fixture
def container(tmp_path, monkeypatch):
    """The folder in which the files of control groups are."""
    monkeypatch.setattr(cgroups, "ROOT", tmp_path)
    monkeypatch.setattr(cgroups, "OWN", tmp_path / "own")
    return tmp_path


def test_free_memory_of_the_system(container):
    free = memory.free_memory()
    assert free is None or free > 1 << 20
    (container / "memory.max").write_text("max\n")
    without = memory.free_memory()
    assert without is None or without > 1 << 20


def test_free_memory_within_a_container_limit(container):
    (container / "memory.max").write_text("40970\n")
    assert memory.free_memory() == 40970
    (container / "memory.current").write_text("30000\n")
    assert memory.free_memory() == 10970
    (container / "memory.stat").write_text("anon 290\ninactive_file 600\nactive_file 30\n")
    assert memory.free_memory() == 11600
    (container / "memory.current").write_text("50000\n")
    assert memory.free_memory() == 0


def test_control_groups_version_1(container):
    group = container / "memory" / "job"
    group.mkdir(parents=True)
    (container / "own").write_text("4:memory:/job\n")
    (container / "memory" / "memory.limit_in_bytes").write_text("9223372036854771712\n")
    (group / "memory.limit_in_bytes").write_text("50000\n")
    (group / "memory.usage_in_bytes").write_text("20000\n")
    (group / "memory.stat").write_text("inactive_file 1\ntotal_inactive_file 100\n")
    assert memory.free_memory() == 30100


def test_address_space_limit(container, monkeypatch):
    class Limits:
        RLIMIT_AS, RLIM_INFINITY = 9, -1

        @staticmethod
        def getrlimit(kind):
            assert kind == 9
            return 1 << 20, 1 << 30

    monkeypatch.setattr(memory, "resource", Limits)
    assert memory.free_memory() == 0, "this process alone takes more"
    monkeypatch.setattr(memory, "resource", None)
    assert memory.free_memory() != 0
