"""Speed and quality by threads, within a fixed time: for a machine of many cores, lent for minutes.

Needs no network, and no installation but that of the dependencies. Prints figures as they come,
the most important ones first, and says what does not fit into the time. Ours is compiled once and
trains in this process, on a text read once; seconds are those of training. Each turn runs
everything once; ratios are those within a turn, and the tables show their medians.

The C program takes part where it has been built (benchmarks/peers.py --build c-Ofast), or where a
compiler is and --c-source names word2vec.c; gensim where it is installed.

Examples:
  PYTHONPATH=$PWD python benchmarks/scaling.py --json scaling.json
  PYTHONPATH=$PWD python benchmarks/scaling.py --cases 'skipgram-ns D=100' --epochs 3
  PYTHONPATH=$PWD python benchmarks/scaling.py --corpus wiki17m.txt.xz --questions eval \\
      --c-source word2vec.c --budget 200
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import product
from pathlib import Path

from axes import thread_counts
from builds import compile_c
from common import CORPORA, corpus_path, first_words, machine, text_options, unpack, write_json
from jobs import Bench
from peers import PEERS, Peer, PeerError, built, prepare
from scaling_runs import CASES, MAIN, Case, Runs

from fastw2v.corpus import read_corpus
from fastw2v.errors import FastW2VError
from fastw2v.system.cores import usable_cores

OTHERS = ("c-Ofast", "gensim")
EPOCHS = 5  # where quality is measured


@dataclass(frozen=True)
class Step:
    """One figure or a few. seconds: a guess, asked when its turn comes; what was measured before
    makes it better."""

    name: str
    seconds: Callable[[], float]
    do: Callable[[], None]


def steps_of(runs: Runs, others: list[Peer]) -> Iterator[Step]:
    """The first turn, the most important figures first."""
    most = runs.bench.cores
    ends = sorted({1, most})
    middle = [count for count in thread_counts(most) if count not in ends]
    main = [case for case in runs.cases if case in MAIN]
    layers = [case for case in runs.cases if case not in MAIN and not case.deterministic]
    deterministic = [case for case in runs.cases if case.deterministic and most > 1]
    hierarchical = [case.model for case in layers if case.layers == "hs"]

    def speeds(cases, counts) -> Iterator[Step]:
        for case, threads in product(cases, counts):
            yield speed_step(runs, case, threads, 0)

    def qualities(models, peer, **settings) -> Iterator[Step]:
        for model in models:
            job = runs.quality_job(peer, model, {"epochs": EPOCHS, **settings})
            guess = partial(runs.quality_guess, job)
            name = " ".join([f"quality of {model}, {peer.name}", *settings])
            yield Step(name, guess, partial(runs.quality, job))

    ours, models = runs.bench.ours, [case.model for case in main]
    yield from speeds(main, ends)
    yield from qualities(models, ours)
    yield from speeds(main, middle)
    yield Step("reading", runs.reading_guess, lambda: runs.reading(thread_counts(most)))
    for peer, model in product(others, models):
        job = runs.peer_job(peer, model)
        guess = partial(runs.peer_guess, job)
        yield Step(f"{peer.name}, {model}", guess, partial(runs.compare, job))
    yield from speeds(layers, ends)
    yield from speeds(deterministic, ends[1:])
    yield from qualities(hierarchical, ours)
    yield from speeds(layers, middle)
    yield from speeds(deterministic, middle)
    yield from qualities(models, ours, deterministic=True)
    for peer in others:
        yield from qualities(models, peer)


def later_steps(runs: Runs, turn: int) -> Iterator[Step]:
    """All speeds of ours once more."""
    counts = thread_counts(runs.bench.cores)
    for case, threads in product(runs.cases, counts):
        if threads > 1 or not case.deterministic:
            yield speed_step(runs, case, threads, turn)


def speed_step(runs: Runs, case: Case, threads: int, turn: int) -> Step:
    return Step(
        f"{case.name}, {threads} threads",
        partial(runs.speed_guess, case, threads),
        partial(runs.speed, case, threads, turn),
    )


def do_steps(steps: Iterator[Step], runs: Runs, *, silent: bool = False) -> int:
    """Do what fits into the time; returns how many steps did not. silent: about those."""
    left_out, late = 0, []
    for step in steps:
        guess, left = step.seconds(), runs.left()
        if guess > left:
            left_out += 1
            if left <= 0:
                late.append(step.name)
            elif not silent:
                runs.skip(step.name, f"takes about {guess:.0f} s, {left:.0f} s are left")
            continue
        try:
            step.do()
        except (PeerError, FastW2VError, OSError, MemoryError) as error:
            runs.skip(step.name, str(error) or type(error).__name__)
        runs.save()
    if late and not silent:
        runs.skip("; ".join(late), "the time is over")
    return left_out


# --- the command ----------------------------------------------------------------------------


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    text_options(parser)
    parser.add_argument("--words", type=int, metavar="N", help="only the first N words of it")
    parser.add_argument("--budget", type=float, default=280, metavar="SECONDS",
                        help="for everything (default: 280)")  # fmt: skip
    parser.add_argument("--epochs", type=int, default=1, metavar="N",
                        help="of each training that is timed (default: 1); the first epoch is "
                        "slower than the others, as replicas are merged often in it")  # fmt: skip
    parser.add_argument("--cases", nargs="+", default=[case.name for case in CASES], metavar="NAME",
                        choices=[case.name for case in CASES], help="only these, as the table "
                        "names them: 'skipgram-ns D=100'")  # fmt: skip
    parser.add_argument("--turns", type=int, default=5, help="at most, as far as time allows")
    parser.add_argument("--peers", nargs="*", default=list(OTHERS), choices=OTHERS, metavar="NAME",
                        help=f"of: {', '.join(OTHERS)} (default: both)")  # fmt: skip
    parser.add_argument("--c-source", type=Path, metavar="FILE", help="word2vec.c, to be compiled")
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval")
    return parser.parse_args()


def others_at_hand(options: argparse.Namespace, runs: Runs) -> list[Peer]:
    """The other programs that are there; nothing is downloaded."""
    found = []
    for name in options.peers:
        peer = PEERS[name]
        try:
            if peer.kind == "c" and options.c_source is not None:
                compile_c(name, peer.cflags, options.c_source.resolve())
            if peer.kind == "c" and built(name) is None:
                raise PeerError("not built; name its source with --c-source")
            prepare(peer)
            found.append(peer)
        except PeerError as error:
            runs.skip(name, str(error))
    return found


def text_of(options: argparse.Namespace, folder: Path) -> Path:
    """The corpus as plain text, which is what other programs read."""
    corpus = corpus_path(options.corpus)
    if corpus.suffix == ".xz":
        corpus = unpack(corpus, folder / "corpus.txt")
    if options.words is not None:
        corpus = first_words(corpus, options.words, folder / "first.txt")
    return corpus.resolve()


def new_runs(options: argparse.Namespace, folder: Path) -> Runs:
    """Read the text, say where we are."""
    about, cores = machine(), usable_cores()
    figures = {"command": sys.argv, "date": date.today().isoformat(), "budget": options.budget}
    figures["epochs"] = options.epochs
    figures["machine"] = about | {"usable_cores": str(cores)}
    for key, value in [("date", figures["date"]), *figures["machine"].items()]:
        print(f"{key}: {value}", flush=True)
    corpus = text_of(options, folder)
    text = read_corpus([corpus], threads=cores)
    print(f"text: {text.words_known:,} words, {len(text.vocabulary):,} in the vocabulary\n")
    questions = options.questions if options.questions.is_dir() else None
    bench = Bench(
        corpus, text.words_read, folder, (), 1, text.words_read, cores,
        epochs=EPOCHS, questions=questions,
    )  # fmt: skip
    runs = Runs(
        bench, text, figures, lambda: write_json(options.json, figures), options.budget,
        options.epochs, tuple(case for case in CASES if case.name in options.cases),
    )  # fmt: skip
    if questions is None:
        runs.skip("analogies and similarities", f"no folder {options.questions}")
    return runs


def main() -> None:
    options = parse()
    with tempfile.TemporaryDirectory(prefix="fastw2v-scaling-") as folder:
        runs = new_runs(options, Path(folder))
        try:
            do_steps(steps_of(runs, others_at_hand(options, runs)), runs)
            for turn in range(1, options.turns):
                left_out = do_steps(later_steps(runs, turn), runs, silent=True)
                if left_out:
                    runs.skip(f"turn {turn + 1}", f"{left_out} runs did not fit into the time")
                    break
        finally:  # also after Ctrl-C
            runs.save()
            print(runs.tables(), flush=True)


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/scaling.py: {error}")
