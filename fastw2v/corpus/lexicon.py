"""The distinct words of a text with their counts: owns the arrays that compiled code fills."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fastw2v.corpus import scanning
from fastw2v.corpus.blocks import Block
from fastw2v.corpus.scanning import HEADER, NEEDED, POSITION, STATE_SIZE, USED, WORDS
from fastw2v.errors import CorpusError
from fastw2v.vocabulary import SENTENCE_END, to_bytes

MOST_WORDS = 2**31 - 2  # ids are int32
_UNCUT = 2**40  # bytes; more than any word has


class Lexicon:
    """Words by word_id in the order they were added; word_id 0 is the sentence end.

    About 50 bytes per distinct word. Not safe for two threads at once: give each its own.
    """

    def __init__(self, slots: int = 1 << 16, records: int = 1 << 18):
        self._slots = np.zeros(slots, np.uint64)
        self._records = np.empty(records, np.uint64)
        self._state = np.zeros(STATE_SIZE, np.int64)
        self._merge(*_as_records([SENTENCE_END]), add=True)

    def __len__(self) -> int:
        return int(self._state[WORDS])

    @classmethod
    def of_words(cls, words: Sequence[str]) -> Lexicon:
        """A lexicon of ``words`` with count 0, in which the sentence end must come first."""
        lexicon = cls()
        lexicon._merge(*_as_records(words), add=True)
        return lexicon

    def scan(self, block: Block, ids: np.ndarray) -> int:
        """Count the tokens of ``block``, write their ids (int32, one per byte is enough room).

        Return the number of tokens.
        """
        most = block.longest_word or _UNCUT
        written = 0
        self._state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):  # uint64 wraps around on purpose, if not compiled
                written += scanning.scan(
                    block.text,
                    block.size,
                    block.base,
                    most,
                    block.cut_at_nul,
                    self._slots,
                    self._records,
                    self._state,
                    ids[written:],
                )
            if self._state[POSITION] >= block.size:
                return written
            self._grow()

    def merge(self, other: Lexicon, add: bool = True) -> np.ndarray:
        """Add the counts of another lexicon. Return our word_id by its word_id (int32).

        add: whether words new to us are added; if not, their id is -1 and their count is lost.
        """
        return self._merge(other._records, int(other._state[USED]), len(other), add)

    def summary(self) -> tuple[np.ndarray, np.ndarray]:
        """``(counts, first positions)``, int64, by word_id."""
        counts, firsts, _ = self._summary()
        return counts, firsts

    def spell(self, word_ids: np.ndarray) -> list[bytes]:
        """The bytes of the words with these ids."""
        offsets = self._summary()[2][word_ids]
        lengths = self._records[offsets + 2] >> np.uint64(32)
        raw = memoryview(self._records).cast("B")
        starts = (offsets + HEADER) * 8
        ends = starts + lengths.astype(np.int64)
        return [
            bytes(raw[start:end])
            for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
        ]

    def _summary(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        columns = tuple(np.empty(len(self), np.int64) for _ in range(3))
        scanning.summary(self._records, int(self._state[USED]), *columns)
        return columns

    def _merge(self, records: np.ndarray, used: int, words: int, add: bool) -> np.ndarray:
        merged_ids = np.empty(words, np.int32)
        self._state[POSITION] = 0
        while True:
            with np.errstate(over="ignore"):
                scanning.merge(
                    records, used, add, self._slots, self._records, self._state, merged_ids
                )
            if self._state[POSITION] >= used:
                return merged_ids
            self._grow()

    def _grow(self) -> None:
        """Make room for the record that did not fit, and for as many words again."""
        words, used, needed = (int(self._state[entry]) for entry in (WORDS, USED, NEEDED))
        if words >= MOST_WORDS:
            raise CorpusError(
                f"more than {MOST_WORDS:,} distinct words; is the text separated by blanks?"
            )
        if used + needed > self._records.size:
            larger = np.empty(max(2 * self._records.size, used + needed), np.uint64)
            larger[:used] = self._records[:used]
            self._records = larger
        if 2 * (words + 1) > self._slots.size:
            self._slots = np.zeros(2 * self._slots.size, np.uint64)
            with np.errstate(over="ignore"):
                scanning.rehash(self._slots, self._records, used)


def _as_records(words: Sequence[str]) -> tuple[np.ndarray, int, int]:
    """``words`` as records of count 0 with word_ids 0, 1, ...: (records, used, words)."""
    parts = []
    for word_id, word in enumerate(words):
        spelled = to_bytes(word)
        header = np.array([0, 0, len(spelled) << 32 | word_id], "<u8")
        parts += [header.tobytes(), spelled, bytes(-len(spelled) % 8)]
    parts.append(bytes(8))  # one uint64 more is read than is used
    records = np.frombuffer(b"".join(parts), np.uint64).copy()
    return records, records.size - 1, len(words)
