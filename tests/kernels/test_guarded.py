"""No kernel reads or writes beyond an array that it reaches by address."""

import subprocess
import sys

import pytest


def run_guarded(*arguments):
    command = [sys.executable, "-m", "tests.support.guarded", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs mmap and mprotect")


def test_reading_beyond_an_array_is_noticed():
    assert run_guarded("--beyond").returncode < 0


def test_random_trainings_stay_within_their_arrays():
    found = run_guarded("--trainings", "200")
    assert found.returncode == 0, found.stdout[-300:] + found.stderr[-2_000:]
