"""How many replicas a training on the CPU has, of how many rows, and when they are merged.

`fastw2v.kernels.replicas` says what replicas are; the figures are from
``benchmarks/notebook/replicas.md``.
"""

from typing import NamedTuple

import numba

from fastw2v.model.elementary import powers
from fastw2v.settings import Settings

COPIED_ROWS = 8_192
"""Rows of each matrix of which workers have copies: of English text they take nine tenths of all
visits. Merging costs time for each row, and sharing a row that is seldom visited costs little."""

ROUND_WORDS = 200_000
"""Kept words that each thread trains between two mergings, at most. Of 100,000 to 400,000 none was
better than another with 8 workers; two that train CBOW gain nothing by more."""

OFTEN_ROWS = 4_096
"""Where all rows are copied, so many of each matrix, those with the most visits, are merged after
each round."""

SELDOM_ROUNDS = 4
"""The others are merged after so many rounds, at most: they change little in between, and merging
them takes most of the time. Many workers merge them more often: half of `ROUND_VISITS` lies between
two of their mergings, at most."""

ROUND_VISITS = 46
"""Words that all workers together train between two mergings, at most, for each word of the
vocabulary: beyond, vectors get worse."""

LEAST_ROUNDS = 10  # of an epoch
SMALL_TEXT = 140_000
"""Words of the text for each thread, below which threads share one model by default."""

GROWTH = {"cbow": 0.2, "skipgram": 0.1}
"""With negative sampling the learning rate grows by workers to this power. The mean of several
workers' changes has less noise than the change of one, as that of a large batch has, and so allows
for longer steps; without them, vectors get worse. The report says by how much it grew."""

NO_END = 1 << 62  # of a round

CHUNKS = 128
"""Where the text is dealt in its order, so many chunks for each thread: then none waits for more
than a hundredth of the epoch, and few sentences are cut."""

LEAST_CHUNK = 2_000  # ids

SPREAD_CHUNK, SPREAD_REGIONS = 1_000, 256
"""With negative sampling the text is not trained in its order, in which words occur in clumps, but
in short chunks, one after the other from so many places: 16.7 million words of Wikipedia gain more
than a point of analogies with CBOW, and on 8 ranks nearly two. With hierarchical softmax they lose
nearly two: its text is trained in order, by several threads from as many places."""

LEAST_SPREAD = 4  # chunks of a region


class ReplicaPlan(NamedTuple):
    """What `plan_replicas` chooses.

    workers: R, workers with replicas of their own; 1: all threads share one model.
    most_rows: rows of each matrix that are copied, at most.
    round_words: kept words that each thread trains between two mergings, at most.
    fixed_rounds: all threads train so many, whoever is the first.
    rate_growth: what the learning rate is multiplied by.
    often_rows: copied rows of each matrix that are merged after each round, at most.
    seldom_rounds: the others are merged after so many.
    chunk: ids that are dealt to a thread at a time; 0: each has its part of the text. One thread
        alone is dealt chunks in the same order each time.
    regions: of the text that are dealt in turn.
    """

    workers: int
    most_rows: int
    round_words: int
    fixed_rounds: bool
    rate_growth: float
    often_rows: int
    seldom_rounds: int
    chunk: int = 0
    regions: int = 1

    def copied(self, name: str, rows: int) -> range:
        """The rows of a matrix of so many rows that are copied.

        Words are numbered from the most frequent one, nodes of the tree towards the root, which
        is the last row but one; the last is not used.
        """
        return range(0) if self.workers == 1 else _most_visited(name, rows, self.most_rows)

    def often(self, name: str, rows: int) -> range:
        """Of the copied rows, those that are merged after each round."""
        most = min(self.most_rows, self.often_rows)
        return range(0) if self.workers == 1 else _most_visited(name, rows, most)


def _most_visited(name: str, rows: int, most: int) -> range:
    if name == "nodes":
        return range(max(0, rows - 1 - most), rows - 1)
    return range(min(rows, most))


def plan_replicas(words: int, ids: int, settings: Settings) -> ReplicaPlan:
    """Choose as many workers as the settings ask for, or as are good. words: V. ids: of the
    text."""
    workers, threads = _workers(ids, settings), settings.threads
    # Where a thread trains one shard after the other, the first would end each round.
    in_turn = threads > numba.get_num_threads() or bool(numba.config.DISABLE_JIT)
    fixed = settings.deterministic or in_turn
    chunk, regions = _dealing(ids, settings, fixed)
    if workers == 1:
        return ReplicaPlan(1, 0, NO_END, False, 1.0, 0, 1, chunk, regions)
    most_rows, often_rows, seldom = COPIED_ROWS, COPIED_ROWS, 1
    longest = min(ROUND_WORDS, ROUND_VISITS * words // threads, ids // (threads * LEAST_ROUNDS))
    longest = max(1, longest)
    if settings.deterministic:
        most_rows, often_rows = words, OFTEN_ROWS
        seldom = max(1, min(SELDOM_ROUNDS, ROUND_VISITS * words // (2 * threads * longest)))
    growth = 1.0 if settings.hs else float(powers(workers, GROWTH[settings.model]))
    return ReplicaPlan(
        workers, most_rows, longest, fixed, growth, often_rows, seldom, chunk, regions
    )


def _dealing(ids: int, settings: Settings, fixed: bool) -> tuple[int, int]:
    """Ids of a chunk, 0 where none are dealt, and regions of the text. fixed: whether each thread
    has its part of it."""
    threads = settings.threads
    if settings.exact or (fixed and threads > 1):
        return 0, 1
    regions = min(SPREAD_REGIONS, ids // (LEAST_SPREAD * SPREAD_CHUNK))
    if regions > 1 and not settings.hs:
        return SPREAD_CHUNK, regions
    if threads == 1:
        return 0, 1
    return max(LEAST_CHUNK, ids // (threads * CHUNKS)), threads if settings.hs else 1


def _workers(ids: int, settings: Settings) -> int:
    threads = settings.threads
    if settings.softmax or threads == 1:
        return 1
    if settings.deterministic:
        return threads
    if settings.replicas is not None:
        return settings.replicas
    return threads if ids >= threads * SMALL_TEXT else 1
