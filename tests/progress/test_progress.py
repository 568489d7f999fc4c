"""Progress: one line on terminals, plain lines elsewhere, silence when asked."""

import io
from dataclasses import replace

import pytest

from fastw2v import progress
from fastw2v.errors import in_python, parameter
from fastw2v.progress import report, terminal


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def stderr(monkeypatch):
    def use(stream):
        monkeypatch.setattr("sys.stderr", stream)
        return stream

    return use


@pytest.fixture
def clock(monkeypatch):
    """Seconds, in a list, that the modules take for the time."""
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


FIGURES = progress.Figures(2, 5, 0.0321, 2.3142)
TRAINING = report.Report(
    "Training", 43_000_000, 100_000_000, 30.0, 42.4, "", 2, 5, 1_234_567.0, 0.0321, 2.3142
)


def test_quiet_says_nothing(stderr):
    stream = stderr(Terminal())
    silent = progress.for_terminal(quiet=True)
    silent.message("something")
    with silent.stage("Training", 100) as stage:
        stage.update(50, "half")
    assert stream.getvalue() == ""


def test_plain_lines_come_now_and_then(stderr, clock):
    stream = stderr(io.StringIO())
    lines = progress.for_terminal(quiet=False)
    lines.message(f"begins with {parameter('min_count', 2)}")
    with lines.stage("Reading", 200) as stage:
        for done in (0, 10, 100, 150):
            stage.update(done, "1.5 M words")
            clock[0] += 2
    assert stream.getvalue() == ("begins with --min-count 2\nReading: 75%, 1.5 M words, 2 s left\n")


def test_a_line_of_a_training_has_all_figures():
    assert str(TRAINING) == (
        "Training: epoch 2 of 5, 43%, 1.23 M words/s, rate 0.0321, loss 2.314, 42 s left"
    )
    first = replace(TRAINING, epoch=1, loss=None, seconds_left=None, words_per_second=None)
    assert str(first) == "Training: epoch 1 of 5, 43%, rate 0.0321"
    assert str(replace(TRAINING, done=100_000_000, message="Warning: x")) == "Warning: x"


def test_39_columns_show_everything():
    assert TRAINING.line(39) == "2/5 43% 1.2M/s rate .032 loss 2.31 42s"
    long = replace(
        TRAINING, epoch=12, epochs=100, learning_rate=2.7e-6, loss=12.345, seconds_left=36_000
    )
    assert long.line(39) == "12/100 43% 1.2M/s 2.7e-06 loss 12.3 10h"


@pytest.mark.parametrize("columns", [*range(0, 60), 100])
@pytest.mark.parametrize("epochs", [5, 1_000_000])
def test_no_line_is_longer_than_the_terminal(columns, epochs):
    shown = replace(TRAINING, epoch=epochs, epochs=epochs, seconds_left=3e8)
    assert len(shown.line(columns)) <= columns
    assert len(terminal.with_bar(shown, columns)) <= columns
    if columns >= 39:
        assert f"{epochs}/{epochs}" in shown.line(39)
        assert "43%" in shown.line(39)


def test_the_terminal_line_is_redrawn_and_ends(stderr, clock, monkeypatch):
    stream = stderr(Terminal())
    monkeypatch.setenv("COLUMNS", "40")
    with progress.for_terminal(quiet=False).stage("Training", 100) as stage:
        for done in (0, 50, 100):
            stage.update(done, figures=FIGURES)
            clock[0] += 10
    *drawn, last = stream.getvalue().removesuffix("\n").split("\r")[1:]
    assert {len(line) for line in [*drawn, last]} == {39}
    assert last.split() == ["2/5", "100%", "5/s", "rate", ".032", "loss", "2.31"]
    assert drawn[1].split()[-1] == "10s"


def test_wide_terminals_show_a_bar(stderr, monkeypatch):
    stream = stderr(Terminal())
    monkeypatch.setenv("COLUMNS", "120")
    with progress.for_terminal(quiet=False).stage("Reading", 10) as stage:
        stage.update(5)
    assert f"50% [{'#' * 20}{'-' * 20}]" in stream.getvalue()


def test_a_message_erases_the_line_which_is_drawn_again(stderr, monkeypatch):
    stream = stderr(Terminal())
    monkeypatch.setenv("COLUMNS", "30")
    bars = progress.Bars(in_python)
    with bars.stage("Work", 10) as stage:
        stage.update(5)
        before = len(stream.getvalue())
        bars.message(parameter("min_count", 3))
    blank = f"\r{' ' * 29}\r"
    assert stream.getvalue()[before:].startswith(f"{blank}min_count=3\n\rWork: 50%")


def test_words_per_second_count_from_where_a_training_is_resumed(clock):
    meter = report.Meter("Training", 1_000)
    assert meter.report(900, "", FIGURES).words_per_second is None
    clock[0] += 5
    resumed = meter.report(950, "", FIGURES)
    assert (resumed.words_per_second, resumed.seconds_left) == (10.0, 5.0)


def test_durations():
    times = [3, 89, 90, 3_600, 5_400, 200_000]
    found = [progress.duration(seconds) for seconds in times]
    assert found == [
        "3 seconds", "89 seconds", "1.5 minutes", "60.0 minutes", "1.5 hours", "2.3 days"
    ]  # fmt: skip
