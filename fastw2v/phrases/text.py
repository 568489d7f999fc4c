"""The text between reading and writing: ids and a growing table of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.corpus import read_corpus
from fastw2v.io.encoding import to_bytes
from fastw2v.progress import Progress

C_MAX_WORD_BYTES = 58  # what the C program keeps of a word
_BLOCK = 1 << 20  # ids


@dataclass
class Text:
    """Tokens by word_id; modified in place by each pass.

    ids: (N,) int32; 0 ends a sentence.
    spellings: the bytes of the words by word_id; no two with a count above 0 are equal.
    counts: (V,) int64, number of occurrences in ``ids``; may be 0.
    """

    ids: np.ndarray
    spellings: list[bytes]
    counts: np.ndarray

    @property
    def words(self) -> int:
        """The number of tokens, excluding sentence ends."""
        return int(self.counts[1:].sum())

    @property
    def distinct_words(self) -> int:
        return int(np.count_nonzero(self.counts[1:]))


class PackedWords(NamedTuple):
    """The concatenated bytes of all words, for compiled code."""

    data: np.ndarray  # uint8
    starts: np.ndarray  # (V + 1,) int64; word i is data[starts[i]:starts[i + 1]]


def pack_words(spellings: list[bytes]) -> PackedWords:
    """All words in one array of bytes."""
    starts = np.zeros(len(spellings) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, spellings), np.int64, len(spellings)), out=starts[1:])
    return PackedWords(np.frombuffer(b"".join(spellings), np.uint8), starts)


def read_text(
    paths, exact: bool, threads: int, progress: Progress, column: str | None = None
) -> Text:
    """Read files into a `Text`. Raises CorpusError, also if there are no words."""
    corpus = read_corpus(
        paths, min_count=1, threads=threads, c_rules=exact, progress=progress, column=column
    )
    spellings = list(map(to_bytes, corpus.vocabulary.words))
    return Text(corpus.ids, spellings, corpus.vocabulary.counts.copy())


def cut_words(text: Text) -> None:
    """Cut words to the bytes that the C program keeps, and merge words that become equal."""
    too_long = [i for i, spelled in enumerate(text.spellings) if len(spelled) > C_MAX_WORD_BYTES]
    if not too_long:
        return
    known = {
        spelled: word_id
        for word_id, spelled in enumerate(text.spellings)
        if len(spelled) == C_MAX_WORD_BYTES
    }
    cut_ids = np.arange(len(text.spellings), dtype=np.int32)
    for word_id in too_long:
        spelled = text.spellings[word_id][:C_MAX_WORD_BYTES]
        cut_ids[word_id] = known.setdefault(spelled, word_id)
        text.spellings[word_id] = spelled
    for start in range(0, text.ids.size, _BLOCK):  # in blocks, to save memory
        block = text.ids[start : start + _BLOCK]
        block[:] = cut_ids[block]
    counts = np.zeros_like(text.counts)
    np.add.at(counts, cut_ids, text.counts)
    text.counts = counts


def drop_last_word(text: Text) -> None:
    """Drop a last word without separator after it, which the C program does not read."""
    if text.ids.size and text.ids[-1] != 0:
        text.counts[text.ids[-1]] -= 1
        text.ids = text.ids[:-1]
