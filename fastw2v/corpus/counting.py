"""Counting in one pass: every thread splits and counts blocks of text with its own lexicon.

A lexicon that grows past ``most`` words is pruned: the rarest words are dropped until it is half
full. Each pruning starts a new *generation* of ids; a map from the ids of a generation to those of
the next one is kept for the tokens read before.
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
"""Maximum number of words in a thread's lexicon, some 2 GB."""


@dataclass
class Scanner:
    """The state of counting, used by one thread at a time.

    maps: for each generation but the last, ids (int32) in the next one, -1 for dropped words.
    dropped: tokens of dropped words. undercount: maximum number of tokens a word may have lost.
    """

    most: int
    lexicon: Lexicon = field(default_factory=Lexicon)
    maps: list[np.ndarray] = field(default_factory=list)
    dropped: int = 0
    undercount: int = 0

    def scan(self, block: Block) -> tuple[int, int]:
        """Count the tokens of a block. Return the generation of their ids, and their number."""
        generation, found = len(self.maps), self.lexicon.scan(block)
        if len(self.lexicon) > self.most:
            self.lexicon, ids, dropped, threshold = self.lexicon.pruned(self.most // 2)
            self.maps.append(ids)
            self.dropped += dropped
            self.undercount += threshold
        return generation, found


class WordCounts(NamedTuple):
    """Word counts of a whole text.

    ids: for every lexicon number in the `IdBuffer`, ids in ``lexicon`` (int32) by provisional id;
        -1: dropped. dropped: tokens of words dropped while counting. undercount: maximum error of
        a count, always too low.
    """

    lexicon: Lexicon
    ids: dict[int, np.ndarray]
    dropped: int
    undercount: int


def count_blocks(
    blocks: Blocks,
    scanners: list[Scanner],
    id_buffer: IdBuffer | None,
    report_progress: Callable[[int], None],
) -> None:
    """Count the words of all blocks, with one thread per scanner.

    id_buffer: receives provisional ids in the order of the text, with the number of their lexicon
        (see `merge_lexicons`); None if only counts are needed.
    report_progress: called after each block with the number of tokens so far, including sentence
        ends.

    At most two blocks per thread are in memory, whatever the length of the text.
    """
    threads = len(scanners)
    free = deque(range(threads))
    pending = deque()
    tokens = 0

    def work(block: Block) -> tuple[int, Block, int]:
        thread = free.pop()  # as many as threads, so never empty
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
        report_progress(tokens)

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
    """Merge the lexicons of all scanners, which lose theirs.

    The lexicon of thread t in its generation g has the number t + threads * g.
    """
    threads = len(scanners)
    merged, ids = scanners[0].lexicon, {}
    for thread, scanner in enumerate(scanners):
        lexicon, scanner.lexicon = scanner.lexicon, None  # its memory is freed after merging
        last = np.arange(len(merged), dtype=np.int32) if thread == 0 else merged.merge(lexicon)
        ids[thread + threads * len(scanner.maps)] = last
        for generation in reversed(range(len(scanner.maps))):
            last = compose_ids(scanner.maps[generation], last)
            ids[thread + threads * generation] = last
    dropped = sum(scanner.dropped for scanner in scanners)
    return WordCounts(merged, ids, dropped, sum(scanner.undercount for scanner in scanners))


def compose_ids(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The composition of two id maps (int32); -1, dropped, stays -1."""
    return np.where(first >= 0, second[first], np.int32(-1))
