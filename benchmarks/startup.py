"""What is paid before and around training: small texts, first runs, help, import."""

import sys
import tempfile
from dataclasses import replace
from statistics import median

from jobs import Bench, Job, say
from peers import SIX_MODELS, run_command

SMALL_BYTES = 1_000_000
MINUTES = {True: 0.8, False: 2.5}  # quick: about how long
COMMANDS = {
    "fastw2v --help": ["-m", "fastw2v", "--help"],
    "import fastw2v": ["-c", "import fastw2v"],
    "import fastw2v, with Numba": ["-c", "import fastw2v.kernels.default_path"],
    "python, doing nothing": ["-c", ""],
}


def measure(bench: Bench) -> dict:
    """{"small": rows, "first": rows, "commands": {command: seconds of each turn}}."""
    return {"small": small_text(bench), "first": first_runs(bench), "commands": commands(bench)}


def small_text(bench: Bench) -> list[dict]:
    """The whole command on 1 MB of text, all cores, five epochs, everything compiled before."""
    text = bench.folder / "small.txt"
    with bench.corpus.open("rb") as file:
        text.write_bytes(file.read(SMALL_BYTES).rpartition(b" ")[0])
    small = replace(bench, corpus=text, corpus_words=0)
    rows = []
    for model in ("skipgram-ns", "cbow-ns"):
        peers = [bench.ours] + ([bench.base] if bench.base.kind == "c" else [])
        settings = {"epochs": 5, "threads": bench.cores}
        jobs = [Job(peer, model, SMALL_BYTES, settings) for peer in peers]
        small.run(jobs[0])  # compiles
        runs = small.in_turns(jobs)
        base = [run.wall_seconds for run in runs[-1]]
        for job, mine in zip(jobs, runs, strict=True):
            walls = [run.wall_seconds for run in mine]
            ratios = [other / one for one, other in zip(walls, base, strict=True)]
            row = {"model": model, "peer": job.peer.name, "seconds": walls, "ratios": ratios}
            rows.append({**row, "peak_rss_bytes": [run.peak_rss_bytes for run in mine]})
    return rows


def first_runs(bench: Bench) -> list[dict]:
    """For each model the first run ever: nothing compiled, an empty cache."""
    rows = []
    for model in ("skipgram-ns", "cbow-ns") if bench.quick else SIX_MODELS:
        with tempfile.TemporaryDirectory() as cache:
            job = Job(bench.ours, model, 50_000, {"threads": bench.cores})
            run = bench.run(job, variables={"NUMBA_CACHE_DIR": cache})
        compiled = run.report["compile_seconds"]
        rows.append({"model": model, "seconds": run.wall_seconds, "compile_seconds": compiled})
    return rows


def commands(bench: Bench) -> dict[str, list[float]]:
    """The seconds of `COMMANDS` in each turn."""
    seconds = {name: [] for name in COMMANDS}
    for turn in range(max(3, bench.turns)):
        say(f"  commands, turn {turn + 1}")
        for name, arguments in COMMANDS.items():
            _, wall, _ = run_command([sys.executable, *arguments], bench.folder)
            seconds[name].append(wall)
    return seconds


HEADER = ["what", "program", "seconds", "x ours", "compiling"]


def rows_of(figures: dict) -> list[list[str]]:
    """Table rows: medians."""
    rows = []
    for row in figures["small"]:
        what = f"1 MB of text, 5 epochs, {row['model']}"
        ours = next(each for each in figures["small"] if each["model"] == row["model"])
        pairs = zip(row["seconds"], ours["seconds"], strict=True)
        ratio = median(one / other for one, other in pairs)
        rows.append([what, row["peer"], f"{median(row['seconds']):.2f}", f"{ratio:.1f}", "-"])
    for row in figures["first"]:
        what = f"first run ever, {row['model']}"
        compiling = f"{row['compile_seconds']:.1f}"
        rows.append([what, "fastw2v", f"{row['seconds']:.1f}", "-", compiling])
    for name, seconds in figures["commands"].items():
        rows.append([name, "-", f"{median(seconds):.2f}", "-", "-"])
    return rows
