"""How fast: raw words a second and thread of several programs, taken in turns (A B A B ...).

Machines drift, by a factor of two within hours; so no figure stands alone. Each turn runs every
program once, and what counts is the median of the ratios within a turn. Raw words are the known
words read, before sub-sampling. What the seconds are is told at `peers.Run`.

Examples:
  python benchmarks/throughput.py --models skipgram-ns
  python benchmarks/throughput.py --peers fastw2v-exact c-O3 --words 3000000 --turns 5
"""

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from common import (
    chosen_peers,
    common_options,
    corpus_path,
    machine,
    peer_options,
    table,
    write_json,
)
from jobs import Bench, Job, say
from peers import MODELS, SIX_MODELS, PeerError, prepare

WHOLE = 10**12  # words: more than any corpus has
SIZES = {"skipgram-ns": (100, 300), "cbow-ns": (100, 300)}  # the other models at 100 alone


def groups(bench: Bench) -> list[list[Job]]:
    """What the suite measures: lists of jobs that take turns.

    All peers in the two models that everybody has, at D=100; ours and the base in all else.
    """
    found = []
    for model in SIX_MODELS:
        for size in SIZES.get(model, (100,)):
            peers = [bench.ours, bench.base]
            if model in SIZES and size == 100:
                peers += [peer for peer in bench.peers if peer not in peers]
            peers = [peer for peer in dict.fromkeys(peers) if peer.has(model)]
            if bench.quick and size != 100:
                continue
            found.append([Job(peer, model, bench.words, {"size": size}) for peer in peers])
    return found


def measure(bench: Bench) -> dict:
    """All `groups`: one row for each program, model and size, with the figures of every turn."""
    rows = []
    for jobs in groups(bench):
        rows += measure_in_turns(bench, jobs, jobs[min(1, len(jobs) - 1)])
    return {"words": min(bench.words, bench.corpus_words), "rows": rows}


def measure_in_turns(bench: Bench, jobs: list[Job], base: Job) -> list[dict]:
    """Do the jobs in turns; a row for each, its ratios to ``base`` of the same turn.

    Kept words are worked out from the share that our run of the turn kept: all programs thin by
    the same rule, and the C program does not tell. Skip-gram with negative sampling also gets
    its share of the core's peak, which is measured at the start of each turn.
    """
    say(f"  {jobs[0].model}, D={jobs[0].settings.get('size', 100)}")
    bench.warm_up(jobs)
    peaks = []
    runs = bench.in_turns(jobs, lambda: peaks.append(_peak(jobs[0])))
    told = [run.kept_share for each in runs for run in each if run.kept_share]
    share = told[0] if told else None
    base_speeds = [run.words_per_second for run in runs[jobs.index(base)]]
    rows = []
    for job, mine in zip(jobs, runs, strict=True):
        speeds = [run.words_per_second for run in mine]
        row = {"model": job.model, "peer": job.peer.name, **job.settings, "base": base.peer.name}
        row["words_per_second"] = speeds
        row["kept_share"] = share
        row["ratios"] = [one / other for one, other in zip(speeds, base_speeds, strict=True)]
        row["wall_seconds"] = [run.wall_seconds for run in mine]
        row["peak_rss_bytes"] = [run.peak_rss_bytes for run in mine]
        if share and peaks[0]:
            row["peak_flops"] = peaks
            row["peak_shares"] = _peak_shares(job, [share * speed for speed in speeds], peaks)
        rows.append(row)
    return rows


def _peak(job: Job) -> float:
    """The core's peak where a share of it can be told, else 0."""
    if job.model != "skipgram-ns":
        return 0.0
    from peak import peak_flops

    return peak_flops()


def _peak_shares(job: Job, kept_speeds: list[float], peaks: list[float]) -> list[float]:
    from peak import skipgram_flops
    from peers import full_settings

    settings = full_settings(job.all_settings)
    flops = skipgram_flops(settings["size"], settings["window"], settings["negative"])
    return [flops * speed / peak for speed, peak in zip(kept_speeds, peaks, strict=True)]


def rows_of(figures: list[dict]) -> list[list[str]]:
    """Table rows: raw speeds of all turns in thousands, median, kept, ratio, share of the peak."""
    rows = []
    for row in figures:
        speeds, ratios = row["words_per_second"], row["ratios"]
        turns = " ".join(f"{speed / 1000:.0f}" for speed in speeds)
        kept = median(speeds) * (row["kept_share"] or 0) / 1000
        ratio = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        share = f"{median(row['peak_shares']):.0%}" if "peak_shares" in row else "-"
        cells = [row["model"], str(row.get("size", 100)), row["peer"], turns]
        cells += [f"{median(speeds) / 1000:.0f}", f"{kept:.0f}" if kept else "-", ratio, share]
        rows.append(cells)
    return rows


def header_of(figures: list[dict]) -> list[str]:
    """The header for `rows_of`."""
    row = figures[0]
    turns = f"k raw words/s, turns 1-{len(row['ratios'])}"
    return ["model", "D", "program", turns, "median", "kept", f"x {row['base']}", "of peak"]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common_options(parser, list(MODELS))
    peer_options(parser, ["fastw2v", "fastw2v-exact", "c-Ofast", "c-O3"])
    parser.add_argument("--base", help="ratios are to this peer (default: c-Ofast, or the last)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    if options.turns < 1:
        parser.error("--turns must be at least 1")
    if options.threads > 1 and "fastw2v-exact" in options.peers:
        options.peers.remove("fastw2v-exact")  # it has one thread, by its nature
        say("fastw2v-exact has one thread: left out")
    return options


def main() -> None:
    options = parse()
    peers = tuple(chosen_peers(options))
    for peer in peers:
        prepare(peer)
    rows = []
    with tempfile.TemporaryDirectory() as name:
        words = options.words or WHOLE
        corpus = corpus_path(options.corpus)
        bench = Bench(corpus, WHOLE, Path(name), peers, options.turns, words, options.threads)
        base = options.base or bench.base.name
        if bench.peer(base) is None:
            raise PeerError(f"--base {base} is not among the peers")
        settings = {"size": options.size, "epochs": options.epochs, "threads": options.threads}
        for model in options.models:
            jobs = [Job(peer, model, words, settings) for peer in peers]
            rows += measure_in_turns(bench, jobs, jobs[peers.index(bench.peer(base))])
    about = machine()
    for key, value in about.items():
        print(f"{key}: {value}")
    print(f"\nA second and thread, {options.threads} thread(s):\n")
    print(table(header_of(rows), rows_of(rows)))
    write_json(options.json, {"machine": about, "throughput": {"rows": rows}})


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/throughput.py: {error}")
