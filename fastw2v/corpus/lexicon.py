"""The distinct words of a text with their counts: owns the arrays that compiled code fills."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence

import numpy as np

from fastw2v.corpus import scanning
from fastw2v.corpus.blocks import Block
from fastw2v.corpus.scanning import HEADER, NEEDED, POSITION, STATE_SIZE, USED, WORDS, Table
from fastw2v.errors import CorpusError
from fastw2v.words import SENTENCE_END, to_bytes

MOST_WORDS = 2**31 - 2  # ids are int32


class Lexicon:
    """Words by word_id in the order they were added; word_id 0 is the sentence end.

    About 50 bytes per distinct word. Not safe for two threads at once: give each its own.
    """

    def __init__(self, slots: int = 1 << 16, records: int = 1 << 18):
        self._table = Table(
            np.zeros(slots, np.uint64), np.empty(records, np.uint64), np.zeros(STATE_SIZE, np.int64)
        )
        self._add([SENTENCE_END], [0], [0])

    def __len__(self) -> int:
        return int(self._table.state[WORDS])

    @classmethod
    def of_words(
        cls, words: Sequence[str], counts: Iterable[int], firsts: Iterable[int]
    ) -> Lexicon:
        """A lexicon of distinct ``words`` in this order, of which the sentence end must be first.

        counts, firsts: how often each was seen, and where first.
        """
        lexicon = cls()
        lexicon._add(words, counts, firsts)
        return lexicon

    def scan(self, block: Block, ids: np.ndarray) -> int:
        """Count the tokens of ``block``, write their ids (int32, one per byte is enough room).

        Return the number of tokens.
        """
        written = 0
        self._table.state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):  # uint64 wraps around on purpose, if not compiled
                written += scanning.scan(block, self._table, ids[written:])
            if self._table.state[POSITION] >= block.size:
                return written
            self._grow()

    def merge(self, other: Lexicon, add: bool = True) -> np.ndarray:
        """Add the counts of another lexicon. Return our word_id by its word_id (int32).

        add: whether words new to us are added; if not, their id is -1 and their count is lost.
        """
        used = int(other._table.state[USED])
        return self._merge(other._table.records, used, len(other), add)

    def summary(self) -> tuple[np.ndarray, np.ndarray]:
        """``(counts, first positions)``, int64, by word_id."""
        counts, firsts, _ = self._summary()
        return counts, firsts

    def spell(self, word_ids: np.ndarray) -> list[bytes]:
        """The bytes of the words with these ids."""
        offsets = self._summary()[2][word_ids]
        lengths = self._table.records[offsets + 2] >> np.uint64(32)
        raw = memoryview(self._table.records).cast("B")
        starts = (offsets + HEADER) * 8
        ends = starts + lengths.astype(np.int64)
        return [
            bytes(raw[start:end]) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]

    def _summary(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        columns = tuple(np.empty(len(self), np.int64) for _ in range(3))
        scanning.summary(self._table, *columns)
        return columns

    def _add(self, words: Sequence[str], counts: Iterable[int], firsts: Iterable[int]) -> None:
        parts = []
        entries = enumerate(zip(words, counts, firsts, strict=True))
        for word_id, (word, count, first) in entries:
            spelled = to_bytes(word)
            header = struct.pack("=3Q", count, first, len(spelled) << 32 | word_id)
            parts += [header, spelled, bytes(-len(spelled) % 8)]
        parts.append(bytes(8))  # one uint64 more is read than is used
        records = np.frombuffer(bytearray().join(parts), np.uint64)
        self._merge(records, records.size - 1, len(words), add=True)

    def _merge(self, records: np.ndarray, used: int, words: int, add: bool) -> np.ndarray:
        merged_ids = np.empty(words, np.int32)
        self._table.state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):
                scanning.merge(records, used, add, self._table, merged_ids)
            if self._table.state[POSITION] >= used:
                return merged_ids
            self._grow()

    def _grow(self) -> None:
        """Make room for the record that did not fit, and for as many words again."""
        slots, records, state = self._table
        words, used, needed = (int(state[entry]) for entry in (WORDS, USED, NEEDED))
        if words >= MOST_WORDS:
            raise CorpusError(
                f"more than {MOST_WORDS:,} distinct words; is the text separated by blanks?"
            )
        if used + needed > records.size:
            larger = np.empty(max(2 * records.size, used + needed), np.uint64)
            larger[:used] = records[:used]
            self._table = self._table._replace(records=larger)
        if 2 * (words + 1) > slots.size:
            self._table = self._table._replace(slots=np.zeros(2 * slots.size, np.uint64))
            with np.errstate(over="ignore"):
                scanning.rehash(self._table)
