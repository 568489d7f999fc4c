"""Which progress a call in Python shows, and what each kind shows."""

import importlib.util
import io
import sys
from types import SimpleNamespace

import pytest

from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import SILENT, Bars, Figures, Lines
from fastw2v.progress.calls import Calls
from fastw2v.progress.choice import chosen
from fastw2v.progress.notebook import Notebook
from fastw2v.progress.tqdm_bars import TqdmBars

FIGURES = Figures(1, 2, 0.05, None)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def terminal(monkeypatch):
    """Makes stderr a terminal and returns it; called in the test, as pytest replaces it before."""

    def use():
        stream = Terminal()
        monkeypatch.setattr("sys.stderr", stream)
        return stream

    return use


class Display:
    """Stands for IPython in a kernel: keeps what a cell would show."""

    def __init__(self):
        self.shown = []

    def display(self, html, display_id):
        assert display_id is True
        self.shown.append(html)
        return self

    def update(self, html):
        self.shown[-1] = html


@pytest.fixture
def notebook(monkeypatch):
    """A kernel; what its cell shows."""
    display = Display()
    shell = SimpleNamespace(kernel=object())
    module = SimpleNamespace(HTML=lambda text: text, display=display.display)
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setitem(sys.modules, "IPython.display", module)
    return display


@pytest.fixture
def without(monkeypatch):
    """Take packages away."""
    find = importlib.util.find_spec

    def take(*names):
        monkeypatch.setattr(
            "importlib.util.find_spec", lambda name: None if name in names else find(name)
        )

    return take


def test_pipes_and_logs_get_lines_only_if_asked(monkeypatch):
    for stream in (io.StringIO(), None):
        monkeypatch.setattr("sys.stderr", stream)
        assert chosen(None) is SILENT
        assert type(chosen(True)) is Lines
        assert chosen(False) is SILENT


def test_on_by_itself_on_terminals(terminal, without):
    terminal()
    without("tqdm")
    assert type(chosen(None)) is type(chosen(True)) is Bars
    assert chosen(False) is SILENT


def test_html_in_notebooks_without_tqdm_or_its_widgets(notebook, without):
    without("ipywidgets")
    assert type(chosen(None)) is Notebook
    without("tqdm")
    assert type(chosen(True)) is Notebook


def test_an_html_bar(notebook, without, capsys):
    without("tqdm")
    shown = chosen(None)
    shown.message(f"set {parameter('min_count', 3)}\x1b")
    with shown.stage("A & B", 200) as stage:
        stage.update(0)
        stage.update(50, figures=FIGURES)
    assert len(notebook.shown) == 1
    (html,) = notebook.shown
    assert 'value="0.250"' in html
    assert "A &amp; B: epoch 1 of 2, 25%" in html
    assert capsys.readouterr().out == "set min_count=3\\x1b\n"


def test_tqdm_where_it_is_installed(terminal, monkeypatch):
    pytest.importorskip("tqdm")
    monkeypatch.setenv("COLUMNS", "40")
    stderr = terminal()
    bars = chosen(None)
    assert type(bars) is TqdmBars
    with bars.stage("Training", 100) as stage:
        stage.update(0, figures=FIGURES)
        bars.message(f"set {parameter('min_count', 3)}")
        stage.update(50, figures=FIGURES)
        assert stage.bar.n == 50
    lines = stderr.getvalue().replace("\n", "\r").split("\r")
    assert "set min_count=3" in [line.rstrip() for line in lines]
    last = [line for line in lines if line.strip()][-1]
    assert last.split()[:2] == ["1/2", "50%"]
    assert all(len(line) < 40 for line in lines)


def test_tqdm_never_raises_for_a_stderr_that_cannot_be_written(monkeypatch):
    pytest.importorskip("tqdm")

    class Broken(Terminal):
        def write(self, text):
            raise BrokenPipeError

    monkeypatch.setattr("sys.stderr", Broken())
    bars = TqdmBars()
    bars.message("a line")
    with bars.stage("Work", 10) as stage:
        stage.update(5)


def test_a_function_gets_reports_and_messages():
    reports = []
    calls = chosen(reports.append)
    assert type(calls) is Calls
    calls.message(f"set {parameter('min_count', 3)}")
    with calls.stage("Training", 100) as stage:
        for done in range(101):
            stage.update(done, figures=Figures(1 + done // 51, 2, 0.05, None))
        calls.message("Warning: late")
    assert str(reports[0]) == reports[0].message == "set min_count=3"
    assert (reports[0].stage, reports[1].stage) == ("", "Training")
    assert [each.done for each in reports[1:-1]] == [0, 51, 100]  # a new epoch, and the end
    assert (reports[-1].message, reports[-1].done, reports[-1].epoch) == ("Warning: late", 100, 2)


@pytest.mark.parametrize("wrong", ["yes", 1, 0, [], 2.5], ids=repr)
def test_anything_else_is_refused(wrong):
    with pytest.raises(SettingsError, match="must be None, True, False or a function"):
        chosen(wrong)


def test_a_progress_is_used_as_it_is():
    lines = Lines()
    assert chosen(lines) is lines
