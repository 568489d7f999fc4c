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

from common import common_options, corpus_path, first_words, machine, print_table, write_json
from peers import MODELS, PEERS, PeerError, build, train

WARM_UP_WORDS = 50_000


def measure(corpus: Path, settings: dict, peers: list[str], turns: int, folder: Path) -> dict:
    """The speed of each peer in each turn: name -> list of words a second and thread."""
    speeds = {name: [] for name in peers}
    for turn in range(turns):
        for name in peers:
            run = train(name, corpus, folder / "vectors.bin", settings)
            speeds[name].append(run.words_per_second)
            print(f"  turn {turn + 1}: {name} {run.words_per_second:,.0f}", file=sys.stderr)
    return speeds


def warm_up(corpus: Path, settings: dict, peers: list[str], folder: Path) -> None:
    """Build and compile all that will be measured, so that no turn pays for it."""
    little = first_words(corpus, WARM_UP_WORDS, folder / "little.txt")
    for name in peers:
        if PEERS[name].cflags:
            build(name)
        else:
            train(name, little, folder / "little.bin", settings)


def rows_of(model: str, speeds: dict[str, list[float]], base: str) -> list[list[str]]:
    """Table rows: speeds of all turns in thousands, their median, and the ratio to ``base``."""
    rows = []
    for name, figures in speeds.items():
        ratios = [mine / other for mine, other in zip(figures, speeds[base], strict=True)]
        turns = " ".join(f"{figure / 1000:.0f}" for figure in figures)
        ratio = f"{median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        rows.append([model, name, turns, f"{median(figures) / 1000:.0f}", ratio])
    return rows


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common_options(parser)
    default = ["fastw2v", "fastw2v-exact", "c-Ofast", "c-O3"]
    parser.add_argument("--peers", nargs="+", default=default, choices=list(PEERS))
    parser.add_argument("--base", help="ratios are to this peer (default: c-Ofast, or the last)")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    fallback = "c-Ofast" if "c-Ofast" in options.peers else options.peers[-1]
    options.base = options.base or fallback
    if options.base not in options.peers:
        parser.error(f"--base {options.base} is not among the --peers")
    if options.turns < 1:
        parser.error("--turns must be at least 1")
    if options.threads > 1 and "fastw2v-exact" in options.peers:
        options.peers.remove("fastw2v-exact")  # it has one thread, by its nature
        print("fastw2v-exact has one thread: left out", file=sys.stderr)
    return options


def main() -> None:
    options = parse()
    figures = {"machine": machine(), "threads": options.threads, "models": {}}
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = corpus_path(options.corpus)
        if options.words:
            corpus = first_words(corpus, options.words, folder / "corpus.txt")
        for model in options.models:
            settings = {**MODELS[model], "size": options.size, "epochs": options.epochs}
            settings["threads"] = options.threads
            print(model, file=sys.stderr)
            warm_up(corpus, settings, options.peers, folder)
            speeds = measure(corpus, settings, options.peers, options.turns, folder)
            rows += rows_of(model, speeds, options.base)
            figures["models"][model] = {"settings": settings, "words_per_second": speeds}
    for key, value in figures["machine"].items():
        print(f"{key}: {value}")
    print(f"\nThousands of raw words a second and thread, {options.threads} thread(s):\n")
    turns = f"turns 1-{options.turns}"
    print_table(["model", "program", turns, "median", f"ratio to {options.base}"], rows)
    write_json(options.json, figures)


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/throughput.py: {error}")
