"""Jobs of mpirun: how they begin and how they end, whatever goes wrong."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fastw2v.ranks.launcher import Launched, launched
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
    """mpirun itself names it; nothing of ours can: mpirun ends the others."""
    done = run_job(3, "dies", "2", module=PROGRAM)
    assert done.returncode != 0
    assert b"rank 2" in done.stderr
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
