"""The distinct words of a text with their counts; owns the arrays that compiled code fills."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np

from fastw2v.corpus import scanning, table
from fastw2v.corpus.blocks import Block
from fastw2v.corpus.splitting import token_arrays
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
from fastw2v.io.encoding import SENTENCE_END, to_bytes, to_word
from fastw2v.matrix import pages

MAX_WORDS = 2**31 - 2  # ids are int32
_SMALL_PAGE = 4096  # bytes
_DECODE_BATCH = 1 << 13  # words decoded at once, which bounds memory


class Lexicon:
    """Words by word_id in the order they were added; word_id 0 is the sentence end.

    Takes about 100 bytes per distinct word. Not thread-safe: give each thread its own.
    """

    def __init__(self, slots: int = 1 << 16, records: int = 1 << 18):
        state = np.zeros(STATE_SIZE, np.int64)
        self._table = Table(
            pages.zeros(SLOT * slots, np.uint64), pages.zeros(records, np.uint64), state
        )
        self._tokens = token_arrays()
        self._summed: Words | None = None  # cached by `_words` until a word is counted
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

    def scan(self, block: Block) -> int:
        """Count the tokens of ``block`` and write their ids to ``block.ids``.

        Return the number of tokens.
        """
        written = 0
        self._summed = None
        self._table.state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):  # uint64 wraps around on purpose, if not compiled
                written += scanning.scan(block, self._table, self._tokens, block.ids[written:])
            if self._table.state[POSITION] >= block.size:
                return written
            self._grow()

    def merge(self, other: Lexicon, add: bool = True) -> np.ndarray:
        """Add the counts of another lexicon. Return word_ids here by word_id there (int32).

        add: whether new words are added; if not, their id is -1 and their count is ignored.
        """
        return self._merge(other._words(), add)

    def pruned(self, most: int) -> tuple[Lexicon, np.ndarray, int, int]:
        """A lexicon of at most the ``most`` most frequent words, in the same order.

        Returns it, its word_ids by word_id here (int32, -1: dropped), the number of tokens of
        dropped words, and the count up to which words were dropped.
        """
        words = self._words()
        threshold = int(np.partition(words.counts[1:], -most)[-most]) if most < len(self) else 0
        kept = words.counts > threshold
        kept[0] = True  # the sentence end
        ids = np.full(len(self), -1, np.int32)
        smaller = Lexicon()
        left = Words(words.records, words.offsets[kept], words.counts[kept])
        ids[kept] = smaller._merge(left, add=True)
        return smaller, ids, int(words.counts[~kept].sum()), threshold

    def summary(self) -> tuple[np.ndarray, np.ndarray]:
        """``(counts, first positions)``, int64, by word_id."""
        words = self._words()
        return words.counts, words.records[words.offsets].astype(np.int64)

    def decode(self, word_ids: np.ndarray) -> list[str]:
        """The words with these ids; none may contain a newline."""
        words = []
        for start in range(0, len(word_ids), _DECODE_BATCH):
            lines = self._lines(word_ids[start : start + _DECODE_BATCH])
            words += to_word(lines.tobytes()).split("\n")[:-1]
        return words

    def _lines(self, word_ids: np.ndarray) -> np.ndarray:
        """The bytes (uint8) of words, each followed by a newline."""
        records, offsets, _ = self._words()
        offsets = offsets[word_ids]
        sizes = records[offsets + 1].astype(np.int64) + 1
        ends = np.cumsum(sizes)
        starts = (offsets + HEADER) * 8
        places = np.arange(sizes.sum()) + np.repeat(starts - (ends - sizes), sizes)
        lines = records.view(np.uint8)[places]
        lines[ends - 1] = 10
        return lines

    def _words(self) -> Words:
        if self._summed is None:
            counts, offsets = np.empty(len(self), np.int64), np.empty(len(self), np.int64)
            table.summary(self._table, counts, offsets)
            self._summed = Words(self._table.records, offsets, counts)
        return self._summed

    def _add(self, words: Sequence[str], counts: Iterable[int], firsts: Iterable[int]) -> None:
        parts, offsets = [], [0]
        for word, first in zip(words, firsts, strict=True):
            spelled = to_bytes(word)
            padded = spelled.ljust(-(-len(spelled) // 8) * 8, b"\0")
            parts += [struct.pack("=2Q", first, len(spelled)), padded]
            offsets.append(offsets[-1] + HEADER + len(padded) // 8)
        parts.append(bytes(8 * SLACK))
        records = np.frombuffer(bytearray().join(parts), np.uint64)
        numbers = np.fromiter(counts, np.int64, len(words))
        self._merge(Words(records, np.array(offsets[:-1], np.int64), numbers), add=True)

    def _merge(self, other: Words, add: bool) -> np.ndarray:
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

    def _lower_first_positions(self, merged_ids: np.ndarray, other: Words) -> None:
        """Lower first positions to those of another lexicon where they are smaller."""
        known = merged_ids >= 0
        places = self._words().offsets[merged_ids[known]]
        records = self._table.records
        records[places] = np.minimum(records[places], other.records[other.offsets[known]])

    def _grow(self) -> None:
        """Grow the arrays for the words that did not fit, at least doubling them."""
        slots, records, state = self._table
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
            self._table = self._table._replace(slots=larger)


def _free_slots(count: int) -> np.ndarray:
    """Free slots, with every page written once.

    If the first access to a page is a read, the system maps a shared zero page first and a small
    page on the first write.
    """
    slots = pages.zeros(SLOT * count, np.uint64)
    slots[:: _SMALL_PAGE // slots.itemsize] = 0
    return slots
