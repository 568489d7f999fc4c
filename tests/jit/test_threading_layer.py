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

FORKED = r"""
import os, threading, time
import fastw2v
from fastw2v.progress import Progress, Stage

TEXT = [["a", "b", "c"] * 300] * 800

def train(progress=None, epochs=1):
    more = {} if progress is None else {"progress": progress}
    text = TEXT if progress else TEXT[:9]
    fastw2v.train(text, threads=2, size=200, epochs=epochs, min_count=1, **more)

class Ended(Exception):
    pass

class Silent(Stage):
    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

class Forking(Silent, Progress):
    "Forks once a training of this process is under way."

    child = None

    def stage(self, label, total):
        self.begin = time.monotonic()
        return self if label == "Training" else Silent()

    def update(self, done, note="", figures=None):
        if self.child is not None or time.monotonic() < self.begin + 0.2:
            return
        training.set()
        self.child = WAYS[WAY](self)

def train_in_child(forking):
    forked.wait()  # by another thread
    return 0

def leave(forking):
    "The child leaves the training of its parent by an error."
    child = os.fork()
    if child == 0:
        raise Ended
    return child

WAYS = {"train": train_in_child, "leave": leave}
training, forked = threading.Event(), threading.Event()
train()
forking = Forking()
if WAY == "leave":
    try:
        train(forking, 2)
    except Ended:
        os._exit(7)
    child = forking.child
else:
    other = threading.Thread(target=train, args=(forking, 2))
    other.start()
    training.wait()
    child = os.fork()
    if child == 0:
        train()
        os._exit(7)
    forked.set()
    other.join()
os.write(1, b"parent trained\n")
os.write(1, b"child %d\n" % os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.parametrize("way", ["train", "leave"])
def test_a_child_forked_while_a_training_runs(way):
    """It neither waits for a turn that nobody gives back, nor for a thread that it has not."""
    done = subprocess.run(
        [sys.executable, "-c", f"WAY = {way!r}\n{FORKED}"],
        env=os.environ | {"NUMBA_THREADING_LAYER": "workqueue"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert (done.returncode, done.stdout) == (0, "parent trained\nchild 7\n"), done.stderr


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
