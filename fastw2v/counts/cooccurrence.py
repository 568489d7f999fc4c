"""Co-occurrence counts of a corpus: all cores, bounded memory, the same for any number of threads.

Counts are whole numbers of a unit, so that sums do not depend on their order.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import NamedTuple

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.counts import pair_kernels
from fastw2v.counts.runs import MEMORY_LIMIT, Column, SortedRuns, sum_by_key
from fastw2v.errors import CorpusError, parameter
from fastw2v.model.rng import seed_generator
from fastw2v.model.subsampling import keep_thresholds
from fastw2v.progress import SILENT, Progress

_CHUNK = 1 << 18  # tokens of a task
_FIRST_TABLE = 1 << 12  # pairs
_FULL = 0.6  # of a table
_LARGEST_UNIT = 1 << 30
_ENTRY = 16  # bytes of a pair in a table


class Limits(NamedTuple):
    """Sizes of buffers; the result does not depend on them."""

    table_bytes: int = 1 << 28  # of all threads' tables
    memory_bytes: int = MEMORY_LIMIT  # of sorted runs; beyond, they go to temporary files
    chunk: int = _CHUNK


@dataclass(frozen=True, eq=False)
class Cooccurrences:
    """A symmetric sparse matrix in compressed rows: how often words are in each other's window.

    words: V words, without the sentence end. starts: (V + 1,) int64, where each row begins.
    columns: (n,) int32, ascending within a row. values: (n,) int64, multiples of 1 / ``unit``.
    runs_on_disk: how many sorted runs did not fit in memory.
    """

    words: list[str]
    starts: np.ndarray
    columns: np.ndarray
    values: np.ndarray
    unit: int
    runs_on_disk: int = 0

    def counts(self) -> np.ndarray:
        """(n,) int64 if all are whole numbers by nature, otherwise float64."""
        return self.values if self.unit == 1 else self.values / self.unit


def distance_weights(window: int, weighting: str) -> tuple[np.ndarray, int]:
    """``(weights, unit)``: (window,) int64, the weight by distance - 1 in multiples of 1 / unit.

    none: 1. harmonic: 1 / distance, as GloVe (Pennington et al. 2014, section 4.2). dynamic:
    (window - distance + 1) / window, what word2vec's random windows do on average (Levy, Goldberg,
    Dagan 2015, section 3.1). ``distance_weights(2, "dynamic")`` is ([2, 1], 2).
    """
    if weighting == "none":
        return np.ones(window, np.int64), 1
    if weighting == "dynamic":
        return np.arange(window, 0, -1), window
    unit = 1
    for distance in range(2, window + 1):
        unit = math.lcm(unit, distance)
        if unit > _LARGEST_UNIT:  # beyond, shares are rounded to its multiples
            unit = _LARGEST_UNIT
            break
    return np.array([round(unit / each) for each in range(1, window + 1)], np.int64), unit


def count_cooccurrences(
    corpus: Corpus,
    *,
    window: int = 5,
    distance_weighting: str = "none",
    sample: float = 0.0,
    seed: int = 1,
    threads: int = 1,
    progress: Progress = SILENT,
    limits: Limits = Limits(),  # noqa: B008, immutable
) -> Cooccurrences:
    """Count pairs of words at most ``window`` apart in a sentence.

    distance_weighting: see `distance_weights`. sample: the sub-sampling threshold of training, 0
        for none; skipped words are removed before windows are formed (Levy, Goldberg, Dagan 2015,
        "dirty" sub-sampling, as word2vec).

    Raises CorpusError if no two words are in one window, OutputError if the temporary folder is
    full.
    """
    weights, unit = distance_weights(window, distance_weighting)
    thresholds = keep_thresholds(corpus.vocabulary.counts, sample)
    start = seed_generator(seed, 0)[0]
    runs = SortedRuns(limits.memory_bytes)
    tables: SimpleQueue[_Table] = SimpleQueue()
    most = max(_FIRST_TABLE, limits.table_bytes // (_ENTRY * threads))
    for _ in range(threads):
        tables.put(_Table(weights, most, runs))

    def count(span: tuple[int, int]) -> int:
        kept = np.empty(span[1] - span[0] + window + 1, np.int32)
        own, total = pair_kernels.keep_words(corpus.ids, span, thresholds, start, window, kept)
        table = tables.get()
        table.add(kept[:total], own)
        tables.put(table)
        return span[1] - span[0]

    spans = _spans(len(corpus.ids), limits.chunk)
    with progress.stage("Counting", len(corpus.ids)) as stage:
        done = 0
        for tokens in _in_threads(count, spans, threads):
            done += tokens
            stage.update(done, f"{done / 1e6:.1f} M tokens")
    while not tables.empty():
        tables.get().flush()
    return _matrix(corpus.vocabulary.words[1:], runs, unit, limits)


def _spans(tokens: int, chunk: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + chunk, tokens)) for start in range(0, tokens, chunk))


def _in_threads(function, tasks, threads: int) -> Iterator[int]:
    """Yield the results of all tasks, in the order in which they end; few are started ahead."""
    pool = ThreadPoolExecutor(threads)
    pending: set[Future] = set()
    try:
        for task in tasks:
            pending.add(pool.submit(function, task))
            if len(pending) > 2 * threads:
                done, pending = wait(pending, return_when=FIRST_COMPLETED)
                yield from (each.result() for each in done)
        yield from (each.result() for each in pending)
    finally:
        pool.shutdown(cancel_futures=True)


class _Table:
    """A thread's hash table of pairs, which goes to the sorted runs when it is full."""

    def __init__(self, weights: np.ndarray, most: int, runs: SortedRuns):
        self._weights, self._most, self._runs = weights, most, runs
        # Room for the pairs of one more word, when it is nearly full.
        self._allocate(max(_FIRST_TABLE, 1 << (4 * len(weights)).bit_length()))
        self._used = 0

    def _allocate(self, size: int) -> None:
        self._keys, self._values = np.zeros(size, np.uint64), np.zeros(size, np.int64)

    def add(self, words: np.ndarray, own: int) -> None:
        """Count the pairs of ``words``, of which the first ``own`` may be the left one."""
        place = 0
        while place < own:
            room = int(_FULL * len(self._keys)) - self._used
            if room > 0:
                span = place, own
                place, new = pair_kernels.count_pairs(
                    words, span, self._weights, self._keys, self._values, room
                )
                self._used += new
            elif 2 * len(self._keys) <= self._most:
                keys, values = self._keys, self._values
                self._allocate(2 * len(keys))
                pair_kernels.copy_table(keys, values, self._keys, self._values)
            else:
                self.flush()

    def flush(self) -> None:
        """Move all pairs to the sorted runs."""
        keys, values = pair_kernels.both_directions(self._keys, self._values, self._used)
        self._runs.add(*sum_by_key(keys, values))
        self._keys[:] = 0
        self._used = 0


def _matrix(words: list[str], runs: SortedRuns, unit: int, limits: Limits) -> Cooccurrences:
    if not len(runs):
        raise CorpusError(
            "no two words of the vocabulary are in one sentence, so there is nothing to count; "
            f"lower {parameter('min_count')}, or check that lines have several words"
        )
    row_sizes = np.zeros(len(words), np.int64)
    bound = len(runs)
    columns = Column(bound, np.int32, limits.memory_bytes)
    values = Column(bound, np.int64, limits.memory_bytes)
    for keys, sums in runs.merged():
        columns.append(pair_kernels.split_keys(keys, row_sizes))
        values.append(sums)
    starts = np.concatenate(([0], np.cumsum(row_sizes)))
    return Cooccurrences(words, starts, columns.finish(), values.finish(), unit, runs.on_disk)
