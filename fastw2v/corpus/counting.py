"""Counting in one pass: every thread splits and counts blocks of text with its own lexicon.

A lexicon that grows past ``most`` words is pruned: the rarest words are dropped until it is half
full. Each pruning starts a new *generation* of ids; a map from the ids of a generation to those of
the next one is kept for the tokens read before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import SimpleQueue

import numpy as np

from fastw2v.corpus.blocks import Block, TextMemory
from fastw2v.corpus.dispatch import Dispatcher, Task
from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.id_memory import IdMemory
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.seams import Seams
from fastw2v.system.cores import usable_cores

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

    def scan(self, block: Block, memory: IdMemory) -> tuple[int, list[np.ndarray]]:
        """Count the tokens of a block. Return the generation of their ids, and these."""
        generation, ids = len(self.maps), self.lexicon.scan(block, memory)
        if len(self.lexicon) > self.most:
            self.lexicon, new_ids, dropped, threshold = self.lexicon.pruned(self.most // 2)
            self.maps.append(new_ids)
            self.dropped += dropped
            self.undercount += threshold
        return generation, ids


def count_text(
    dispatcher: Dispatcher,
    scanners: list[Scanner],
    id_buffer: IdBuffer | None,
    block_bytes: int,
    c_rules: bool,
    report_progress: Callable[[int, int], None],
) -> bool | None:
    """Count the words of the whole text, with one thread per scanner but the last.

    Returns whether the text ends within a line, None if there is no text.

    scanners: the last one counts words over the ends of pieces.
    id_buffer: receives provisional ids in the order of the text, with the number of their lexicon
        (see `merging`); None if only counts are needed.
    report_progress: called with the bytes on disk and the number of tokens so far, including
        sentence ends.

    A single thread is helped by one that reads ahead, if there is a core for it: providing memory
    and copying or decompressing the text take a quarter of the time, and more if compressed.

    Each thread keeps one block of text in memory, two if read ahead, whatever the length of the
    text.
    """
    reuse = id_buffer is None
    seams, seam_ids = Seams(c_rules), IdMemory(reuse)
    done = tokens = 0

    def collect(scanner: int, generation: int, ids: list[np.ndarray]) -> None:
        nonlocal tokens
        tokens += sum(map(len, ids))
        if id_buffer is not None:
            for array in ids:
                id_buffer.append(scanner + len(scanners) * generation, array)

    def collect_word(block: Block | None) -> None:
        if block is not None:
            seam_ids.restart()
            collect(len(scanners) - 1, *scanners[-1].scan(block, seam_ids))

    helped = len(scanners) == 2 and usable_cores() > 1
    pool = ThreadPoolExecutor(len(scanners) - 1 + helped)
    try:
        for thread, scanner in enumerate(scanners[:-1]):
            ids = IdMemory(reuse)
            if helped:
                ahead = _ReadAhead(dispatcher, block_bytes, ids)
                pool.submit(ahead.read)
            tasks = ahead.tasks() if helped else _tasks(dispatcher, block_bytes)
            pool.submit(_work, dispatcher, thread, scanner, tasks, ids)
        for task in dispatcher.results():
            done += task.done
            report_progress(done, tokens)  # first: from it follows how many ids are still to come
            collect_word(seams.join(task.opened.piece, task.part))
            collect(*task.result)
        collect_word(seams.last_word())
        report_progress(done, tokens)
        return seams.open_line()
    finally:
        dispatcher.stop()
        pool.shutdown()
        dispatcher.close()


def _work(
    dispatcher: Dispatcher, thread: int, scanner: Scanner, tasks: Iterator[Task], ids: IdMemory
) -> None:
    """Count parts of the text until there are no more."""
    for task in tasks:
        try:
            ids.restart()
            generation, found = scanner.scan(task.part.block, ids)
            task.result = (thread, generation, found)
            task.size = sum(array.nbytes for array in found)
        except BaseException as error:
            task.error = error
        dispatcher.give(task)


def _tasks(dispatcher: Dispatcher, block_bytes: int) -> Iterator[Task]:
    """Parts of the text, each valid until the next one is asked for."""
    text, task = TextMemory(block_bytes), None
    while (task := dispatcher.take(text, task)) is not None:
        yield task


class _ReadAhead:
    """As `_tasks`, with another thread that reads the next part, and provides memory for its ids,
    while this one is counted."""

    def __init__(self, dispatcher: Dispatcher, block_bytes: int, ids: IdMemory):
        self._dispatcher, self._ids = dispatcher, ids
        self._free: SimpleQueue[TextMemory] = SimpleQueue()
        self._read: SimpleQueue[tuple[Task | None, TextMemory]] = SimpleQueue()
        for _ in range(2):
            self._free.put(TextMemory(block_bytes))

    def read(self) -> None:
        """Read all parts; for a thread of its own."""
        task, started = None, False
        while task is not None or not started:
            started = True
            memory = self._free.get()
            task = self._dispatcher.take(memory, task)
            self._read.put((task, memory))
            self._ids.prepare()

    def tasks(self) -> Iterator[Task]:
        while (read := self._read.get())[0] is not None:
            yield read[0]
            self._free.put(read[1])
