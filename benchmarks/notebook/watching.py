"""Two ways to keep the main thread in hand while kernels run: which is faster?

long: one call an epoch in a helper thread, the main thread looks at counters (what is in use).
slices: the main thread itself calls the kernels for some 200 ms of text at a time.

Example:
  python benchmarks/notebook/watching.py corpus.txt --threads 2 --turns 5
"""

import argparse
import statistics
import time
from threading import Thread

import numpy as np

from fastw2v.corpus import read_corpus
from fastw2v.engines.factory import new_engine
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings

SLICE = 200_000  # ids of each shard


def long_call(engine) -> None:
    """One call for the epoch; look at the counters 20 times a second."""
    worker = Thread(target=engine.train)
    worker.start()
    while worker.is_alive():
        worker.join(0.05)
        engine.shared.shards.counters.position.sum()


def slices(engine) -> None:
    """Call after call until every shard is at its end."""
    counters = engine.shared.shards.counters
    ends = counters.end.copy()
    while (counters.position < ends).any():
        counters.end = np.minimum(ends, counters.position + SLICE)
        engine.train()
    counters.end = ends


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("corpus")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--turns", type=int, default=5)
    options = parser.parse_args()
    corpus = read_corpus([options.corpus], threads=options.threads)
    settings = Settings(model="skipgram", threads=options.threads)
    engine = new_engine(corpus, new_model(len(corpus.vocabulary), settings), settings)
    ratios = []
    for turn in range(options.turns + 1):
        seconds = []
        for way in (long_call, slices):
            engine.start_epoch(0)
            started = time.perf_counter()
            way(engine)
            seconds.append(time.perf_counter() - started)
        speeds = [corpus.words_known / each / 1e3 for each in seconds]
        if turn:  # the first one compiles
            ratios.append(seconds[0] / seconds[1])
            print(f"long {speeds[0]:.0f}, slices {speeds[1]:.0f} k raw words/s")
    print(f"slices against long: {statistics.median(ratios):.3f} of the speed, median")


if __name__ == "__main__":
    main()
