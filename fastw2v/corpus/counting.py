"""One pass over the text: every thread splits and counts blocks with a lexicon of its own.

A lexicon that grows past ``most`` words is pruned: its rarest words go, as many of them as needed
to have it half full. Tokens read before then have ids of the unpruned lexicon, a *generation* of
its own: each prune leaves a map from these ids to those of the next generation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from fastw2v.corpus.blocks import Block, Blocks
from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.lexicon import Lexicon

MAX_DISTINCT = 20_000_000
"""Words that a thread's lexicon keeps, some 2 GB."""


@dataclass
class Scanner:
    """What one thread at a time works with.

    maps: for each generation but the last, ids (int32) in the next one, -1 for what was dropped.
    dropped: tokens of dropped words. undercount: how many of its tokens a word may have lost.
    """

    most: int
    lexicon: Lexicon = field(default_factory=Lexicon)
    maps: list[np.ndarray] = field(default_factory=list)
    dropped: int = 0
    undercount: int = 0

    def scan(self, block: Block) -> tuple[int, int]:
        """Count a block's tokens. Return the generation that their ids are of, and how many."""
        generation, found = len(self.maps), self.lexicon.scan(block)
        if len(self.lexicon) > self.most:
            self.lexicon, ids, dropped, threshold = self.lexicon.pruned(self.most // 2)
            self.maps.append(ids)
            self.dropped += dropped
            self.undercount += threshold
        return generation, found


class WordCounts(NamedTuple):
    """All words of a text.

    ids: for every lexicon number that ids were spooled with, ids in ``lexicon`` (int32) by ids
        there; -1: dropped. dropped: tokens of words that were dropped while counting. undercount:
        by how much the count of a word may be too low.
    """

    lexicon: Lexicon
    ids: dict[int, np.ndarray]
    dropped: int
    undercount: int


def count_blocks(
    blocks: Blocks,
    scanners: list[Scanner],
    id_buffer: IdBuffer | None,
    tell: Callable[[int], None],
) -> None:
    """Count the words of all blocks, on as many threads as there are scanners.

    id_buffer: where provisional ids go, in the order of the text, with the number of their lexicon
        (see `merge_lexicons`); None where only counts are wanted.
    tell: called now and then with the number of tokens so far, sentence ends included.

    At most twice as many blocks as threads are held at a time, whatever the length of the text.
    """
    threads = len(scanners)
    free = deque(range(threads))
    pending = deque()
    tokens = 0

    def work(block: Block) -> tuple[int, Block, int]:
        thread = free.pop()  # there are as many as threads, hence always one
        try:
            generation, found = scanners[thread].scan(block)
            return thread + threads * generation, block, found
        finally:
            free.append(thread)

    def collect() -> None:
        nonlocal tokens
        number, block, found = pending.popleft().result()
        if id_buffer is not None:
            id_buffer.append(number, block.ids[:found])
        blocks.release(block)
        tokens += found
        tell(tokens)

    pool = ThreadPoolExecutor(threads)
    try:
        for block in blocks:
            if len(pending) >= 2 * threads:
                collect()
            pending.append(pool.submit(work, block))
        while pending:
            collect()
    finally:
        pool.shutdown(cancel_futures=True)


def merge_lexicons(scanners: list[Scanner]) -> WordCounts:
    """One lexicon of all; takes those of the scanners. The ids that thread t spooled in its
    generation g have the number t + threads * g."""
    threads = len(scanners)
    merged, ids = scanners[0].lexicon, {}
    for thread, scanner in enumerate(scanners):
        lexicon, scanner.lexicon = scanner.lexicon, None  # its memory goes when it is merged
        last = np.arange(len(merged), dtype=np.int32) if thread == 0 else merged.merge(lexicon)
        ids[thread + threads * len(scanner.maps)] = last
        for generation in reversed(range(len(scanner.maps))):
            last = compose_ids(scanner.maps[generation], last)
            ids[thread + threads * generation] = last
    dropped = sum(scanner.dropped for scanner in scanners)
    return WordCounts(merged, ids, dropped, sum(scanner.undercount for scanner in scanners))


def compose_ids(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Ids by way of two maps; what the first drops stays dropped."""
    return np.where(first >= 0, second[first], np.int32(-1))
