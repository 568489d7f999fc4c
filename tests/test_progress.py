"""Progress: bars on terminals, plain lines elsewhere, silence when asked."""

import io

import pytest

from fastw2v import progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stderr(monkeypatch):
    def use(stream):
        monkeypatch.setattr("sys.stderr", stream)
        return stream

    return use


def test_quiet_says_nothing(stderr):
    stream = stderr(Terminal())
    silent = progress.for_terminal(quiet=True)
    silent.say("something")
    with silent.stage("Training", 100) as stage:
        stage.reached(50, "half")
    assert stream.getvalue() == ""


def test_plain_lines_come_now_and_then(stderr, monkeypatch):
    stream = stderr(io.StringIO())
    clock = iter([0.0, 1.0, 6.0, 7.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    lines = progress.for_terminal(quiet=False)
    lines.say("begins")
    with lines.stage("Training", 200) as stage:
        for done in (10, 100, 150):
            stage.reached(done, "loss 2.5")
    assert stream.getvalue() == "begins\nTraining: 50%  loss 2.5\n"


def test_a_bar_on_a_terminal(stderr):
    stream = stderr(Terminal())
    with progress.for_terminal(quiet=False).stage("Training", 10) as stage:
        stage.reached(4, "loss 3.2")
        stage.reached(10, "loss 3.1")
    assert "Training" in stream.getvalue()
    assert "100%" in stream.getvalue()
