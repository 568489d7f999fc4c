"""How fast files are read: text against the C program, vector files against gensim.

Text: our seconds are those of counting and of encoding, which trains all epochs; the C program's
are those of its whole command when it is told to count only, which it does before it reads the
text anew in each epoch. Start-up of ours (about a second of Python and Numba) is measured in
`startup`; the part of it that falls to the first text read stands beside as ``start_seconds``.
Vector files: made ones of random numbers; seconds after importing the program.
"""

import json
import sys
from pathlib import Path
from statistics import median

from jobs import Bench, say
from peers import SCRIPTS, build_c, run_command

SIZE = 100
FILES = {"vectors.bin": 400_000, "vectors.txt": 100_000}  # rows
QUICK_ROWS = 20_000
MINUTES = {True: 0.5, False: 3.0}  # quick: about how long


def measure(bench: Bench) -> dict:
    """{"text": rows, "vectors": rows}."""
    return {"text": read_text(bench), "vectors": load_vectors(bench)}


def read_text(bench: Bench) -> list[dict]:
    """Rows: program, threads, the seconds of each turn, and the C program's over ours; for ours
    ``start_seconds`` too, those of starting Numba, which are not in ``seconds``."""
    corpus = bench.text(bench.words if bench.quick else bench.corpus_words)
    counts = sorted({1, bench.cores})
    for threads in counts:  # compiles
        _read_ours(bench, bench.text(50_000), threads)
    seconds = {("fastw2v", threads): [] for threads in counts}
    c_peer = bench.base if bench.base.kind == "c" else None
    rows = []
    memory, starts = {}, {}
    for turn in range(bench.turns):
        say(f"  text, turn {turn + 1} of {bench.turns}")
        for threads in counts:
            told, peak = _read_ours(bench, corpus, threads)
            spent = told["count_seconds"] + told["encode_seconds"]
            seconds["fastw2v", threads].append(spent)
            memory["fastw2v", threads] = peak
            starts.setdefault(("fastw2v", threads), []).append(told["start_seconds"])
        if c_peer:
            spent, peak = count_with_c(c_peer, corpus, bench.folder)
            seconds.setdefault((c_peer.name, 1), []).append(spent)
            memory[c_peer.name, 1] = peak
    theirs = seconds.get((c_peer.name, 1)) if c_peer else None
    for (name, threads), mine in seconds.items():
        row = {"peer": name, "threads": threads, "seconds": mine}
        row |= {"peak_rss_bytes": memory[name, threads], "bytes": corpus.stat().st_size}
        if (name, threads) in starts:
            row["start_seconds"] = starts[name, threads]
        if theirs:
            row["ratios"] = [other / one for one, other in zip(mine, theirs, strict=True)]
        rows.append(row)
    return rows


def _read_ours(bench: Bench, corpus: Path, threads: int) -> tuple[dict, int]:
    command = [sys.executable, str(SCRIPTS / "run_reading.py"), str(corpus.resolve()), str(threads)]
    said, _, memory = run_command(command, bench.folder)
    return json.loads(said.splitlines()[-1]), memory


def count_with_c(peer, corpus: Path, folder: Path) -> tuple[float, int]:
    """(seconds, peak memory) of the C program counting a vocabulary and nothing else."""
    link = folder / "counted.txt"  # its buffers for paths hold 99 bytes
    link.unlink(missing_ok=True)
    link.symlink_to(corpus.resolve())
    binary = build_c(peer.name, peer.cflags)
    command = [str(binary), "-train", link.name, "-save-vocab", "counted.vocab", "-debug", "0"]
    _, wall, memory = run_command(command, folder)
    return wall, memory


def load_vectors(bench: Bench) -> list[dict]:
    """Rows: program, file, and in each turn the seconds of loading and of one query."""
    programs = ["fastw2v"] + (["gensim"] if bench.peer("gensim") else [])
    rows = []
    for name, count in FILES.items():
        count = min(count, QUICK_ROWS) if bench.quick else count
        path = make_vectors(bench.folder / name, count)
        for _ in range(bench.turns):
            for program in programs:
                say(f"  {program} loads {name}, {count:,} rows")
                command = [sys.executable, str(SCRIPTS / "run_loading.py"), program]
                said, _, memory = run_command([*command, str(path), "word7"], bench.folder)
                told = json.loads(said.splitlines()[-1])
                rows.append({"peer": program, "file": name, "rows": count, **told})
                rows[-1] |= {"peak_rss_bytes": memory, "bytes": path.stat().st_size}
        path.unlink()
    return rows


def make_vectors(path: Path, rows: int) -> Path:
    """Write ``rows`` vectors of random numbers, named word0, word1..."""
    import numpy as np

    from fastw2v.vectors.word_vectors import WordVectors

    matrix = np.random.default_rng(1).standard_normal((rows, SIZE), np.float32)
    WordVectors([f"word{row}" for row in range(rows)], matrix).save(path)
    return path


TEXT_HEADER = ["program", "threads", "seconds", "MB/s", "x C's counting", "peak MB"]


def text_rows(rows: list[dict]) -> list[list[str]]:
    """Table rows for `read_text`: medians."""
    lines = []
    for row in rows:
        spent = median(row["seconds"])
        what = "counting and encoding" if row["peer"] == "fastw2v" else "counting"
        ratio = f"{median(row['ratios']):.1f}" if "ratios" in row else "-"
        cells = [f"{row['peer']}, {what}", str(row["threads"]), f"{spent:.2f}"]
        memory = f"{row['peak_rss_bytes'] / 1e6:.0f}"
        lines.append([*cells, f"{row['bytes'] / 1e6 / spent:.0f}", ratio, memory])
    return lines


VECTOR_HEADER = ["program", "file", "load, seconds", "first query", "next query", "peak MB"]
VECTOR_FIGURES = ("load_seconds", "first_query_seconds", "query_seconds")


def vector_rows(rows: list[dict]) -> list[list[str]]:
    """Table rows for `load_vectors`: medians over the turns."""
    groups = {}
    for row in rows:
        groups.setdefault((row["file"], row["peer"]), []).append(row)
    lines = []
    for (file, peer), each in groups.items():
        about = f"{file}, {each[0]['rows']:,} x {SIZE}"
        figures = [f"{median(row[name] for row in each):.3f}" for name in VECTOR_FIGURES]
        memory = median(row["peak_rss_bytes"] for row in each) / 1e6
        lines.append([peer, about, *figures, f"{memory:.0f}"])
    return lines
