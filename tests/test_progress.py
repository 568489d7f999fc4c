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
    silent.message("something")
    with silent.stage("Training", 100) as stage:
        stage.update(50, "half")
    assert stream.getvalue() == ""


def test_plain_lines_come_now_and_then(stderr, monkeypatch):
    stream = stderr(io.StringIO())
    clock = iter([0.0, 1.0, 6.0, 7.0])
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(clock))
    lines = progress.for_terminal(quiet=False)
    lines.message("begins")
    with lines.stage("Training", 200) as stage:
        for done in (10, 100, 150):
            stage.update(done, "loss 2.5")
    assert stream.getvalue() == "begins\nTraining: 50%  loss 2.5\n"


def test_a_bar_on_a_terminal(stderr):
    stream = stderr(Terminal())
    with progress.for_terminal(quiet=False).stage("Training", 10) as stage:
        stage.update(4, "loss 3.2")
        stage.update(10, "loss 3.1")
    assert "Training" in stream.getvalue()
    assert "100%" in stream.getvalue()


def test_a_forecast_is_reported_once_and_only_if_it_is_long(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])

    class Listening(progress.Progress):
        def __init__(self):
            self.said = []

        def message(self, text):
            self.said.append(text)

    def told(speed, total=100_000):
        listening = Listening()
        forecast = progress.Forecast(listening, total)
        for second in range(10):
            forecast.update(min(total, second * speed))
            clock[0] += 1
        return listening.said

    assert told(speed=10) == ["about 2.8 hours of training left"]
    assert told(speed=0) == []
    assert told(speed=20_000) == []


def test_durations():
    times = [3, 89, 90, 3_600, 5_400, 200_000]
    found = [progress.duration(seconds) for seconds in times]
    assert found == [
        "3 seconds", "89 seconds", "1.5 minutes", "60.0 minutes", "1.5 hours", "2.3 days"
    ]  # fmt: skip
