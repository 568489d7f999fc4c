"""The scripts for many threads, as far as they measure nothing: steps, time, ratios, tables."""

import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import builds
import common
import merging
import numpy as np
import peers
import pytest
import scaling
from in_process import train_here
from jobs import Bench
from scaling_runs import CASES, MAIN, Case, Runs

from fastw2v.settings import Settings
from tests.support.kernel_cases import small_corpus
from tests.support.paths import ROOT

WORDS = 17_000_000


def fake_runs(cores: int = 16, budget: float = 280) -> Runs:
    """Runs of nothing, which note what they skip."""
    bench = Bench(Path("t"), WORDS, Path(), (), 1, WORDS, cores)
    text = SimpleNamespace(words_known=WORDS)
    return Runs(bench, text, {}, lambda: None, budget)


def note(runs: Runs, case: Case, threads: int, seconds: list[float]) -> None:
    for turn, each in enumerate(seconds):
        row = {"model": case.model, **case.settings(threads), "turn": turn}
        runs.figures["speed"].append(row | {"seconds": each, "took": each + 1, "loss": 2.0})


# --- steps and their time -------------------------------------------------------------------


@pytest.mark.parametrize("cores", [1, 2, 16, 64])
def test_the_first_turn_has_everything_once_and_the_most_important_first(cores):
    runs = fake_runs(cores)
    others = [peers.PEERS[name] for name in scaling.OTHERS]
    names = [step.name for step in scaling.steps_of(runs, others)]
    assert len(set(names)) == len(names)
    first = names[: 2 * len({1, cores})]
    assert first == [f"{case.name}, {n} threads" for case in MAIN for n in sorted({1, cores})]
    for case in CASES:
        for threads in scaling.thread_counts(cores):
            named = f"{case.name}, {threads} threads"
            assert names.count(named) == (threads > 1 or not case.deterministic)
    later = [step.name for step in scaling.later_steps(runs, 1)]
    assert sorted(later) == sorted(name for name in names if "threads" in name)


def test_guesses_use_what_was_measured():
    runs = fake_runs()
    case = MAIN[0]
    one, all_threads = (runs.speed_guess(case, threads) for threads in (1, 16))
    assert 0 < all_threads < one
    note(runs, case, 1, [4.0, 5.0, 6.0])
    assert runs.speed_guess(case, 1) == pytest.approx(6.0 * 1.1)
    wide = Case("skipgram-ns", 300)
    before = runs.speed_guess(wide, 1)
    runs.pace = 0.5
    assert runs.speed_guess(wide, 1) < before


def test_other_programs_get_a_text_that_does_not_take_too_long():
    few, many = (fake_runs(cores).peer_job(peers.PEERS["c-Ofast"], "cbow-ns") for cores in (2, 64))
    assert few.words < many.words == WORDS


@dataclass
class Log:
    """A stand-in for Runs: so many seconds are left."""

    seconds: float
    done: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)

    def left(self):
        return self.seconds

    def skip(self, name, why):
        self.skipped[name] = why

    def save(self):
        self.done.append("saved")


def test_what_does_not_fit_or_fails_is_skipped_and_the_next_step_tried():
    def fails():
        raise peers.PeerError("out of luck")

    log = Log(10)
    steps = [
        scaling.Step("long", lambda: 30.2, lambda: log.done.append("long")),
        scaling.Step("bad", lambda: 1, fails),
        scaling.Step("short", lambda: 9, lambda: log.done.append("short")),
    ]
    assert scaling.do_steps(iter(steps), log) == 1
    assert log.done == ["saved", "short", "saved"]
    assert log.skipped == {"long": "takes about 30 s, 10 s are left", "bad": "out of luck"}
    log = Log(0)
    assert scaling.do_steps(iter(steps), log) == 3
    assert log.skipped == {"long; bad; short": "the time is over"}
    log = Log(0)
    assert scaling.do_steps(iter(steps), log, silent=True) == 3
    assert log.skipped == {}


def test_ratios_are_those_within_a_turn():
    runs = fake_runs()
    case, deterministic = Case("cbow-ns"), Case("cbow-ns", deterministic=True)
    note(runs, case, 1, [8.0, 16.0])
    note(runs, case, 16, [1.0, 1.0, 1.0])
    note(runs, deterministic, 16, [2.0])
    assert runs.ratios(case, 16) == {0: 8.0, 1: 16.0}
    assert runs.ratios(deterministic, 16) == {0: 4.0}
    lines = [line.split("|")[1:-1] for line in runs.tables().splitlines() if "cbow" in line]
    assert [cell.strip() for cell in lines[1]] == (
        ["cbow-ns D=100", "16", "1.00", "17,000", "12.00 (8.00-16.00)", "3", "2.000"]
    )


def test_an_unknown_corpus_is_an_error_of_one_line(tmp_path):
    command = [sys.executable, str(ROOT / "benchmarks" / "scaling.py"), "--corpus", "no such file"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "benchmarks/scaling.py: no corpus no such file"


@pytest.mark.skipif(not any(map(shutil.which, builds.COMPILERS)), reason="no C compiler")
def test_the_c_program_is_compiled_from_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(builds, "ROOT", tmp_path)
    source = tmp_path / "source.c"
    source.write_text("int main(void) { return 0; }\n")
    assert builds.built_c("c", "-O1") is None
    binary = builds.compile_c("c", "-O1", source)
    assert builds.built_c("c", "-O1") == binary
    assert subprocess.run([binary], check=False).returncode == 0


# --- training in this process ---------------------------------------------------------------

SETTINGS = Settings(size=7, threads=3, deterministic=True, epochs=2, min_count=1)


def test_words_between_mergings_can_be_chosen():
    text = small_corpus(3, tokens=4_000)

    def inputs(words) -> np.ndarray:
        plan = merging.plan_of(text, SETTINGS, words)
        trained = train_here(text, SETTINGS, plan)
        if words != merging.AUTO:
            assert trained.arrangement["words_between_mergings"] == words
        return trained.vectors(text).matrix

    own = train_here(text, SETTINGS).vectors(text).matrix
    assert (inputs(merging.AUTO) == own).all()
    assert (inputs(5) == inputs(5)).all()
    assert (inputs(5) != own).any()


def test_a_training_stops_when_the_time_is_over():
    text = small_corpus(3, tokens=400_000)
    settings = Settings(size=100, threads=1, epochs=1_000)
    began = time.monotonic()
    assert train_here(text, settings, deadline=began) is None


# --- merging --------------------------------------------------------------------------------


def test_one_worker_has_no_words_between_mergings():
    options = SimpleNamespace(models=["cbow-ns"], workers=[1, 8], words_between=["auto", 500])
    assert list(merging.cells(options)) == (
        [("cbow-ns", 1, "auto"), ("cbow-ns", 8, "auto"), ("cbow-ns", 8, 500)]
    )
    assert [merging.words_or_auto(text) for text in ("auto", "12")] == ["auto", 12]
    with pytest.raises(merging.argparse.ArgumentTypeError):
        merging.words_or_auto("0")


def test_a_line_has_the_means_over_seeds():
    row = {"model": "cbow-ns", "workers": 8, "words_between_mergings": 25_000, "loss": 2.0}
    rows = [row | {"seconds": n, "scores": {"analogies": n / 10}} for n in (2.0, 4.0)]
    assert merging.line_of(rows).split() == (
        ["cbow-ns", "8", "25,000", "30.0%", "-", "-", "2.000", "3.0", "2"]
    )
    assert len(merging.line_of(rows)) == len(merging.line(merging.HEADER, merging.WIDTHS))


def test_a_packed_file_is_unpacked(tmp_path):
    import lzma

    with lzma.open(tmp_path / "a.xz", "wb") as packed:
        packed.write(b"some words\n")
    assert common.unpack(tmp_path / "a.xz", tmp_path / "a").read_bytes() == b"some words\n"
    assert not (tmp_path / "a.partial").exists()
