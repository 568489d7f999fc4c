"""One pass over the text: every thread splits and counts blocks with a lexicon of its own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fastw2v.corpus.blocks import Block, Blocks
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.spool import Spool


def count_blocks(
    blocks: Blocks,
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
    lexicons = [Lexicon() for _ in range(threads)]
    free = deque(range(threads))
    pending = deque()
    tokens = 0

    def work(block: Block) -> tuple[int, Block, int]:
        number = free.pop()  # there are as many as threads, hence always one
        try:
            return number, block, lexicons[number].scan(block)
        finally:
            free.append(number)

    def collect() -> None:
        nonlocal tokens
        number, block, found = pending.popleft().result()
        if spool is not None:
            spool.append(number, block.ids[:found])
        blocks.returned(block)
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
    return lexicons


def merge_lexicons(lexicons: list[Lexicon]) -> tuple[Lexicon, list[np.ndarray]]:
    """One lexicon of all, and for each of them its ids in that one (int32). Empties the list."""
    merged = lexicons.pop(0)
    ids = [np.arange(len(merged), dtype=np.int32)]
    while lexicons:
        ids.append(merged.merge(lexicons.pop(0)))
    return merged, ids
