"""Reading distinct words from the records of a `fastw2v.corpus.table`."""

from __future__ import annotations

import numpy as np

from fastw2v.corpus.table import HEADER, Words
from fastw2v.io.encoding import to_word

_DECODE_BATCH = 1 << 13  # words decoded at once, which bounds memory


def decode(words: Words, word_ids: np.ndarray) -> list[str]:
    """The words with these ids; none may contain a newline."""
    spelled = []
    for start in range(0, len(word_ids), _DECODE_BATCH):
        lines = _lines(words, word_ids[start : start + _DECODE_BATCH])
        spelled += to_word(lines.tobytes()).split("\n")[:-1]
    return spelled


def _lines(words: Words, word_ids: np.ndarray) -> np.ndarray:
    """The bytes (uint8) of words, each followed by a newline."""
    offsets = words.offsets[word_ids]
    sizes = words.records[offsets].astype(np.int64) + 1
    ends = np.cumsum(sizes)
    starts = (offsets + HEADER) * 8
    places = np.arange(sizes.sum()) + np.repeat(starts - (ends - sizes), sizes)
    lines = words.records.view(np.uint8)[places]
    lines[ends - 1] = 10
    return lines
