"""Training on a GPU, and beside it on the CPU: for a machine with a card, lent for minutes.

Needs no network, and no installation but that of the dependencies and of numba-cuda. Prints figures
as they come, the most important ones first, and says what does not fit into the time.

- Speed of six models with 100, 128 and 300 dimensions: raw words per second, an epoch at a time,
  without the first, by the clock and by the seconds in which the GPU was at work.
- Vectors after 5 epochs, trained by the whole command with --device cuda and with --device cpu:
  analogies, similarities, loss. Its seconds: reading, compiling, training, and the rest.
- The way of a text in this process: reading, upload, compiling, training, vectors back, writing.
- The CPU of the same machine with 1, 4 and all threads; the C program, where it has been built, or
  a compiler is there and --c-source names word2vec.c.

Examples:
  bin/bench --device cuda --json gpu.json
  bin/bench --device cuda --corpus wiki17m.txt.xz --questions eval --c-source word2vec.c
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from common import CORPORA, machine, text_options
from gpu_runs import CASES, MAIN, GpuRuns
from models import MODELS
from peers import PeerError
from scaling import Step, do_steps, new_runs, others_at_hand
from scaling_runs import Case, Runs

from fastw2v.errors import FastW2VError, as_option

C_PROGRAM = "c-Ofast"
CPU_CASES = (Case("skipgram-ns", 128), Case("cbow-ns", 128))


def steps_of(gpu: GpuRuns, others: list) -> Iterator[Step]:
    """Everything once, the most important figures first, then what makes them surer."""
    yield from speeds_of(gpu, MAIN)
    yield Step("the way of the text", gpu.road_guess, gpu.road)
    yield from qualities_of(gpu, [gpu.option, "cpu"], [1])
    yield from cpu_speeds(gpu.runs)
    yield from speeds_of(gpu, CASES)
    for peer, model in product(others, ("skipgram-ns", "cbow-ns")):
        job = gpu.runs.peer_job(peer, model)
        guess = partial(gpu.runs.peer_guess, job)
        yield Step(f"{peer.name}, {model}", guess, partial(gpu.runs.compare, job))
    yield from qualities_of(gpu, [gpu.option], [2, 3])
    yield from qualities_of(gpu, ["cpu"], [2, 3])


def speeds_of(gpu: GpuRuns, cases: tuple[Case, ...]) -> Iterator[Step]:
    for case in cases:
        yield Step(f"{case.name}, GPU", partial(gpu.speed_guess, case), partial(gpu.speed, case))


def cpu_speeds(runs: Runs) -> Iterator[Step]:
    most = runs.bench.cores
    for case, threads in product(CPU_CASES, sorted({1, min(4, most), most})):
        guess = partial(runs.speed_guess, case, threads)
        name = f"{case.name}, {threads} threads"
        yield Step(name, guess, partial(runs.speed, case, threads, 0))


def qualities_of(gpu: GpuRuns, devices: list[str], seeds: list[int]) -> Iterator[Step]:
    for seed, model, device in product(seeds, MODELS, devices):
        yield quality_step(gpu, model, device, seed)


def quality_step(gpu: GpuRuns, model: str, device: str, seed: int) -> Step:
    job = gpu.quality_job(model, device, seed)
    name = f"whole command, {model}, {device}, seed {seed}"
    return Step(name, partial(gpu.quality_guess, job), partial(gpu.quality, job))


# --- the command ----------------------------------------------------------------------------


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/bench --device cuda", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    text_options(parser)
    parser.add_argument("--words", type=int, metavar="N", help="only the first N words of it")
    parser.add_argument("--budget", type=float, default=450, metavar="SECONDS",
                        help="for everything (default: 450)")  # fmt: skip
    parser.add_argument("--c-source", type=Path, metavar="FILE", help="word2vec.c, to be compiled")
    parser.add_argument("--questions", type=Path, metavar="FOLDER", default=CORPORA / "eval")
    parser.set_defaults(peers=[C_PROGRAM])
    return parser.parse_args()


def new_device() -> Any:
    """The GPU. Raises TrainingError without one: first of all, since all else needs it."""
    from fastw2v.gpu.cuda_device import CudaDevice

    return CudaDevice()


def describe(figures: dict) -> None:
    """Print what the figures are of."""
    from fastw2v.gpu.cuda_device import describe_devices

    figures["devices"] = [each._asdict() for each in describe_devices()]
    for each in figures["devices"]:
        print(", ".join(f"{name} {value}" for name, value in each.items()), flush=True)


def measure(gpu: GpuRuns, options: argparse.Namespace) -> None:
    """Do what fits into the time; the tables come in any case."""
    runs: Runs = gpu.runs
    try:
        do_steps(steps_of(gpu, others_at_hand(options, runs)), runs)
    finally:  # also after Ctrl-C
        runs.save()
        print(gpu.tables(), flush=True)


def main() -> None:
    options = parse()
    for key, value in machine().items():
        print(f"{key}: {value}", flush=True)
    device = new_device()
    with tempfile.TemporaryDirectory(prefix="fastw2v-gpu-") as folder:
        runs = new_runs(options, Path(folder))
        describe(runs.figures)
        measure(GpuRuns(runs, device), options)


if __name__ == "__main__":
    try:
        main()
    except FastW2VError as error:
        sys.exit(f"bin/bench: {error.spelled(as_option)}")
    except (PeerError, OSError) as error:
        sys.exit(f"bin/bench: {error}")
    except KeyboardInterrupt:
        sys.exit("bin/bench: interrupted")
