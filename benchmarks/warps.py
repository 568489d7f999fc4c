"""Quality against the number of warps of a GPU that train at once, on any machine.

Runs the warps of `fastw2v.gpu` in lock step on one core (warp_simulation.py), so that a machine
without a GPU shows what their number does to the vectors, if not to the speed. The constants of
`fastw2v.engines.crowding` come from this: how many warps a text bears, and the cap on rows that
many warps have in hand.

Prints a line for each model, number of warps and cap: the loss after the last epoch (as the CPU
engine measures it), analogies and similarities. One warp is what a CPU thread does.

Examples:
  python benchmarks/warps.py --corpus text.txt --warps 1 32 1056
  python benchmarks/warps.py --models skipgram-hs --warps 1056 --hands none 2 8 32 --seeds 1 2
"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import numpy as np
from common import CORPORA, common_options, write_json
from jobs import say
from peers import MODELS, PeerError
from quality import scores
from quality_lines import SCORES, line, new_figures, scores_of, text_of
from warp_simulation import train

from fastw2v.corpus import Corpus
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.crowding import HANDS
from fastw2v.gpu.shape import CHUNK
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings
from fastw2v.vectors.word_vectors import WordVectors

NO_CAP = "none"


def hands_or_none(text: str) -> float | str:
    """A number above 0, or "none", for argparse."""
    number = text if text == NO_CAP else float(text)
    if number != NO_CAP and not number > 0:
        raise argparse.ArgumentTypeError(f"{number} is not above 0")
    return number


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    common_options(parser, list(MODELS))
    parser.add_argument("--warps", type=int, nargs="+", metavar="N",
                        default=[1, 8, 32, 128, 512, 1056])  # fmt: skip
    parser.add_argument("--hands", type=hands_or_none, nargs="+", default=[NO_CAP, HANDS],
                        metavar="N",
                        help=f"caps, or {NO_CAP} (default: {NO_CAP} {HANDS})")  # fmt: skip
    parser.add_argument("--seeds", type=int, nargs="+", default=[1], metavar="N")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--sample", type=float, default=1e-3, help="0: no word is sub-sampled")
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval")
    options = parser.parse_args()
    if not set(options.models) <= set(MODELS):
        parser.error("models with both output layers are not simulated")
    if min(options.warps) < 1:
        parser.error("--warps: at least 1")
    return options


def cells(options: argparse.Namespace) -> Iterator[tuple[str, int, float | str]]:
    """(model, warps, cap): as many warps as the cap, or fewer, never reach it."""
    for model in options.models:
        for warps in options.warps:
            caps = [cap for cap in options.hands if cap == NO_CAP or cap < warps]
            for cap in caps or [NO_CAP]:
                yield model, warps, cap


def measure(
    text: Corpus, settings: Settings, warps: int, cap: float | str, questions: Path
) -> dict:
    """Train and score: one row of the JSON file."""
    model = new_model(len(text.vocabulary), settings)
    began = time.perf_counter()
    ids = np.asarray(text.ids)
    train(ids, text.vocabulary.counts, model, settings, warps, None if cap == NO_CAP else cap)
    seconds = time.perf_counter() - began
    engine = CpuEngine(text, model, settings)
    with engine.turn():
        engine.prepare()
        loss = float(engine.measure().mean)
    found = {}
    if np.isfinite(loss) and questions.is_dir():
        vectors = WordVectors(text.vocabulary.words, engine.read_model().vectors("in"))
        found = scores(vectors, questions)
    return {"seed": settings.seed, "seconds": seconds, "loss": loss, "scores": found}


HEADER = ("model", "warps", "chunks/warp", "cap", "loss", *SCORES, "seconds", "seeds")
WIDTHS = (12, 6, 11, 5, 7, 9, 11, 10, 7, 5)


def line_of(rows: list[dict], chunks: int) -> str:
    """The rows of all seeds on one line: means."""
    first = rows[0]
    cap = first["cap"]
    return line((
        first["model"], f"{first['warps']:,}", f"{chunks / first['warps']:,.1f}",
        cap if cap == NO_CAP else f"{cap:g}",
        f"{fmean(row['loss'] for row in rows):.4f}",
        *scores_of(rows),
        f"{fmean(row['seconds'] for row in rows):.1f}", str(len(rows)),
    ), WIDTHS)  # fmt: skip


def main() -> None:
    options = parse()
    text = text_of(options)
    figures = new_figures(options, text, f", sample {options.sample:g}")
    print(line(HEADER, WIDTHS), flush=True)
    chunks = -(-len(text.ids) // CHUNK)
    for model, warps, cap in cells(options):
        rows = []
        for seed in options.seeds:
            settings = Settings(
                **MODELS[model], size=options.size, epochs=options.epochs, threads=1, seed=seed,
                sample=options.sample,
            )  # fmt: skip
            row = {"model": model, "warps": warps, "cap": cap}
            rows.append(row | measure(text, settings, warps, cap, options.questions))
            say(f"  {model}, {warps} warps, cap {cap}, seed {seed}: {rows[-1]['seconds']:.1f} s")
            figures["rows"].append(rows[-1])
            write_json(options.json, figures)
        print(line_of(rows, chunks), flush=True)


if __name__ == "__main__":
    try:
        main()
    except PeerError as error:
        sys.exit(f"benchmarks/warps.py: {error}")
