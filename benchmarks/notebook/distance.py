"""How far apart two cores are, and what that does to two threads.

Far: cores that share no cache. A virtual machine's cores may be moved while it runs, so both are
measured again and again: a message to the other core and back, then training, then the message.

Example:
  python benchmarks/notebook/distance.py corpus.txt --model cbow --turns 40
"""

import argparse
import statistics
import time
from collections import defaultdict
from threading import Thread

import numpy as np

from fastw2v.corpus import read_corpus
from fastw2v.engines.factory import new_engine
from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.compiled import compiled
from fastw2v.kernels.state import STOP
from fastw2v.matrix.aligned import aligned_zeros
from fastw2v.model.matrices import new_model
from fastw2v.settings import Settings

ROUNDS = 200_000
NEAR, FAR = 150, 200  # nanoseconds there and back


@compiled
def call(cell, rounds):
    for _ in range(rounds):
        cell[STOP] = 1
        while is_set(cell, 0):
            pass


@compiled
def answer(cell, rounds):
    for _ in range(rounds):
        while not is_set(cell, 0):
            pass
        cell[STOP] = 0


def there_and_back() -> float:
    """Nanoseconds that a cache line takes to the other core and back."""
    cell = aligned_zeros(16, kind=np.int64)
    other = Thread(target=answer, args=(cell, ROUNDS))
    other.start()
    started = time.perf_counter()
    call(cell, ROUNDS)
    other.join()
    return (time.perf_counter() - started) / ROUNDS * 1e9


def speed(engine, words: int) -> float:
    """Raw words a second, in all."""
    engine.start_epoch(0)
    started = time.perf_counter()
    engine.train()
    return words / (time.perf_counter() - started)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("corpus")
    parser.add_argument("--model", default="skipgram")
    parser.add_argument("--turns", type=int, default=40)
    options = parser.parse_args()
    corpus = read_corpus([options.corpus], threads=2)
    engines = {}
    for threads in (1, 2):
        settings = Settings(model=options.model, threads=threads)
        model = new_model(len(corpus.vocabulary), settings)
        engines[threads] = new_engine(corpus, model, settings)
        speed(engines[threads], corpus.words_read)  # compiles
    there_and_back()
    found = defaultdict(list)
    for _ in range(options.turns):
        for threads, engine in engines.items():
            before, words, after = (
                there_and_back(),
                speed(engine, corpus.words_read),
                there_and_back(),
            )
            if max(before, after) < NEAR:
                found["near", threads].append(words)
            elif min(before, after) > FAR:
                found["far", threads].append(words)
    for (place, threads), speeds in sorted(found.items()):
        print(
            f"{place}, {threads} thread(s): {statistics.median(speeds) / 1e6:.2f} M raw words/s, "
            f"median of {len(speeds)} ({min(speeds) / 1e6:.2f}-{max(speeds) / 1e6:.2f})"
        )


if __name__ == "__main__":
    main()
