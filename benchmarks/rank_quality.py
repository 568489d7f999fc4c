"""Quality against the number of ranks, on one machine, and what they would send to each other.

Ranks are threads of this process here: their results are the same bytes as those of as many
processes under MPI with one thread each. Each needs memory for a model and a half.

Prints a line for each model and number of ranks: means over seeds. One rank is a plain training
with one thread. Bytes are those that one rank sends for each word that it keeps.

Examples:
  python benchmarks/rank_quality.py --ranks 1 2 4 8
  python benchmarks/rank_quality.py --models skipgram-ns cbow-ns skipgram-hs --ranks 1 2 4 8 16 \\
      --seeds 1 2 3
  python benchmarks/rank_quality.py --ranks 8 --first 0.125 --overlapped 0
  python benchmarks/rank_quality.py --ranks 1 8 --min-count 50 --turns 360000
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import get_args

from common import CORPORA, common_options, write_json
from in_process import train_here
from jobs import say
from peers import MODELS, SIX_MODELS, PeerError
from quality import scores
from quality_lines import SCORES, check_questions, line, new_figures, scores_of, text_of

from fastw2v.corpus import Corpus
from fastw2v.engines.allocation import shard_bounds
from fastw2v.engines.rank_plan import RankPlan, plan_ranks
from fastw2v.engines.ranks import RanksEngine
from fastw2v.model.matrices import new_model
from fastw2v.model.subsampling import kept_words
from fastw2v.ranks.job import DEFAULT_FORMAT, ChangeFormat, RankJob
from fastw2v.ranks.threads import run_ranks
from fastw2v.settings import Settings
from fastw2v.vectors.word_vectors import WordVectors


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common_options(parser, list(MODELS))
    parser.add_argument("--ranks", type=int, nargs="+", default=[1, 2, 4, 8], metavar="N")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], metavar="N")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--min-count", type=int, default=5, metavar="N")
    parser.add_argument(
        "--between", type=int, metavar="N",
        help="kept words of each rank between two exchanges, at most; default: what training does",
    )  # fmt: skip
    parser.add_argument(
        "--first", type=float, metavar="SHARE",
        help="no interval is longer than this share of what was trained before; default: what "
        "training does",
    )  # fmt: skip
    parser.add_argument(
        "--overlapped", type=int, metavar="N",
        help="exchanges in a row that overlap with training; default: what training does",
    )  # fmt: skip
    parser.add_argument(
        "--turns", type=int, metavar="N",
        help="kept words that ranks train in turns, before all train at once; default: none",
    )  # fmt: skip
    parser.add_argument("--exchange", choices=get_args(ChangeFormat), default=DEFAULT_FORMAT)
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval")
    return parser.parse_args()


def chosen_plan(plan: RankPlan, options: argparse.Namespace) -> RankPlan:
    """The plan with what the options say instead."""
    chosen = {
        "first": options.first, "overlapped": options.overlapped, "turns": options.turns,
    }  # fmt: skip
    if options.between is not None:
        chosen["interval"] = plan.ranks * options.between
    return plan._replace(**{name: value for name, value in chosen.items() if value is not None})


def train_on_ranks(
    text: Corpus, settings: Settings, number: int, options: argparse.Namespace
) -> dict:
    """Train all epochs on so many ranks; the figures and vectors of rank 0."""
    bounds = shard_bounds(len(text.ids), number)
    kept = round(kept_words(text.vocabulary.counts, settings.sample))
    plan = chosen_plan(plan_ranks(len(text.vocabulary), kept, number, number, settings), options)

    def work(ranks) -> dict:
        part = replace(text, ids=text.ids[bounds[ranks.rank] : bounds[ranks.rank + 1]])
        model = new_model(len(text.vocabulary), settings)
        job = RankJob(ranks, exchange=options.exchange)
        engine = RanksEngine(part, model, settings, job, plan=plan)
        with engine.turn():
            engine.prepare()
            sent, began = ranks.bytes_sent, time.perf_counter()
            for epoch in range(settings.epochs):
                engine.train()
                if epoch + 1 < settings.epochs:
                    engine.start_epoch(epoch + 1)
            seconds = time.perf_counter() - began
            bytes_sent = ranks.bytes_sent - sent
            loss = float(engine.measure().mean)
        kept = engine.own.word_counts().kept
        return {
            "engine": engine if ranks.rank == 0 else None,
            "seconds": seconds,
            "loss": loss,
            "bytes_per_word": bytes_sent / max(1, kept),
            "exchanges": engine.exchanges,
            "words_between": engine.arrangement()["words_between_exchanges"],
        }

    of_ranks = run_ranks(number, work)
    found = of_ranks[0]
    found["bytes_per_word"] = fmean(each["bytes_per_word"] for each in of_ranks)
    return found


def measure(text: Corpus, settings: Settings, ranks: int, options: argparse.Namespace) -> dict:
    """Train and score: one row of the JSON file."""
    if ranks == 1:
        trained = train_here(text, settings)
        row = {"seconds": trained.seconds, "loss": trained.loss}
        engine = trained.engine
    else:
        row = train_on_ranks(text, settings, ranks, options)
        engine = row.pop("engine")
    vectors = WordVectors(text.vocabulary.words, engine.read_model().vectors("in"))
    return row | {"seed": settings.seed, "scores": scores(vectors, options.questions)}


HEADER = ("model", "ranks", "interval", "exchanges", "bytes", *SCORES, "loss", "seconds", "seeds")
WIDTHS = (13, 5, 9, 9, 6, 9, 11, 10, 6, 7, 5)


def line_of(rows: list[dict]) -> str:
    """The rows of all seeds on one line: means."""
    first = rows[0]
    exchanges = first.get("exchanges")
    return line((
        first["model"],
        str(first["ranks"]),
        "-" if exchanges is None else f"{first['words_between']:,}",
        "-" if exchanges is None else f"{exchanges:,}",
        "-" if exchanges is None else f"{fmean(row['bytes_per_word'] for row in rows):.0f}",
        *scores_of(rows),
        f"{fmean(row['loss'] for row in rows):.3f}",
        f"{fmean(row['seconds'] for row in rows):.1f}",
        str(len(rows)),
    ), WIDTHS)  # fmt: skip


def main() -> None:
    options = parse()
    check_questions(options)
    text = text_of(options, options.min_count)
    figures = new_figures(options, text)
    print(line(HEADER, WIDTHS), flush=True)
    for model in options.models:
        for ranks in options.ranks:
            rows = []
            for seed in options.seeds:
                settings = Settings(
                    **SIX_MODELS[model], size=options.size, epochs=options.epochs, threads=1,
                    seed=seed, min_count=options.min_count,
                )  # fmt: skip
                row = {"model": model, "ranks": ranks}
                rows.append(row | measure(text, settings, ranks, options))
                say(f"  {model}, {ranks} ranks, seed {seed}: {rows[-1]['seconds']:.1f} s")
                figures["rows"].append(rows[-1])
                write_json(options.json, figures)
            print(line_of(rows), flush=True)


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/rank_quality.py: {error}")
