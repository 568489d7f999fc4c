"""The distinct words of a text with their counts; owns the arrays that compiled code fills."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np

from fastw2v.corpus import scanning, table
from fastw2v.corpus.blocks import Block
from fastw2v.corpus.id_memory import IdMemory
from fastw2v.corpus.splitting import MOST_TOKENS, token_arrays
from fastw2v.corpus.table import (
    HEADER,
    NEW_RECORDS,
    NEW_WORDS,
    POSITION,
    SLACK,
    SLOT,
    STATE_SIZE,
    USED,
    WORDS,
    Table,
    Words,
)
from fastw2v.errors import CorpusError
from fastw2v.io.encoding import SENTENCE_END, to_bytes
from fastw2v.matrix import pages

MAX_WORDS = 2**31 - 2  # ids are int32
_SMALL_PAGE = 4096  # bytes


class Lexicon:
    """Words by word_id in the order they were added; word_id 0 is the sentence end.

    Takes about 100 bytes per distinct word. Not thread-safe: give each thread its own.
    """

    def __init__(self, slots: int = 1 << 16, records: int = 1 << 18):
        state = np.zeros(STATE_SIZE, np.int64)
        self._table = Table(
            pages.zeros(SLOT * slots, np.uint64),
            pages.zeros(records, np.uint64),
            pages.zeros(slots // 2, np.int64),
            state,
        )
        self._tokens = token_arrays()
        self._summed: Words | None = None  # cached by `words` until a word is counted
        self._add([SENTENCE_END], [0], [0])

    def __len__(self) -> int:
        return int(self._table.state[WORDS])

    @classmethod
    def of_words(
        cls, words: Sequence[str], counts: Iterable[int], firsts: Iterable[int]
    ) -> Lexicon:
        """A lexicon of distinct ``words`` in this order; the first must be the sentence end.

        counts, firsts: number of occurrences, and position of the first, of each word.
        """
        lexicon = cls()
        lexicon._add(words, counts, firsts)
        return lexicon

    def scan(self, block: Block, memory: IdMemory) -> list[np.ndarray]:
        """Count the tokens of ``block``. Return their ids (int32), in arrays from ``memory``."""
        found = []
        self._summed = None
        self._table.state[POSITION] = 0
        while True:
            room = memory.room(MOST_TOKENS)
            with np.errstate(over="ignore"):  # uint64 wraps around on purpose, if not compiled
                written = scanning.scan(block, self._table, self._tokens, room)
            if written:
                found.append(memory.take(written))
            if self._table.state[POSITION] >= block.size:
                return found
            if len(room) - written >= MOST_TOKENS:
                self._grow()

    def merge(self, other: Words, add: bool = True) -> np.ndarray:
        """Add the counts of the words of another lexicon, all or some. Return word_ids here by
        their place in ``other`` (int32).

        add: whether new words are added; if not, their id is -1 and their count is ignored.
        """
        merged_ids = np.empty(len(other.counts), np.int32)
        self._summed = None
        self._table.state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):
                table.merge(other, add, self._table, merged_ids)
            if self._table.state[POSITION] >= len(merged_ids):
                break
            self._grow()
        self._lower_first_positions(merged_ids, other)
        return merged_ids

    def words(self) -> Words:
        """All words; valid until the lexicon changes."""
        if self._summed is None:
            counts, offsets = np.empty(len(self), np.int64), np.empty(len(self), np.int64)
            table.summary(self._table, counts, offsets)
            firsts = self._table.firsts[: len(self)]
            self._summed = Words(self._table.records, offsets, counts, firsts)
        return self._summed

    @property
    def table(self) -> Table:
        """The current arrays; growing replaces them."""
        return self._table

    def pruned(self, most: int) -> tuple[Lexicon, np.ndarray, int, int]:
        """A lexicon of at most the ``most`` most frequent words, in the same order.

        Returns it, its word_ids by word_id here (int32, -1: dropped), the number of tokens of
        dropped words, and the count up to which words were dropped.
        """
        words = self.words()
        threshold = int(np.partition(words.counts[1:], -most)[-most]) if most < len(self) else 0
        kept = words.counts > threshold
        kept[0] = True  # the sentence end
        ids = np.full(len(self), -1, np.int32)
        smaller = Lexicon()
        left = Words(words.records, *(array[kept] for array in words[1:]))
        ids[kept] = smaller.merge(left)
        return smaller, ids, int(words.counts[~kept].sum()), threshold

    def _add(self, words: Sequence[str], counts: Iterable[int], firsts: Iterable[int]) -> None:
        parts, offsets = [], [0]
        for word in words:
            spelled = to_bytes(word)
            padded = spelled.ljust(-(-len(spelled) // 8) * 8, b"\0")
            parts += [struct.pack("=Q", len(spelled)), padded]
            offsets.append(offsets[-1] + HEADER + len(padded) // 8)
        parts.append(bytes(8 * SLACK))
        records = np.frombuffer(bytearray().join(parts), np.uint64)
        numbers = [np.fromiter(each, np.int64, len(words)) for each in (counts, firsts)]
        self.merge(Words(records, np.array(offsets[:-1], np.int64), *numbers))

    def _lower_first_positions(self, merged_ids: np.ndarray, other: Words) -> None:
        """Lower first positions to those of another lexicon where they are smaller."""
        known = merged_ids >= 0
        firsts, merged_ids = self._table.firsts, merged_ids[known]
        firsts[merged_ids] = np.minimum(firsts[merged_ids], other.firsts[known])

    def _grow(self) -> None:
        """Grow the arrays for the words that did not fit, at least doubling them."""
        slots, records, firsts, state = self._table
        used, new_words, new_records = (int(state[n]) for n in (USED, NEW_WORDS, NEW_RECORDS))
        words = len(self) + new_words
        if words > MAX_WORDS:
            raise CorpusError(
                f"more than {MAX_WORDS:,} distinct words; check that words are separated by spaces"
            )
        if used + new_records > records.size:
            larger = pages.zeros(max(2 * records.size, used + new_records), np.uint64)
            larger[:used] = records[:used]
            self._table = self._table._replace(records=larger)
        if 2 * SLOT * words > slots.size:
            larger = _free_slots(1 << (2 * words - 1).bit_length())
            with np.errstate(over="ignore"):
                table.rehash(slots, larger)
            more_firsts = pages.zeros(len(larger) // SLOT // 2, np.int64)
            more_firsts[: len(self)] = firsts[: len(self)]
            self._table = self._table._replace(slots=larger, firsts=more_firsts)


def _free_slots(count: int) -> np.ndarray:
    """Free slots, with every page written once.

    If the first access to a page is a read, the system maps a shared zero page first and a small
    page on the first write.
    """
    slots = pages.zeros(SLOT * count, np.uint64)
    slots[:: _SMALL_PAGE // slots.itemsize] = 0
    return slots
