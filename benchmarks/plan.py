"""What ``fastw2v plan`` predicts, beside what trainings of one and two ranks on this machine took.

For each configuration plans, with rates measured there and then on as many cores as a rank has, and
trains once; ranks are processes under mpirun on this machine, so two need two cores. The bandwidth
between them is measured first, and given to plan.

Examples:
  python benchmarks/plan.py
  python benchmarks/plan.py --only 2 3 --json plan.json
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from common import corpus_path, first_words, machine, table, text_options, write_json
from jobs import say
from peers import ROOT, PeerError
from rank_hosts import LINK, mpirun

_LINK_PROGRAM = str(Path(__file__).with_name("rank_hosts.py"))


class Configuration(NamedTuple):
    """words: of the text, all of it if None."""

    ranks: int
    threads: int
    model: str
    size: int
    words: int | None = None
    options: tuple[str, ...] = ()


CONFIGURATIONS = (
    Configuration(1, 2, "skipgram", 100),
    Configuration(2, 1, "skipgram", 100),
    Configuration(2, 1, "cbow", 300),
    Configuration(2, 1, "skipgram", 100, options=("--hs", "--negative", "0")),
    Configuration(2, 1, "skipgram", 200, words=5_000_000, options=("--min-count", "1")),
    Configuration(2, 1, "cbow", 50),
)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    text_options(parser)
    parser.add_argument(
        "--only", type=int, nargs="+", choices=range(1, len(CONFIGURATIONS) + 1), metavar="N",
        help=f"configurations, of {len(CONFIGURATIONS)}",
    )  # fmt: skip
    parser.add_argument("--epochs", type=int, default=3, metavar="N")
    return parser.parse_args()


def run(command: list[str]) -> str:
    """Run a command. Returns what it prints; raises `PeerError` if it fails."""
    return _output(started(command))


def started(command: list[str], cores: list[int] | None = None) -> subprocess.Popen:
    """Start a command, on these cores if it is said."""
    if cores and shutil.which("taskset"):
        command = ["taskset", "-c", ",".join(map(str, cores)), *command]
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return subprocess.Popen(
        command,
        env=os.environ | {"PYTHONPATH": search, "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _output(process: subprocess.Popen) -> str:
    out, err = process.communicate()
    if process.returncode != 0:
        raise PeerError(f"{' '.join(process.args)}: {err.strip()[-300:]}")
    return out


def on_ranks(ranks: int, arguments: list[str]) -> str:
    """Run Python on so many ranks of this machine."""
    options = ["--oversubscribe", "--allow-run-as-root", "--bind-to", "none"]
    return run([mpirun(), *options, "-n", str(ranks), sys.executable, *arguments])


def predict(text: Path, chosen: Configuration, link: float, epochs: int) -> tuple[dict, dict]:
    """What plan says: the prediction for as many ranks, and all of it.

    As many plan at the same time as there are ranks, each on cores of its own, as the ranks will
    have: they share memory and its speed.
    """
    command = [
        sys.executable, "-m", "fastw2v", "plan", str(text), "--machines", str(chosen.ranks),
        "--cores", str(chosen.threads), "--bandwidth", f"{link / 1e6:.0f}MB", "--epochs",
        str(epochs), "--model", chosen.model, "--size", str(chosen.size), *chosen.options,
        "--json", "-q",
    ]  # fmt: skip
    ours, each = sorted(os.sched_getaffinity(0)), chosen.threads
    all_of_them = [
        started(command, ours[rank * each : (rank + 1) * each]) for rank in range(chosen.ranks)
    ]
    found, *_ = [json.loads(_output(process)) for process in all_of_them]
    return found["predictions"][-1], found


def train(text: Path, chosen: Configuration, folder: Path, epochs: int = 1) -> dict:
    """The figures of a training, by the names of a prediction."""
    report = folder / "report.json"
    line = [
        "-m", "fastw2v", "train", str(text), "-o", str(folder / "vectors.bin"), "--threads",
        str(chosen.threads), "--epochs", str(epochs), "--model", chosen.model, "--size",
        str(chosen.size), *chosen.options, "--report", str(report), "--quiet",
    ]  # fmt: skip
    if chosen.ranks == 1:
        run([sys.executable, *line])
    else:
        on_ranks(chosen.ranks, [*line, "--ranks"])
    found = json.loads(report.read_text())
    exchange = max(found.get("exchange_seconds", [0.0]))
    reading = found["vocab_seconds"] + found["encode_seconds"]
    sent = max(found.get("bytes_sent_per_kept_word", [0.0]))
    return {
        "memory": found["peak_rss_bytes"],
        "bytes_per_word": sent,
        "exchanges": found.get("exchanges", 0),
        "reading_seconds": reading,
        "training_seconds": found["train_seconds"] - exchange,
        "exchange_seconds": exchange,
        "seconds": reading + found["train_seconds"],
    }


SHOWN = {
    "memory": "memory, MB",
    "bytes_per_word": "bytes/word",
    "exchanges": "exchanges",
    "reading_seconds": "reading, s",
    "training_seconds": "training, s",
    "exchange_seconds": "exchange, s",
    "seconds": "in all, s",
}


def rows_of(name: str, predicted: dict, measured: dict) -> list[list[str]]:
    """Two lines of the table."""

    def cell(key: str, value: float) -> str:
        return f"{value / 1e6:,.0f}" if key == "memory" else f"{value:,.{2 * ('sec' in key)}f}"

    ratio = predicted["seconds"] / measured["seconds"] - 1
    return [
        [name, "predicted", *(cell(key, predicted[key]) for key in SHOWN), f"{ratio:+.0%}"],
        ["", "measured", *(cell(key, measured[key]) for key in SHOWN), ""],
    ]


def main() -> None:
    options = parse()
    chosen = [
        CONFIGURATIONS[each - 1] for each in options.only or range(1, len(CONFIGURATIONS) + 1)
    ]
    figures = {"command": sys.argv, "machine": machine(), "rows": []}
    rows = []
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        corpus = corpus_path(options.corpus)
        link = float(on_ranks(2, [_LINK_PROGRAM, LINK]))
        for each in chosen:
            text = corpus
            if each.words is not None:
                text = first_words(corpus, each.words, folder / "first.txt")
            small = first_words(corpus, 100_000, folder / "small.txt")
            train(small, each, folder)  # compiles
            predicted, plan = predict(text, each, link, options.epochs)
            measured = train(text, each, folder, options.epochs)
            name = f"{each.ranks} x {each.threads}, {each.model}, D={each.size}"
            name = " ".join([name, *each.options[:1]])
            name += f", {plan['words'] / 1e6:.1f} M words, V={plan['vocabulary']:,}"
            rows += rows_of(name, predicted, measured)
            say("\n".join("  " + ", ".join(row) for row in rows[-2:]))
            figures["rows"].append({"name": name, "plan": plan, "measured": measured})
            write_json(options.json, figures)
    print(f"{figures['machine']['cpu']}; {link / 1e9:.2f} GB/s between two ranks\n")
    print(table(["configuration", "", *SHOWN.values(), "off by"], rows))


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/plan.py: {error}")
