"""What the commands share that train many times on one text and print a line for each case."""

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from common import corpus_path, first_words, machine
from peers import PeerError
from quality import mean_scores

from fastw2v.corpus import Corpus, read_corpus
from fastw2v.system.cores import usable_cores

SCORES = {"analogies": ".1%", "WordSim-353": ".3f", "SimLex-999": ".3f"}  # name -> format


def text_of(options: argparse.Namespace, min_count: int = 5) -> Corpus:
    """The text of ``--corpus``, its first ``--words`` words."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = corpus_path(options.corpus)
        if options.words is not None:
            corpus = first_words(corpus, options.words, Path(folder) / "first.txt")
        return read_corpus([corpus], threads=usable_cores(), min_count=min_count)


def check_questions(options: argparse.Namespace) -> None:
    """Raise `PeerError` without the folder of ``--questions``."""
    if not options.questions.is_dir():
        raise PeerError(f"no folder {options.questions} with questions; name one with --questions")


def new_figures(options: argparse.Namespace, text: Corpus, more: str = "") -> dict:
    """Figures without rows yet; prints what they are of."""
    about = machine()
    print(
        f"{about['cpu']}, {usable_cores()} usable cores, {date.today().isoformat()}: "
        f"{text.words_known:,} words, {len(text.vocabulary):,} in the vocabulary, "
        f"{options.epochs} epochs, D={options.size}{more}\n"
    )
    return {
        "command": sys.argv, "date": date.today().isoformat(), "machine": about, "rows": [],
    }  # fmt: skip


def line(columns: tuple[str, ...], widths: tuple[int, ...]) -> str:
    """Columns of fixed width, so that lines can be printed as they come."""
    first, *others = (
        f"{cell:{'<' if place == 0 else '>'}{width}}"
        for place, (cell, width) in enumerate(zip(columns, widths, strict=True))
    )
    return "  ".join((first, *others))


def scores_of(rows: list[dict]) -> list[str]:
    """The mean of each score in `SCORES` over the rows of several seeds."""
    means = mean_scores(rows)
    return [f"{means[name]:{form}}" if name in means else "-" for name, form in SCORES.items()]
