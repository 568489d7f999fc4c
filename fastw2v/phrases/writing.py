"""Writing the text and the list of phrases."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np

from fastw2v.formats import compressing
from fastw2v.io.atomic import replacing
from fastw2v.jit.compiled import compiled
from fastw2v.phrases.text import PackedWords, Text, pack_words
from fastw2v.progress import Progress

_BLOCK = 1 << 18  # ids
_SPACE, _NEWLINE = ord(" "), ord("\n")


class PhraseEntry(NamedTuple):
    """A line of the list of phrases."""

    phrase: bytes
    score: float
    count: int  # of the spelling in the text
    number: int  # of the pass, from 1


def write_text(path, text: Text, threads: int, progress: Progress) -> None:
    """Write a space before every word and a newline for every sentence end, as the C program."""
    blocks = _rendered(text.ids, pack_words(text.spellings), threads)
    with progress.stage("Writing", text.ids.size) as stage, _opened(path) as file:
        for number, block in enumerate(blocks, start=1):
            file.write(memoryview(block))
            stage.update(min(number * _BLOCK, text.ids.size))


def write_list(path, found: Iterable[PhraseEntry]) -> None:
    """Write ``phrase score count pass`` lines, by pass, the best of each first."""
    lines = sorted(found, key=lambda one: (one.number, -one.score, one.phrase))
    with _opened(path) as file:
        file.write(b"".join([b"%b\t%.6g\t%d\t%d\n" % line for line in lines]))


@contextmanager
def _opened(path):
    """Context manager: standard output, or a file that replaces ``path``, maybe compressed."""
    with replacing(path) as file, compressing(file, os.fspath(path)) as content:
        yield content


def _rendered(ids: np.ndarray, packed: PackedWords, threads: int) -> Iterator[np.ndarray]:
    """The bytes of the text in blocks, a few of which are rendered ahead."""
    pending = deque()
    pool = ThreadPoolExecutor(threads)
    try:
        for start in range(0, ids.size, _BLOCK):
            if len(pending) >= 2 * threads:
                yield pending.popleft().result()
            pending.append(pool.submit(_render, ids[start : start + _BLOCK], packed))
        while pending:
            yield pending.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


@compiled
def _render(ids, packed):
    """The bytes (uint8) of some tokens."""
    data, starts = packed
    size = ids.size
    for word_id in ids:
        if word_id != 0:
            size += starts[word_id + 1] - starts[word_id]
    out = np.empty(size, np.uint8)
    end = 0
    for word_id in ids:
        if word_id == 0:
            out[end] = _NEWLINE
            end += 1
            continue
        out[end] = _SPACE
        end += 1
        for place in range(starts[word_id], starts[word_id + 1]):
            out[end] = data[place]
            end += 1
    return out
