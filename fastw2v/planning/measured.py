"""The rates of this machine, each measured within seconds."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus import Corpus, count_words, read_corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.exchange import ModelExchange
from fastw2v.engines.factory import check_engine, new_engine
from fastw2v.engines.matrix_exchange import Trained
from fastw2v.engines.protocol import Engine
from fastw2v.engines.replica_plan import COPIED_ROWS, plan_replicas
from fastw2v.io.encoding import SENTENCE_END
from fastw2v.matrix.aligned import padded
from fastw2v.model.matrices import matrix_shapes, new_model
from fastw2v.planning.frequencies import Frequencies
from fastw2v.planning.rates import ExchangeCosts
from fastw2v.planning.visits import CLUMP
from fastw2v.ranks.job import ChangeFormat
from fastw2v.ranks.threads import ThreadRanks
from fastw2v.settings import Settings
from fastw2v.system.memory import free_memory

_MODEL_BYTES = 800_000_000  # of the matrices with which training is measured, at most
_EXCHANGED_BYTES = 120_000_000  # of those with which exchanges are measured
_FREE_SHARE = 1 / 16  # of the free memory: an exchange needs as much again three times
_IDS = 1_000_000
"""For each thread: some rounds between two mergings of replicas, since those of an epoch are
rounded up."""
_SECONDS = 2.5  # of training
_WARM = 2  # epochs that do not count
_MOST_EPOCHS = 1_000
_READ_WORDS = 1_500_000  # for each thread
_TURNS = 3
_CLUMP_WORDS = 2_000  # over which the occurrences of a clump are spread


class Training(NamedTuple):
    """How fast one process trains.

    rate: words per second. unevenness: the standard deviation of what takes t seconds is this times
    the root of t. rows: of a matrix with which both were measured.
    """

    rate: float
    unevenness: float
    rows: int


def measured_training(frequencies: Frequencies, settings: Settings) -> Training:
    """How fast one process of ``settings.threads`` trains a model of as many rows as there are
    words, as far as memory allows.

    The text is drawn by chance, with the frequencies that are given. Raises TrainingError if this
    machine lacks the device of the settings.
    """
    check_engine(settings)
    rows = min(frequencies.words, _affordable_rows(settings, _MODEL_BYTES))
    trained = replace(settings, epochs=_MOST_EPOCHS)
    text = _drawn(frequencies, rows, _IDS * settings.threads)
    model = new_model(rows, trained)
    engine: Engine
    if settings.device == "cpu":
        # Replicas as for the whole text, which is longer.
        plan = plan_replicas(frequencies.words, frequencies.ids, trained)
        engine = CpuEngine(text, model, trained, plan=plan)
    else:
        engine = new_engine(text, model, trained)
    with engine.turn():
        engine.prepare()
        seconds: list[float] = []
        while len(seconds) <= _WARM or (sum(seconds) < _SECONDS and len(seconds) < _MOST_EPOCHS):
            engine.start_epoch(len(seconds))
            seconds.append(_seconds(engine.train))
    # After a rest the first are slower, and single ones where others use the machine.
    each = np.array(seconds[_WARM:])
    usual = float(np.median(each))
    unevenness = float(each.std()) / math.sqrt(usual)
    return Training(text.words_known / usual, unevenness, rows)


def measured_reading(threads: int) -> float:
    """Words per second that one process of so many threads counts and encodes."""
    words = _READ_WORDS * threads
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "text.txt"
        _warm_up(path)
        rng = np.random.default_rng(1)
        names = np.array([f"word{number}" for number in range(50_000)])
        numbers = np.minimum(rng.zipf(1.2, words) - 1, len(names) - 1)
        lines = names[numbers[: words // 20 * 20]].reshape(-1, 20)
        path.write_text("".join([" ".join(line) + "\n" for line in lines.tolist()]))
        return words / _seconds(lambda: read_corpus(path, threads=threads))


def timed_counting(paths: list[str], **rules: Any) -> tuple[Vocabulary, float]:
    """The vocabulary of a text, and words of it a second. rules: as `count_words` takes them."""
    with tempfile.TemporaryDirectory() as folder:
        _warm_up(Path(folder) / "text.txt")
    began = time.perf_counter()
    vocabulary = count_words(paths, **rules)
    known = vocabulary.total - int(vocabulary.counts[0])
    return vocabulary, known / (time.perf_counter() - began)


def measured_exchange(settings: Settings, form: ChangeFormat) -> ExchangeCosts:
    """The costs of one rank that exchanges with itself, in two models of different size."""
    of_row = 4 * padded(settings.size) * len(matrix_shapes(1, settings))
    rows = max(2 * COPIED_ROWS, _affordable_rows(settings, _EXCHANGED_BYTES))
    small_none, _ = _exchange_seconds(COPIED_ROWS, settings, form)
    none, of_all = _exchange_seconds(rows, settings, form)
    numbers = of_row // 4
    compared = max(0.0, none - small_none) / (numbers * (rows - COPIED_ROWS))
    # The change of each row is taken, merged and taken over: by one rank at once, where it is the
    # only one, by two if there are several.
    handled = max(0.0, of_all - none) / (2 * numbers * rows)
    return ExchangeCosts(compared, handled, max(0.0, none - compared * numbers * rows))


def _exchange_seconds(rows: int, settings: Settings, form: ChangeFormat) -> tuple[float, float]:
    """Of an exchange in which no row has been moved, and of one in which all have been."""
    model = new_model(rows, settings)
    counts = np.maximum(5, 1_000_000 // np.arange(1, rows + 1))
    exchange = ModelExchange(counts, model, settings, ThreadRanks.alone(), form)

    def move() -> None:
        for matrix in model.matrices:
            matrix[:, 0] += 1e-3

    def run() -> None:
        exchange.exchange(Trained(10_000.0, settings.alpha, 1))

    run()  # compiles
    none = min(_seconds(run) for _ in range(_TURNS))
    found = []
    for _ in range(_TURNS):
        move()
        found.append(_seconds(run))
    return none, min(found)


def _affordable_rows(settings: Settings, most: int) -> int:
    """Rows of a model of so many bytes at most, less where memory is scarce."""
    free = free_memory()
    room = most if free is None else min(most, int(_FREE_SHARE * free))
    return max(1_000, room // (4 * padded(settings.size) * len(matrix_shapes(1, settings))))


def _drawn(frequencies: Frequencies, rows: int, ids: int) -> Corpus:
    """A text of so many ids, drawn by the frequencies; of more words than rows, rare ones share a
    row."""
    rng = np.random.default_rng(1)
    sums = np.cumsum(frequencies.counts * frequencies.repeats)
    groups = np.searchsorted(sums, rng.random(ids) * sums[-1], side="right")
    firsts = np.cumsum(frequencies.repeats) - frequencies.repeats
    words = firsts[groups] + np.floor(rng.random(ids) * frequencies.repeats[groups])
    # In a text words occur in clumps, whose rows are in the cache.
    places = np.arange(ids)
    before = np.maximum(0, places - rng.integers(1, _CLUMP_WORDS, ids))
    words = np.where(rng.random(ids) < 1 / CLUMP, words, words[before])
    drawn = (1 + words % (rows - 1)).astype(np.int32)
    every = max(2, round(1 + frequencies.tokens / max(1.0, frequencies.ends)))
    drawn[every - 1 :: every] = 0
    # As in the whole text, so that as many words are kept.
    ends = np.minimum(np.cumsum(frequencies.repeats), rows - 1).astype(np.int64)
    each = np.repeat(np.maximum(1, np.rint(frequencies.counts)), np.diff(ends, prepend=0))
    counts = np.concatenate([[round(frequencies.ends)], each]).astype(np.int64)
    names = [SENTENCE_END, *map(str, range(1, rows))]
    known = int((drawn > 0).sum())
    return Corpus(drawn, Vocabulary(names, counts), known, known, len(drawn) // every, 0.0, 0.0)


def _warm_up(path: Path) -> None:
    """Compile what reads a text."""
    path.write_bytes(b"a b c\n" * 20)
    read_corpus(path)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
