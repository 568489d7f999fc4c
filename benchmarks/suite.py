"""The whole benchmark suite; `bin/bench` installs what it needs and runs it.

Parts: throughput, whole, quality, scaling, reading, asking, startup. What each measures and how is
described in benchmarks/README.md. Tables go to standard output, progress to standard error, every
single figure to the --json file, with pictures beside it.

Examples:
  bin/bench --json results/bench.json
  bin/bench --quick
  bin/bench --parts throughput scaling --corpus text.txt --peers fastw2v c-Ofast
  bin/bench --peer "mine:skipgram-ns=mine {corpus} {output} --dim {size} --threads {threads}"
"""

import argparse
import shlex
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import asking
import axes
import quality
import reading
import startup
import throughput
import whole
from common import (
    CORPORA,
    chosen_peers,
    corpus_path,
    first_words,
    machine,
    peer_options,
    text_options,
    write_json,
)
from jobs import Bench, minutes, say
from peers import ROOT, PeerError, prepare
from report import markdown

from fastw2v.system.cores import usable_cores

DEFAULT_PEERS = ["fastw2v", "fastw2v-exact", "c-Ofast", "c-O3", "gensim", "fasttext"]
SCORING_MINUTES = 0.1  # asking one vector file all questions
FULL = {"words": 3_000_000, "turns": 3, "epochs": 5, "seeds": 3}
QUICK = {"words": 200_000, "turns": 1, "epochs": 2, "seeds": 1}
QUICK_CORPUS = 500_000  # words on which --quick measures quality


@dataclass(frozen=True)
class Part:
    """measure: Bench -> figures. minutes: Bench -> about how long."""

    measure: Callable
    minutes: Callable


def _parts(recorded: bool) -> dict[str, Part]:
    """All parts in the order in which they run; the claims of speed come first."""

    def scored(jobs) -> float:
        return minutes(jobs) + SCORING_MINUTES * len(jobs)

    def in_turns(groups, bench: Bench) -> float:
        return minutes((job for jobs in groups for job in jobs), bench.turns)

    return {
        "throughput": Part(
            throughput.measure, lambda bench: in_turns(throughput.groups(bench), bench)
        ),
        "whole": Part(whole.measure, lambda bench: scored(whole.jobs_of(bench))),
        "quality": Part(
            lambda bench: quality.measure(bench, recorded=recorded),
            lambda bench: scored([job for job, _ in quality.jobs_of(bench)]),
        ),
        "scaling": Part(
            axes.measure, lambda bench: in_turns(axes.jobs_by_axis(bench).values(), bench)
        ),
        "reading": Part(reading.measure, lambda bench: reading.MINUTES[bench.quick]),
        "asking": Part(asking.measure, lambda bench: asking.MINUTES[bench.quick]),
        "startup": Part(startup.measure, lambda bench: startup.MINUTES[bench.quick]),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    text_options(parser)
    peer_options(parser, DEFAULT_PEERS)
    parts = list(_parts(False))
    parser.add_argument("--quick", action="store_true", help="short samples: under 5 minutes")
    parser.add_argument("--parts", nargs="+", default=parts, choices=parts, metavar="PART",
                        help=f"parts to run: {', '.join(parts)} (default: all)")  # fmt: skip
    parser.add_argument("--quality-peers", action="store_true",
                        help="also train all peers on the whole corpus; takes hours")  # fmt: skip
    for name, about in (
        ("words", "words of the samples for measuring speed"),
        ("turns", "runs of each program when measuring speed"),
        ("epochs", "epochs when measuring quality"),
        ("seeds", "seeds to average the quality over"),
    ):
        text = f"{about} (default: {FULL[name]:,}; {QUICK[name]:,} if --quick)"
        parser.add_argument(f"--{name}", type=positive, metavar="N", help=text)
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval",
                        help="folder with analogies and similarities")  # fmt: skip
    return parser.parse_args()


def positive(text: str) -> int:
    """A whole number of at least 1, for argparse."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not at least 1")
    return number


def new_bench(options: argparse.Namespace, folder: Path) -> tuple[Bench, dict[str, str]]:
    """(what the parts need, name -> why for the peers that cannot be had)."""
    defaults = QUICK if options.quick else FULL
    numbers = {name: getattr(options, name) or value for name, value in defaults.items()}
    corpus = corpus_path(options.corpus).resolve()
    if options.quick:
        corpus = first_words(corpus, QUICK_CORPUS, folder / "corpus.txt")
    peers, skipped = [], {}
    for peer in chosen_peers(options):
        try:
            prepare(peer)
            peers.append(peer)
        except PeerError as error:
            skipped[peer.name] = str(error)
            say(f"skipped: {error}")
    if not peers:
        raise PeerError("none of the --peers can be installed")
    questions = options.questions if options.questions.is_dir() else None
    if questions is None:
        say(f"no folder {options.questions}: quality is not measured; specify --questions")
    bench = Bench(
        corpus=corpus,
        corpus_words=_words_of(corpus),
        folder=folder,
        peers=tuple(peers),
        cores=usable_cores(),
        quick=options.quick,
        quality_peers=options.quality_peers,
        questions=questions,
        **numbers,
    )
    return bench, skipped


def _words_of(corpus: Path) -> int:
    from fastw2v.corpus import count_words

    return int(count_words([corpus], min_count=1).counts[1:].sum())


def print_plan(bench: Bench, parts: dict[str, Part]) -> None:
    """Print what will run and the estimated time."""
    say(f"{bench.corpus.name}: {bench.corpus_words:,} words; {bench.cores} cores")
    total = 0.0
    for name, part in parts.items():
        guess = part.minutes(bench)
        total += guess
        say(f"  {name:12} about {guess:4.1f} minutes")
    say(f"  {'total':12} about {total:4.1f} minutes")


def run_parts(bench: Bench, parts: dict[str, Part], figures: dict, target: Path) -> None:
    """Measure the parts in turn; the JSON file is complete after each."""
    for name, part in parts.items():
        say(name)
        began = time.perf_counter()
        try:
            figures[name] = part.measure(bench)
        except PeerError as error:
            figures["failed"][name] = str(error)
            say(f"{name} failed: {error}")
        figures["minutes"][name] = (time.perf_counter() - began) / 60
        write_json(target, figures)


def draw_pictures(figures: dict, target: Path) -> None:
    """Draw the diagrams, or print why that is impossible."""
    try:
        from pictures import draw

        for path in draw(figures, target):
            say(f"diagram: {path}")
    except ImportError as error:
        say(f"no diagrams: {error}")


def main() -> int:
    options = parse()
    target = options.json or ROOT / "results" / ("quick.json" if options.quick else "bench.json")
    with tempfile.TemporaryDirectory(prefix="fastw2v-bench-") as name:
        bench, skipped = new_bench(options, Path(name))
        recorded = options.corpus is None and bench.epochs == FULL["epochs"] and not bench.quick
        parts = {part: each for part, each in _parts(recorded).items() if part in options.parts}
        print_plan(bench, parts)
        figures = {
            "command": shlex.join(["bin/bench", *sys.argv[1:]]),
            "date": date.today().isoformat(),
            "quick": bench.quick,
            "turns": bench.turns,
            "machine": machine() | {"usable_cores": str(bench.cores)},
            "corpus": {"name": bench.corpus.name, "words": bench.corpus_words},
            "peers": {peer.name: f"{peer.about} {peer.cflags}".strip() for peer in bench.peers},
            "skipped": skipped,
            "failed": {},
            "minutes": {},
        }
        run_parts(bench, parts, figures, target)
    print(markdown(figures))
    draw_pictures(figures, target)
    say(f"figures: {target}; {sum(figures['minutes'].values()):.1f} minutes")
    return 1 if figures["failed"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (PeerError, OSError) as error:
        sys.exit(f"bin/bench: {error}")
    except KeyboardInterrupt:
        sys.exit("bin/bench: interrupted; the JSON file contains the finished parts")
