"""Scripts without spaces between words: found in a text, and what to segment them with."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import numpy as np

HAN, KANA, THAI, LAO, KHMER, BURMESE = range(1, 7)
SCRIPTS = 7  # with 0, all others

_RANGES = (
    (HAN, 0x3400, 0x4DC0), (HAN, 0x4E00, 0xA000), (HAN, 0xF900, 0xFB00), (HAN, 0x20000, 0x32400),
    (KANA, 0x3040, 0x3100), (KANA, 0x31F0, 0x3200), (KANA, 0xFF66, 0xFF9E),
    (THAI, 0x0E00, 0x0E80), (LAO, 0x0E80, 0x0F00),
    (KHMER, 0x1780, 0x1800), (BURMESE, 0x1000, 0x10A0), (BURMESE, 0xA9E0, 0xAA00),
    (BURMESE, 0xAA60, 0xAA80),
)  # fmt: skip
_SEGMENTERS = {
    "Chinese": "jieba or pkuseg",
    "Japanese": "fugashi (MeCab) or SudachiPy",
    "Thai": "PyThaiNLP",
    "Lao": "LaoNLP",
    "Khmer": "khmer-nltk",
    "Burmese": "pyidaungsu or myWord",
}
_LEAST_SHARE = 0.1  # of the letters
_LEAST_KANA = 0.05  # of Chinese characters and kana in Japanese


@functools.cache
def scripts() -> np.ndarray:
    """(0x110000,) uint8: the script by code point; 0 for those with spaces between words."""
    table = np.zeros(0x110000, np.uint8)
    for script, start, stop in _RANGES:
        table[start:stop] = script
    return table


def advice(letters: Sequence[int]) -> str | None:
    """One line that names the segmenters that a text needs, or None if it needs none.

    letters: the number of letters of each script.
    """
    total = sum(letters)
    east_asian = letters[HAN] + letters[KANA]
    name = "Japanese" if letters[KANA] > _LEAST_KANA * east_asian else "Chinese"
    found = {
        name: east_asian,
        "Thai": letters[THAI],
        "Lao": letters[LAO],
        "Khmer": letters[KHMER],
        "Burmese": letters[BURMESE],
    }
    needed = [each for each, count in found.items() if count and count >= _LEAST_SHARE * total]
    if not needed:
        return None
    share = sum(found[each] for each in needed) / total
    return (
        f"Warning: {share:.0%} of the letters are {' and '.join(needed)}, written without spaces "
        f"between words: whole phrases become one word. Segment the text first: "
        + "; ".join(f"for {each} with {_SEGMENTERS[each]}" for each in needed)
    )
