"""How fast questions are answered: one from a cold start, a thousand at once.

Cold: seconds of a whole process that reads a binary file and shows the ten nearest neighbours of
one word (the C program: forty, as always). Many: seconds for a thousand words' neighbours in one
go, the file being loaded.
"""

import json
import sys
from functools import partial
from pathlib import Path
from statistics import median

from builds import build_c
from jobs import Bench, say
from peers import SCRIPTS, run_command
from reading import QUICK_ROWS, SIZE, make_vectors

ROWS = 400_000
QUERIES = 1_000
MINUTES = {True: 0.3, False: 1.5}  # quick: about how long


def measure(bench: Bench) -> dict:
    """{"rows": rows of the file, "cold": rows, "many": rows}."""
    count = QUICK_ROWS if bench.quick else ROWS
    path = make_vectors(bench.folder / "asked.bin", count)
    with_gensim = bench.peer("gensim") is not None
    figures = {
        "rows": count,
        "cold": cold(bench, path, with_gensim),
        "many": many(bench, path, with_gensim),
    }
    path.unlink()
    return figures


def cold(bench: Bench, path: Path, with_gensim: bool) -> list[dict]:
    """Rows: program, and the seconds of each turn."""
    commands = {"fastw2v": [sys.executable, "-m", "fastw2v", "similar", str(path), "word7"]}
    if bench.base.kind == "c":
        binary = build_c(bench.base.name, bench.base.cflags).with_name("word2vec-distance")
        question = f"printf 'word7\\nEXIT\\n' | '{binary}' '{path}'"
        commands[f"{bench.base.name}, distance"] = ["sh", "-c", question]
    if with_gensim:
        commands["gensim"] = _loading("gensim", path)
    runs = {
        name: partial(lambda command: run_command(command, bench.folder)[1], command)
        for name, command in commands.items()
    }
    return _in_turns(runs, bench.turns, "cold")


def many(bench: Bench, path: Path, with_gensim: bool) -> list[dict]:
    """Rows: program, and the seconds of each turn."""

    def seconds(program: str) -> float:
        said, _, _ = run_command(_loading(program, path, QUERIES), bench.folder)
        return json.loads(said.splitlines()[-1])["many_seconds"]

    programs = ["fastw2v"] + (["gensim"] if with_gensim else [])
    runs = {name: partial(seconds, name) for name in programs}
    return _in_turns(runs, bench.turns, "many")


def _loading(program: str, path: Path, *more: int) -> list[str]:
    command = [sys.executable, str(SCRIPTS / "run_loading.py"), program, str(path), "word7"]
    return command + [str(each) for each in more]


def _in_turns(runs: dict, turns: int, what: str) -> list[dict]:
    seconds = {name: [] for name in runs}
    for turn in range(turns):
        say(f"  {what}, turn {turn + 1} of {turns}")
        for name, run in runs.items():
            seconds[name].append(run())
    return [{"peer": name, "seconds": spent} for name, spent in seconds.items()]


HEADER = ["what", "program", "seconds", "x ours"]


def rows_of(figures: dict) -> list[list[str]]:
    """Table rows: medians, ratios turn by turn."""
    titles = {
        "cold": f"one question, cold, {figures['rows']:,} x {SIZE}",
        "many": f"{QUERIES:,} questions in one go",
    }
    rows = []
    for part, title in titles.items():
        ours = figures[part][0]["seconds"]
        for row in figures[part]:
            pairs = zip(row["seconds"], ours, strict=True)
            ratio = median(one / other for one, other in pairs)
            spent = f"{median(row['seconds']):.2f}"
            rows.append([title, row["peer"], spent, f"{ratio:.1f}"])
    return rows
