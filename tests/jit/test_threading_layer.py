"""Numba's threads, asked for from two sides."""

import os
import subprocess
import sys
import threading

import numba
import pytest

from fastw2v.errors import TrainingError
from fastw2v.jit.threading_layer import WAIT_POLICY, NumbaThreads

TWICE = r"""
import os, threading
import fastw2v

def train():
    fastw2v.train([["a", "b", "c"] * 300] * 200, threads=2, size=60, epochs=3, min_count=1)
    os.write(1, b"trained\n")

both = [threading.Thread(target=train) for _ in range(2)]
for each in both:
    each.start()
for each in both:
    each.join()
"""


@pytest.mark.parametrize("kind", ["workqueue", "default"])
def test_two_trainings_at_once_in_one_process(kind):
    """With "workqueue" Numba ends a process whose threads call it at once."""
    done = subprocess.run(
        [sys.executable, "-c", TWICE],
        env=os.environ | {"NUMBA_THREADING_LAYER": kind},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (0, "trained\n" * 2), done.stderr


@pytest.mark.parametrize(("kind", "together"), [("workqueue", False), ("tbb", True)])
def test_whose_turn_it_is(kind, together, monkeypatch):
    monkeypatch.setattr(numba, "threading_layer", lambda: kind)
    threads, second_in = NumbaThreads(), threading.Event()

    def second():
        with threads.ours():
            second_in.set()

    with threads.ours():
        other = threading.Thread(target=second)
        other.start()
        assert second_in.wait(10 if together else 0.2) == together
    other.join(10)
    assert second_in.is_set()


POLICY = r"""
import os
import numba
from fastw2v.jit.threading_layer import WAIT_POLICY, NumbaThreads

seen, starts = [], numba.get_num_threads
numba.get_num_threads = lambda: seen.append(os.environ.get(WAIT_POLICY)) or starts()
with NumbaThreads().ours():
    print(*seen, os.environ.get(WAIT_POLICY))
"""


@pytest.mark.parametrize(("before", "then"), [(None, "PASSIVE None"), ("active", "active active")])
def test_waiting_threads_sleep_unless_told_otherwise(before, then):
    env = {name: value for name, value in os.environ.items() if name != WAIT_POLICY}
    env |= {WAIT_POLICY: before} if before else {}
    command = [sys.executable, "-c", POLICY]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    assert done.stdout.split() == then.split()


@pytest.mark.parametrize(("kind", "works"), [("omp", False), ("workqueue", True), ("tbb", True)])
def test_a_forked_process(kind, works, monkeypatch):
    """GNU's OpenMP would end it without a word of ours."""
    monkeypatch.setattr("fastw2v.jit.threading_layer._of_gnu", lambda: True)
    monkeypatch.setattr(numba, "threading_layer", lambda: kind)
    threads = NumbaThreads()
    with threads.ours():
        pass
    monkeypatch.setattr(os, "getpid", lambda: -1)
    if works:
        with threads.ours():
            pass
    else:
        with pytest.raises(TrainingError, match="spawn"), threads.ours():
            pass
