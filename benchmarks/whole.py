"""The whole command, as users run it: text to vector file, all cores; seconds, memory, quality.

The programs stand beside each other at the same settings; the C program's seconds in skip-gram are
what the project's claim of speed is about.
"""

from jobs import Bench, Job
from quality import trained_row

MODELS = ("skipgram-ns", "cbow-ns")
PEERS = ("c-Ofast", "gensim")  # the others would take hours


def jobs_of(bench: Bench) -> list[Job]:
    """Ours, and of the chosen peers those in `PEERS` and those given as templates."""
    others = [peer for peer in bench.peers if peer.name in PEERS or peer.kind == "template"]
    settings = {"threads": bench.cores, "epochs": bench.epochs}
    return [
        Job(peer, model, bench.corpus_words, settings)
        for model in MODELS
        for peer in (bench.ours, *others)
        if peer.has(model)
    ]


def measure(bench: Bench) -> dict:
    """Rows as `quality.trained_row` makes them, with ``ratio``: how often ours would have ended
    until this one did."""
    jobs = jobs_of(bench)
    bench.warm_up(jobs)
    rows = [trained_row(bench, job) for job in jobs]
    ours = {row["model"]: row["wall_seconds"] for row in rows if row["peer"] == bench.ours.name}
    for row in rows:
        row["ratio"] = row["wall_seconds"] / ours[row["model"]]
    return {"rows": rows}


def rows_of(figures: dict) -> list[list[str]]:
    """Table rows: model, program, seconds, and how many times ours."""
    return [
        [row["model"], row["peer"], f"{row['wall_seconds']:.1f}", f"{row['ratio']:.1f}"]
        for row in figures["rows"]
    ]


HEADER = ["model", "program", "whole command, seconds", "x ours"]
