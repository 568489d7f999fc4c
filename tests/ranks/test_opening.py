"""Jobs of mpirun: how they begin and how they end, whatever goes wrong."""

import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from fastw2v.ranks import launcher, opening
from fastw2v.ranks.launcher import Launched, launched
from fastw2v.ranks.opening import RanksError, opened_ranks
from tests.support.commands import run_process
from tests.support.rank_jobs import environment, lines_of_ours, mpirun, run_job

PROGRAM = "tests.support.rank_jobs"


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"PMI_RANK": "2", "PMI_SIZE": "4"}, Launched(2, 4)),
        ({"OMPI_COMM_WORLD_RANK": "0", "OMPI_COMM_WORLD_SIZE": "1", "PMIX_RANK": "0"}, (0, 1)),
        ({"SLURM_PROCID": "7", "SLURM_STEP_NUM_TASKS": "8"}, (7, 8)),
        ({"PMIX_RANK": "5"}, (5, None)),
        ({"PMI_RANK": "x"}, None),
    ],
    ids=["none", "pmi", "openmpi", "slurm", "pmix", "no number"],
)
def test_the_launcher_is_found_by_its_variables(variables, expected):
    assert launched(variables) == expected


def test_an_error_of_one_rank_ends_the_job_with_one_line_that_names_it():
    began = time.monotonic()
    done = run_job(3, "fails", "1", module=PROGRAM)
    assert done.returncode != 0
    [line] = lines_of_ours(done.stderr)
    assert line.startswith("Error: rank 1 of 3, on ")
    assert line.endswith(": x.txt: no such file")
    assert time.monotonic() - began < 30


def test_a_rank_that_dies_ends_the_job():
    """Open MPI names it, MPICH its process; nothing of ours can: mpirun ends the others."""
    done = run_job(3, "dies", "2", module=PROGRAM)
    assert done.returncode != 0
    assert b"rank 2" in done.stderr or b"BAD TERMINATION" in done.stdout
    assert b"Traceback" not in done.stderr
    assert all(line.startswith("Interrupted by SIGTERM") for line in lines_of_ours(done.stderr))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["SIGINT", "SIGTERM"])
def test_a_signal_to_mpirun_ends_all_ranks(number):
    command = [*mpirun(), "-n", "2", sys.executable, "-m", PROGRAM, "pids"]
    job = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    )
    pids = [int(job.stdout.readline()) for _ in range(2)]
    job.send_signal(number)
    _, stderr = job.communicate(timeout=30)
    assert job.returncode != 0
    assert b"Traceback" not in stderr
    until = time.monotonic() + 10  # mpirun may end a moment before its ranks
    while any(map(_runs, pids)) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(map(_runs, pids))


def _runs(pid: int) -> bool:
    """Whether a process runs; one that waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class TestWhatIsMissing:
    """One line with the remedy, from rank 0."""

    def refused(self, monkeypatch, rank="0", **modules):
        monkeypatch.setenv("OMPI_COMM_WORLD_RANK", rank)
        monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
        monkeypatch.setattr(opening, "_GRACE", 0)
        for name, module in modules.items():
            monkeypatch.setitem(sys.modules, name, module)
        with pytest.raises((RanksError, SystemExit)) as error, opened_ranks():
            pytest.fail("not reached")
        return error.value

    def test_mpi4py(self, monkeypatch):
        error = self.refused(monkeypatch, mpi4py=None)
        assert str(error) == "ranks needs the package mpi4py: pip install 'fastw2v[mpi]'"
        assert isinstance(self.refused(monkeypatch, "1", mpi4py=None), SystemExit)

    def test_the_library_of_mpi(self, monkeypatch):
        class Without(ModuleType):
            rc = SimpleNamespace()

            def __getattr__(self, name):
                raise RuntimeError(f"cannot load MPI library\n{name}")

        monkeypatch.delitem(sys.modules, "mpi4py.MPI", raising=False)
        error = self.refused(monkeypatch, mpi4py=Without("mpi4py"))
        assert "no MPI library (cannot load MPI library); load that of the cluster" in str(error)

    def fake(self, level, size):
        world = SimpleNamespace(Get_rank=lambda: 0, Get_size=lambda: size)
        mpi = SimpleNamespace(
            THREAD_SERIALIZED=2,
            Init_thread=lambda wanted: level,
            COMM_WORLD=world,
            Get_library_version=lambda: "Open MPI v5, package",
        )
        package = ModuleType("mpi4py")
        package.rc, package.MPI = SimpleNamespace(), mpi
        return package

    def test_the_mpirun_of_the_same_mpi(self, monkeypatch):
        error = self.refused(monkeypatch, mpi4py=self.fake(2, 1))
        assert "2 processes were started, but Open MPI v5, which mpi4py uses, sees" in str(error)

    def test_calls_from_threads(self, monkeypatch):
        error = self.refused(monkeypatch, mpi4py=self.fake(1, 2))
        assert "allows calls from its first thread only" in str(error)

    def test_mpirun(self, monkeypatch):
        for variables in launcher._VARIABLES:
            for name in filter(None, variables):
                monkeypatch.delenv(name, raising=False)
        with pytest.raises(RanksError, match="not started by mpirun or srun; run for"):
            opened_ranks().__enter__()


def test_neither_mpi_nor_mpi4py_is_imported_without_ranks(tmp_path):
    (tmp_path / "text").write_text("a a a a a\n")
    code = (
        "import sys; sys.argv = ['fastw2v', 'vocab', 'text', '-o', 'v']\n"
        "from fastw2v.cli import main\n"
        "try: main()\n"
        "finally: assert 'mpi4py' not in sys.modules and 'fastw2v.ranks.mpi' not in sys.modules"
    )
    assert run_process(code=code, cwd=tmp_path).returncode == 0
