"""N-grams of a text and their counts, in bounded memory, level by level: see `ngram_kernels`."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from fastw2v.counts.runs import MEMORY_LIMIT, Column, SortedRuns, count_keys
from fastw2v.errors import ResourceError, parameter
from fastw2v.language_models import ngram_kernels as kernels
from fastw2v.progress import SILENT, Progress, Stage

_CHUNK = 1 << 21  # words
_MOST = 2**31 - 1  # n-grams of one length


class Limits(NamedTuple):
    """Sizes of buffers; the result does not depend on them."""

    memory_bytes: int = MEMORY_LIMIT  # of each array; beyond, it goes to a temporary file
    chunk: int = _CHUNK


class Level(NamedTuple):
    """All n-grams of one length: n of them, with m possible beginnings.

    starts: (m + 1,) int64. lasts: (n,) int32. counts: (n,) int64, 0 for what is only a context.
    """

    starts: np.ndarray
    lasts: np.ndarray
    counts: np.ndarray


def count_ngrams(
    ids: np.ndarray,
    vocabulary: int,
    order: int,
    *,
    continuations: bool = False,
    threads: int = 1,
    progress: Progress = SILENT,
    limits: Limits = Limits(),  # noqa: B008, immutable
) -> list[Level]:
    """The n-grams of 1 to ``order`` words of a text.

    ids: (N,) int32, every sentence ends with 0. vocabulary: word ids are below it; the next one is
        the first word of contexts, see `ngram_kernels`.
    continuations: count for those shorter than ``order`` how many different words come before
        them, as Kneser-Ney smoothing needs, instead of how often they occur.

    Raises ResourceError for more than 2^31 n-grams of one length, OutputError if the temporary
    folder is full.
    """
    first_word = vocabulary
    words = _padded(ids, order, first_word, limits)
    counts = np.zeros(vocabulary + 1, np.int64)
    for start, end in _spans(len(words), limits.chunk):
        counts += np.bincount(words[start:end], minlength=vocabulary + 1)
    counts[first_word] = 0
    starts = np.array([0, vocabulary + 1], np.int64)
    levels = [Level(starts, np.arange(vocabulary + 1, dtype=np.int32), counts)]
    prefixes = words
    with progress.stage("Counting n-grams", order - 1) as stage:
        for size in range(2, order + 1):
            level = _count_level(words, prefixes, levels[-1], first_word, size == order, limits)
            levels.append(level)
            if size < order or continuations:
                suffixes = np.empty(len(level.lasts) if continuations else 0, np.int32)
                prefixes = _find(words, prefixes, level, suffixes, threads, limits)
                if continuations:
                    levels[-2].counts[:] = 0
                    kernels.count_continuations(suffixes, level.counts, levels[-2].counts)
            _report(stage, size, level)
    return levels


def _padded(ids: np.ndarray, order: int, first_word: int, limits: Limits) -> np.ndarray:
    sentences = sum(
        int((ids[start:end] == 0).sum()) for start, end in _spans(len(ids), limits.chunk)
    )
    column = Column(len(ids) + sentences * (order - 1), np.int32, limits.memory_bytes)
    begins = True
    for start, end in _spans(len(ids), limits.chunk):
        part = ids[start:end]
        out = np.empty(len(part) * order, np.int32)
        column.append(out[: kernels.pad_sentences(part, begins, order - 1, first_word, out)])
        begins = bool(part[-1] == 0)
    return column.finish()


def _count_level(
    words: np.ndarray,
    prefixes: np.ndarray,
    shorter: Level,
    first_word: int,
    is_last: bool,
    limits: Limits,
) -> Level:
    runs = SortedRuns(limits.memory_bytes)
    for span in _spans(len(words), limits.chunk):
        keys = kernels.ngram_keys(words, prefixes, span, first_word, is_last)
        runs.add(*count_keys(keys))
    keys, counts = runs.collected(limits.memory_bytes)
    if len(keys) > _MOST:
        raise ResourceError(
            f"{len(keys):,} different n-grams of one length, and at most {_MOST:,} can be "
            f"numbered; use a lower {parameter('order')}, or less text"
        )
    starts = np.empty(len(shorter.lasts) + 1, np.int64)
    lasts = np.empty(len(keys), np.int32)
    kernels.split_keys(keys, starts, lasts)
    counts[lasts == first_word] = 0
    return Level(starts, lasts, counts)


def _find(
    words: np.ndarray,
    prefixes: np.ndarray,
    level: Level,
    suffixes: np.ndarray,
    threads: int,
    limits: Limits,
) -> np.ndarray:
    """The id of the n-gram that ends at each word, (N,) int32; -1 where there is none."""

    def find(span: tuple[int, int]) -> np.ndarray:
        return kernels.find_all(words, prefixes, span, level.starts, level.lasts, suffixes)

    found = Column(len(words), np.int32, limits.memory_bytes)
    spans = list(_spans(len(words), limits.chunk))
    with ThreadPoolExecutor(threads) as pool:
        for start in range(0, len(spans), threads):  # as many at once as there are threads
            for ids in pool.map(find, spans[start : start + threads]):
                found.append(ids)
    return found.finish()


def _spans(size: int, chunk: int) -> Iterator[tuple[int, int]]:
    return ((start, min(start + chunk, size)) for start in range(0, size, chunk))


def _report(stage: Stage, size: int, level: Level) -> None:
    stage.update(size - 1, f"{len(level.lasts) / 1e6:.1f} M of {size} words")
