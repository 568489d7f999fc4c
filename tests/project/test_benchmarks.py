"""The benchmarks, as far as they measure nothing: whose output says what, templates, tables."""

import doctest
import importlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace

import common
import gpu_page
import headline
import jobs
import numpy as np
import peak
import peers
import pytest
import quality
import readme
import report
import suite
import throughput
import whole

from fastw2v.matrix.aligned import aligned_zeros
from tests.support.paths import ROOT


@pytest.mark.parametrize("name", ["common", "jobs", "peers", "peak", "run_fasttext", "axes"])
def test_examples_in_docstrings(name):
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried
    assert not failed


# --- turns and tables -----------------------------------------------------------------------


@dataclass(frozen=True)
class FakeBench(jobs.Bench):
    """Runs that take no time, with speeds prepared: peer -> speed of each turn."""

    speeds: dict = field(default_factory=dict)

    def run(self, job, output="vectors.bin", variables=None):
        speed = self.speeds[job.peer.name].pop(0)
        share = 0.7 if job.peer.kind == "ours" else None
        return peers.Run(job.peer.name, speed, 10.0, 5_000_000, [], {}, share)

    def warm_up(self, jobs, words=0):
        pass


def fake_bench(*names: str, speeds: dict | None = None, **more) -> FakeBench:
    chosen = tuple(peers.PEERS[name] for name in names)
    numbers = {"turns": 3, "words": 3_000_000, "cores": 2, "corpus_words": 17_000_000}
    return FakeBench(
        corpus=Path("t"), folder=Path(), peers=chosen, speeds=speeds or {}, **{**numbers, **more}
    )


def measured_rows(monkeypatch, model="skipgram-ns") -> list[dict]:
    monkeypatch.setattr(throughput, "_peak", lambda job: 1e11 if "skipgram" in job.model else 0.0)
    speeds = {"fastw2v": [2e6, 3e6, 1e6], "c-Ofast": [1e5, 1e5, 2e5]}
    bench = fake_bench("fastw2v", "c-Ofast", speeds=speeds)
    pair = [jobs.Job(peer, model, 9, {"size": 100}) for peer in bench.peers]
    return throughput.measure_in_turns(bench, pair, pair[1])


def test_ratios_are_taken_within_a_turn(monkeypatch):
    ours, theirs = measured_rows(monkeypatch)
    assert ours["ratios"] == [20, 30, 5]
    assert theirs["ratios"] == [1, 1, 1]
    assert ours["kept_share"] == theirs["kept_share"] == 0.7
    # 21,600 operations a kept word at D=100, window 5, 5 negatives
    assert ours["peak_shares"][0] == pytest.approx(0.7 * 2e6 * 21_600 / 1e11)


def test_the_throughput_table(monkeypatch):
    rows = measured_rows(monkeypatch)
    assert throughput.header_of(rows)[-2] == "x c-Ofast"
    assert throughput.rows_of(rows)[0] == [
        "skipgram-ns", "100", "fastw2v", "2000 3000 1000", "2000", "1400", "20.00 (5.00-30.00)",
        "30%",
    ]  # fmt: skip
    assert throughput.rows_of(measured_rows(monkeypatch, "cbow-ns"))[0][-1] == "-"


def test_the_quality_table_averages_seeds():
    row = {"model": "cbow-ns", "peer": "fastw2v", "variant": "", "words_per_second": 1e6}
    row |= {"wall_seconds": 4.0, "peak_rss_bytes": 2e8}
    scored = [{"analogies": share, "semantic": 0.25, "syntactic": 0.5} for share in (0.3, 0.4)]
    rows = [{**row, "scores": each} for each in scored] + quality.recorded_rows(["cbow-ns"])
    lines = [line.split("|")[1:-1] for line in quality.table_of(rows).splitlines()]
    ours, recorded = ([cell.strip() for cell in line] for line in lines[2:])
    assert ours == (
        ["cbow-ns", "fastw2v", "35.0% (25.0%, 50.0%)", "-", "-", "-", "1000", "4.0", "200", "2"]
    )
    assert recorded[1:4] == ["c-Ofast, recorded", "34.2% (23.1%, 40.0%)", "0.642"]
    assert recorded[6] == "-"


def test_shortfalls_name_the_score():
    good = {"analogies": 0.34, "WordSim-353": 0.63, "SimLex-999": 0.28}
    row = {"model": "cbow-ns", "peer": "fastw2v", "variant": ""}
    assert quality.shortfalls([{**row, "scores": good}], {"fastw2v"}) == []
    lines = quality.shortfalls([{**row, "scores": {**good, "SimLex-999": 0.1}}], {"fastw2v"})
    assert lines == ["cbow-ns, fastw2v: SimLex-999 0.100, recorded 0.280"]


def test_a_table_is_markdown():
    text = common.table(["what", "n"], [["a", "1"], ["longer", "23"]])
    assert text.splitlines()[1] == "| ------ | -- |"
    assert len({len(line) for line in text.splitlines()}) == 1


def test_ratios_fall_back_to_the_last_peer():
    assert fake_bench("fastw2v", "c-O3", "c-Ofast", "gensim").base.name == "c-Ofast"
    assert fake_bench("fastw2v", "gensim").base.name == "gensim"


def test_a_peer_runs_only_the_models_it_has():
    bench = fake_bench("fastw2v", "c-Ofast", "fasttext")
    some = peers.template_peer("p:skipgram-ns=p {corpus} {output}")
    bench = replace(bench, peers=(*bench.peers, some), quality_peers=True)
    groups = throughput.groups(bench)
    listed = [*whole.jobs_of(bench), *(job for job, _ in quality.jobs_of(bench))]
    for job in [*listed, *(job for group in groups for job in group)]:
        assert job.peer.has(job.model)
    models = {group[0].model for group in groups}
    assert models == set(peers.SIX_MODELS)
    assert any(job.peer == some for job in listed)


# --- the suite ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "quick", "corpus_words", "limit"),
    [(suite.FULL, False, 17_000_000, 90), (suite.QUICK, True, suite.QUICK_CORPUS, 5)],
)
def test_the_plan_keeps_to_its_time(numbers, quick, corpus_words, limit):
    bench = fake_bench(*suite.DEFAULT_PEERS, **numbers, quick=quick, corpus_words=corpus_words)
    parts = suite._parts(recorded=True)
    assert list(parts) == list(report.SECTIONS)
    planned = {name: part.minutes(bench) for name, part in parts.items()}
    assert min(planned.values()) > 0
    assert sum(planned.values()) < limit


def test_one_failed_part_does_not_lose_the_others(tmp_path):
    def fails(bench):
        raise peers.PeerError("out of luck")

    parts = {"a": suite.Part(fails, None), "b": suite.Part(lambda bench: {"n": 3}, None)}
    figures = {"failed": {}, "minutes": {}}
    suite.run_parts(None, parts, figures, tmp_path / "new" / "figures.json")
    written = json.loads((tmp_path / "new" / "figures.json").read_text())
    assert written["failed"] == {"a": "out of luck"}
    assert written["b"] == {"n": 3}
    assert set(written["minutes"]) == {"a", "b"}


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--corpus", "no such file"], 1, "bin/bench: no corpus no such file"),
        (["--corpus", "empty"], 1, "bin/bench: empty is empty"),
        (["--turns", "0"], 2, "0 is not at least 1"),
    ],
)
def test_the_suite_tells_errors_in_one_line(tmp_path, arguments, code, says):
    (tmp_path / "empty").touch()
    command = [sys.executable, str(ROOT / "benchmarks" / "suite.py"), *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == code
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_the_chains_compute_what_they_should():
    numbers = aligned_zeros(1, 64)
    numbers[0, : peak.CHAINS] = np.arange(peak.CHAINS)
    half, quarter = np.float32(0.5), np.float32(0.25)
    peak._chains(numbers.ctypes.data, 100, half, quarter, peak.SIZE)
    settled = 0.25 / (1 - 0.5)  # x = 1/4 + x/2
    assert numbers[0, 0] == pytest.approx(0.25 + peak.CHAINS * 0.25 * settled)


# --- the README -----------------------------------------------------------------------------


def test_the_readme_is_not_stale():
    text = (ROOT / "README.md").read_text("utf-8")
    assert text == readme.refreshed(text, readme.reference()), "run benchmarks/readme.py"


def test_the_page_of_results_is_not_stale():
    page = readme.RESULTS.read_text("utf-8")
    assert page == readme.results_page(readme.reference()), "run benchmarks/readme.py"
    assert readme.GPU_RESULTS.read_text("utf-8") == readme.gpu_page(), "run benchmarks/readme.py"


def test_the_readme_has_no_relative_link_but_its_pictures():
    """A package index shows the README without the files around it."""
    links = re.findall(r"\]\(([^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    pictures = ["benchmarks/results/map-words.png", "benchmarks/results/watch.png"]
    assert links[:1] == pictures[:1]
    assert {*links} <= {*pictures}
    assert all((ROOT / each).stat().st_size < 150_000 for each in pictures)


def test_the_page_of_results_links_to_files_that_are_there():
    links = re.findall(r"\]\(([^)#:]+)\)", readme.RESULTS.read_text("utf-8"))
    assert "reference-speed.svg" in links
    assert [link for link in links if not (readme.RESULTS.parent / link).is_file()] == []


def test_the_page_of_results_shows_the_figures(monkeypatch):
    figures = {
        "machine": {"cpu": "Some CPU", "cores": "2", "python": "3.12", "numba": "1", "numpy": "2"}
        | {"fastw2v": "9.9"},
        "command": "bin/bench --json f.json",
        "date": "2026-01-02",
        "turns": 3,
        "quick": False,
        "throughput": {"words": 3_000_000, "rows": measured_rows(monkeypatch)},
    }
    page = readme.results_page(figures)
    assert "\nMeasured by `bin/bench --json f.json` on 2026-01-02" in page
    assert "Some CPU" in page
    assert "20.00 (5.00-30.00)" in page
    assert "](reference-speed.svg)" in page
    assert "Not yet measured" in readme.results_page(None)


def test_the_readme_gets_the_headline():
    def row(peer, ratio, right):
        return {
            "peer": peer,
            "model": "skipgram-ns",
            "wall_seconds": 20.0 * ratio,
            "ratio": ratio,
            "scores": {"analogies": right},
            "settings": {"epochs": 5, "threads": 2},
        }

    figures = {
        "machine": {"cpu": "Some CPU"},
        "corpus": {"words": 17_000_000},
        "whole": {"rows": [row("fastw2v", 1.0, 0.385), row("c-Ofast", 23.4, 0.366)]},
    }
    text = headline.headline(figures)
    assert text.startswith("Time to train vectors on 17 million words with negative sampling (5 ")
    assert "(`-Ofast`) | 468 s (23.4 x), 36.6% |" in text
    assert re.search(r"\| fastw2v +\| 20 s, 38\.5% +\|", text)
    assert headline.headline({}) is None
    gpu = readme.gpu_headline(readme.reference(readme.GPU_SOURCE))
    cores = readme.many_cores_text(readme.reference(readme.MANY_CORES_SOURCE))
    once = readme.refreshed(_marked("old", "older", "oldest"), figures)
    assert once == _marked(text, gpu, cores)
    assert readme.refreshed(once, figures) == once
    for nothing in (None, {}):
        assert "Not yet measured" in readme.refreshed(once, nothing)


def _marked(headline, gpu, cores):
    """A README with these texts in its marked places."""
    places = (("headline", headline), ("gpu", gpu), ("many-cores", cores))
    return "between".join(
        f"\n<!-- {name}: begin -->\n{text}\n<!-- {name}: end -->\n" for name, text in places
    )


def test_the_figures_of_the_gpu_are_those_of_the_file():
    figures = {
        "command": ["bin/bench", "--device", "cuda"], "date": "2026-01-02",
        "machine": {"cpu": "Some CPU", "cores": "4", "python": "3.12", "numba": "1", "numpy": "2"},
        "devices": [{"name": "A card", "compute_capability": "8.0"}],
        "gpu": [
            {"model": model, "size": 100, "words_per_second": speed, "warps": 1_000,
             "busy_words_per_second": 2 * speed}
            for model, speed in (("skipgram-ns", 2e8), ("cbow-ns", 3e8))
        ],
        "speed": [], "peers": [], "road": [{"reading": 0.5}],
        "gpu_quality": [
            {"model": model, "variant": "cuda", "wall_seconds": 2.0 + compiling,
             "parts": {"compiling": compiling}, "settings": {"threads": 4},
             "scores": {"analogies": 0.4, "WordSim-353": 0.6, "SimLex-999": 0.3}}
            for model in ("skipgram-ns", "cbow-ns") for compiling in (0.1, 0.5, 7.0)
        ],
    }  # fmt: skip
    page = gpu_page.gpu_text(figures, "gpu.json")
    assert re.search(r"\| skipgram-ns \| 100 +\| 200 +\| 400 +\| 1,000 +\|", page)
    assert re.search(r"\| cbow-ns +\| cuda +\| 40\.0% +\| 0\.600 .*\| 2\.1-2\.5 +\| 3 ", page)
    assert "](gpu.json)" in page
    lines = gpu_page.gpu_headline(figures).splitlines()
    assert lines[-1] == (
        "- CBOW: 2.1 to 2.5 s, 40.0%; training alone at 300 million words per second"
    )


def test_a_readme_without_markers_is_an_error():
    whole = _marked("a", "b", "c")
    for missing in re.findall("<!-- .* -->", whole):
        text = whole.replace(missing, "")
        with pytest.raises(peers.PeerError, match=r"README\.md has no"):
            readme.refreshed(text, None)


def test_chosen_peers_come_once_and_templates_last():
    options = SimpleNamespace(peers=["c-O3", "fastw2v", "c-O3"], peer=["x=x {corpus} {output}"])
    assert [peer.name for peer in common.chosen_peers(options)] == ["c-O3", "fastw2v", "x"]
