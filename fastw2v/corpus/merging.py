"""Merging the lexicons of all threads, by all threads.

Words are divided into parts by their hash, and each part is merged by one thread, in a table small
enough for the cache of its core.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from itertools import accumulate
from typing import NamedTuple

import numpy as np

from fastw2v.corpus.counting import Scanner
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.table import SLACK, SLOT, USED, Words
from fastw2v.corpus.table_parts import PartWords, Source, count_parts, merge_part, unpack_ids
from fastw2v.matrix import pages

_PART_WORDS = 1 << 13  # words of all lexicons, which fit in the cache of a core
_MOST_BITS = 10  # of the hash; each of the smallest tables still has 64 slots per part


class WordCounts(NamedTuple):
    """Word counts of a whole text.

    ids: for every lexicon number in the `IdBuffer`, ids in ``words`` (int32) by provisional id;
        -1: dropped. dropped: tokens of words dropped while counting. undercount: maximum error of
        a count, always too low. open_line: whether the text ends within a line, None if empty.
    """

    words: Words
    ids: dict[int, np.ndarray]
    dropped: int
    undercount: int
    open_line: bool | None = None


def merge_scanners(scanners: list[Scanner]) -> WordCounts:
    """Merge the lexicons of all scanners, which lose theirs.

    The lexicon of scanner s in its generation g has the number s + scanners * g.
    """
    *large, small = [scanner.lexicon for scanner in scanners]
    small_ids = large[0].merge(small.words())  # few words, so without parts
    for scanner in scanners:
        scanner.lexicon = None  # its memory is freed after merging
    words, merged_ids = merge_lexicons(large)
    merged_ids.append(merged_ids[0][small_ids])
    ids = {}
    for number, (scanner, last) in enumerate(zip(scanners, merged_ids, strict=True)):
        ids[number + len(scanners) * len(scanner.maps)] = last
        for generation in reversed(range(len(scanner.maps))):
            last = compose_ids(scanner.maps[generation], last)
            ids[number + len(scanners) * generation] = last
    dropped = sum(scanner.dropped for scanner in scanners)
    return WordCounts(words, ids, dropped, sum(scanner.undercount for scanner in scanners))


def merge_lexicons(lexicons: list[Lexicon]) -> tuple[Words, list[np.ndarray]]:
    """The words of all lexicons, and for each its word_ids there by word_id (int32). Uses as many
    threads; empties the list."""
    if len(lexicons) == 1:
        words = lexicons.pop().words()
        return words, [np.arange(len(words.counts), dtype=np.int32)]
    with ThreadPoolExecutor(len(lexicons)) as pool:
        words = list(pool.map(Lexicon.words, lexicons))
        used = [int(lexicon.table.state[USED]) for lexicon in lexicons]
        bases = list(accumulate(used, initial=0))
        sources = [
            Source(lexicon.table, own.offsets, base, np.zeros(len(lexicon), np.int32))
            for lexicon, own, base in zip(lexicons, words, bases, strict=False)
        ]
        parts = sum(map(len, lexicons)) // _PART_WORDS
        bits = min(max(parts.bit_length(), 1), _MOST_BITS)
        lexicons.clear()
        merged = _merge_parts(sources, bits, pool)
        starts = np.array(list(accumulate(map(len, merged[0]), initial=1)))
        records = pages.zeros(bases[-1] + SLACK, np.uint64)

        def put(number: int) -> None:
            """Copy the records of a lexicon to those of all, and complete its ids."""
            source, base = sources[number], bases[number]
            records[base : base + used[number]] = source.table.records[: used[number]]
            unpack_ids(bits, starts, source.ids)

        list(pool.map(put, range(len(sources))))
    # The sentence end comes first, and is in no part.
    first = [words[0].offsets[:1], sum(own.counts[:1] for own in words), words[0].firsts[:1]]
    joined = [np.concatenate([end, *parts]) for end, parts in zip(first, merged, strict=True)]
    return Words(records, *joined), [source.ids for source in sources]


def _merge_parts(
    sources: list[Source], bits: int, pool: ThreadPoolExecutor
) -> list[list[np.ndarray]]:
    """Offsets, counts and first positions of the merged words, each in ``2**bits`` parts."""
    most = sum(pool.map(lambda source: _part_sizes(source, bits), sources))
    ends = np.cumsum(most)
    arrays = [pages.zeros(int(ends[-1]), np.int64) for _ in range(3)]
    table_size = SLOT << (2 * int(most.max())).bit_length()
    tables: deque[np.ndarray] = deque()  # memory that is used again

    def merge(number: int) -> list[np.ndarray]:
        slots = tables.pop() if tables else np.empty(table_size, np.uint64)
        slots[:] = 0
        own = [array[ends[number] - most[number] : ends[number]] for array in arrays]
        words = PartWords(slots, *own, np.zeros(1, np.int64))
        with np.errstate(over="ignore"):
            for source in sources:
                merge_part(number, bits, source, words)
        tables.append(slots)
        return [array[: words.state[0]] for array in own]

    return list(zip(*pool.map(merge, range(len(most))), strict=True))


def _part_sizes(source: Source, bits: int) -> np.ndarray:
    """The number of words (int64) of each part."""
    sizes = np.zeros(1 << bits, np.int64)
    with np.errstate(over="ignore"):
        count_parts(source.table.slots, bits, sizes)
    return sizes


def compose_ids(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """The composition of two id maps (int32); -1, dropped, stays -1."""
    return np.where(first >= 0, second[first], np.int32(-1))
