"""One pass over the text: every thread splits and counts blocks with a lexicon of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fastw2v.corpus.blocks import Block
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.spool import Spool


def count_blocks(
    blocks: Iterable[Block],
    threads: int,
    spool: Spool | None,
    tell: Callable[[int], None],
) -> list[Lexicon]:
    """Count the words of all blocks. Return the lexicons, one per thread that did something.

    spool: where provisional ids go, in the order of the text, with the number of their lexicon
        in the list returned; None where only counts are wanted.
    tell: called now and then with the number of tokens so far, sentence ends included.

    At most ``2 * threads`` blocks are held at a time, whatever the length of the text.
    """
    scanners = [_Scanner(number) for number in range(threads)]
    free = deque(scanners)
    pending = deque()
    tokens = 0

    def work(block: Block) -> tuple[int, np.ndarray | int]:
        scanner = free.pop()  # there are as many as threads, hence always one
        try:
            return scanner.number, scanner.scan(block, keep=spool is not None)
        finally:
            free.append(scanner)

    def collect() -> None:
        nonlocal tokens
        lexicon, result = pending.popleft().result()
        if spool is not None:
            spool.append(lexicon, result)
            result = len(result)
        tokens += result
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
    return [scanner.lexicon for scanner in scanners]


def merge_lexicons(lexicons: list[Lexicon]) -> tuple[Lexicon, list[np.ndarray]]:
    """One lexicon of all, and for each of them its ids in that one (int32). Empties the list."""
    merged = lexicons.pop(0)
    ids = [np.arange(len(merged), dtype=np.int32)]
    while lexicons:
        ids.append(merged.merge(lexicons.pop(0)))
    return merged, ids


class _Scanner:
    """What one thread at a time works with."""

    def __init__(self, number: int):
        self.number = number
        self.lexicon = Lexicon()
        self._ids = np.empty(0, np.int32)

    def scan(self, block: Block, keep: bool) -> np.ndarray | int:
        """A copy of the ids of the block's tokens, or only their number."""
        if self._ids.size < block.size:
            self._ids = np.empty(block.size, np.int32)
        tokens = self.lexicon.scan(block, self._ids)
        return self._ids[:tokens].copy() if keep else tokens
