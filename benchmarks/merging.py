"""Quality against the number of workers and the words between two mergings, on any machine.

The results of --deterministic depend on the number of threads, not on that of the cores: so a
machine of two cores shows how good the vectors of 64 workers are, if not how soon. Each worker
needs memory for replicas of all rows: 64 workers some 4 GB on wiki17m at 100 dimensions.

Prints a line for each model, number of workers and words between mergings: means over seeds.
"auto" stands for the words between mergings that the engine chooses. Other numbers are the most:
in the beginning there are fewer. One worker merges nothing.

Examples:
  python benchmarks/merging.py --workers 1 8 64
  python benchmarks/merging.py --models skipgram-ns cbow-ns skipgram-hs cbow-hs \\
      --workers 1 2 4 8 16 32 64 --words-between 25000 100000 400000 --seeds 1 2 3
"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

from common import CORPORA, common_options, write_json
from in_process import train_here
from jobs import say
from peers import MODELS, SIX_MODELS, PeerError
from quality import scores
from quality_lines import SCORES, check_questions, line, new_figures, scores_of, text_of

from fastw2v.corpus import Corpus
from fastw2v.engines.replica_plan import ReplicaPlan, plan_replicas
from fastw2v.settings import Settings

AUTO = "auto"


def words_or_auto(text: str) -> int | str:
    """A whole number of at least 1, or "auto", for argparse."""
    number = text if text == AUTO else int(text)
    if number != AUTO and number < 1:
        raise argparse.ArgumentTypeError(f"{number} is not at least 1")
    return number


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common_options(parser, list(MODELS))
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 8, 64], metavar="N")
    parser.add_argument("--words-between", type=words_or_auto, nargs="+", default=[AUTO],
                        metavar="N", help="kept words of each worker, or auto")  # fmt: skip
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], metavar="N")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval")
    return parser.parse_args()


def cells(options: argparse.Namespace) -> Iterator[tuple[str, int, int | str]]:
    """(model, workers, words between mergings): one worker once, since it merges nothing."""
    for model in options.models:
        for workers in options.workers:
            for words in options.words_between if workers > 1 else [AUTO]:
                yield model, workers, words


def plan_of(text: Corpus, settings: Settings, words: int | str) -> ReplicaPlan:
    """The engine's own plan, with so many words between mergings."""
    plan = plan_replicas(len(text.vocabulary), len(text.ids), settings)
    return plan if words == AUTO else plan._replace(round_words=words)


def measure(text: Corpus, settings: Settings, words: int | str, questions: Path) -> dict:
    """Train and score: one row of the JSON file."""
    trained = train_here(text, settings, plan_of(text, settings, words))
    found = scores(trained.vectors(text), questions)
    row = {"seed": settings.seed, "seconds": trained.seconds, "loss": trained.loss}
    return row | {"scores": found, **trained.arrangement}


HEADER = ("model", "workers", "words between", *SCORES, "loss", "seconds", "seeds")
WIDTHS = (13, 7, 13, 9, 11, 10, 6, 7, 5)


def line_of(rows: list[dict]) -> str:
    """The rows of all seeds on one line: means."""
    first = rows[0]
    words = first.get("words_between_mergings")
    return line((
        first["model"],
        str(first["workers"]),
        "-" if words is None else f"{words:,}",
        *scores_of(rows),
        f"{fmean(row['loss'] for row in rows):.3f}",
        f"{fmean(row['seconds'] for row in rows):.1f}",
        str(len(rows)),
    ), WIDTHS)  # fmt: skip


def main() -> None:
    options = parse()
    check_questions(options)
    text = text_of(options)
    figures = new_figures(options, text)
    print(line(HEADER, WIDTHS), flush=True)
    for model, workers, words in cells(options):
        rows = []
        for seed in options.seeds:
            settings = Settings(
                **SIX_MODELS[model], size=options.size, epochs=options.epochs, threads=workers,
                seed=seed, deterministic=True,
            )  # fmt: skip
            row = {"model": model, "workers": workers, "asked": words}
            rows.append(row | measure(text, settings, words, options.questions))
            say(f"  {model}, {workers} workers, seed {seed}: {rows[-1]['seconds']:.1f} s")
            figures["rows"].append(rows[-1])
            write_json(options.json, figures)
        print(line_of(rows), flush=True)


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/merging.py: {error}")
