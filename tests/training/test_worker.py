"""The kernels' thread: whatever cuts its start or our waiting short, it stops or never runs."""

import contextlib
import time

import pytest

from fastw2v.training import worker


class Engine:
    """Trains until it is told to stop, and some time longer."""

    def __init__(self):
        self.stop_requested = False
        self.at_work = False
        self.calls = 0

    def turn(self):
        return contextlib.nullcontext()

    def request_stop(self):
        self.stop_requested = True

    def clear_stop(self):
        self.stop_requested = False

    def train(self):
        self.calls += 1
        self.at_work = True
        while not self.stop_requested:
            time.sleep(0.001)
        time.sleep(0.2)
        self.at_work = False


@pytest.fixture
def engine():
    return Engine()


def test_it_stands_still_when_it_was_asked_to_stop(engine):
    assert not worker.Worker(engine).run(lambda: False)
    assert engine.calls == 1
    assert not engine.at_work
    assert not engine.stop_requested


def test_it_stands_still_after_an_interrupt_while_waiting(engine, monkeypatch):
    interrupts = iter([KeyboardInterrupt, KeyboardInterrupt])

    def wait(call, seconds):
        time.sleep(0.05)
        raise next(interrupts, TimeoutError)

    the_worker = worker.Worker(engine)
    with monkeypatch.context() as patched:
        patched.setattr(worker._Call, "wait", wait)
        with pytest.raises(KeyboardInterrupt):  # the second one, out of the halt of the first
            the_worker.run(lambda: True)
    the_worker.halt()
    assert engine.calls == 1
    assert not engine.at_work


@pytest.mark.parametrize("created", [True, False])
def test_it_never_runs_after_an_interrupt_at_its_start(engine, monkeypatch, created):
    threads = []

    def start(thread):
        if created:
            threads.append(thread)
        raise KeyboardInterrupt

    the_worker = worker.Worker(engine)
    with monkeypatch.context() as patched:
        patched.setattr(worker.Thread, "start", start)
        with pytest.raises(KeyboardInterrupt):
            the_worker.run(lambda: True)
    for thread in threads:  # begun by the system only now
        thread.start()
        thread.join()
    assert engine.calls == 0


def test_what_it_raises_is_passed_on(engine):
    def fail():
        raise ValueError("of the kernels")

    engine.train = fail
    with pytest.raises(ValueError, match="of the kernels"):
        worker.Worker(engine).run(lambda: True)
