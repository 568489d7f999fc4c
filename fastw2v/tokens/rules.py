"""The class of every character, from `unicodedata`: the rules of `fastw2v.tokens` depend on it."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np

# The first three are parts of words; `fastw2v.tokens.kernel` relies on that.
OTHER, LETTER, LOWER, DIGIT, MARK, JOINER, IGNORED = range(7)
APOSTROPHE, HYPHEN, DOT, COMMA, STOP, WIDE_STOP, CLOSER, SPACE, NEWLINE = range(7, 16)
EMOJI, FLAG, TONE = range(16, 19)

_CATEGORIES = {
    "Lu": LETTER, "Lt": LETTER, "Lm": LETTER, "Lo": LETTER, "Ll": LOWER, "Pc": LETTER,
    "Nd": DIGIT, "Nl": DIGIT, "No": DIGIT, "Mn": MARK, "Mc": MARK, "Me": MARK,
    "Pe": CLOSER, "Pf": CLOSER, "Zs": SPACE, "Zl": NEWLINE, "Zp": NEWLINE,
}  # fmt: skip
_CHARACTERS = {
    "\n": NEWLINE,
    **dict.fromkeys("\t\v\f\r\x1c\x1d\x1e\x1f\x85", SPACE),
    **dict.fromkeys("'\u2019\uff07", APOSTROPHE),
    **dict.fromkeys("-\u2010\u2011", HYPHEN),
    ".": DOT,
    ",": COMMA,
    '"': CLOSER,
    **dict.fromkeys("!?\u2026\u203c\u2047\u2048\u2049\u061f\u06d4", STOP),
    **dict.fromkeys(
        "\u3002\uff01\uff1f\uff0e\uff61\u0964\u0965\u104a\u104b\u17d4\u17d5\u0589\u1362", WIDE_STOP
    ),
    **dict.fromkeys("\u200c\u200d", JOINER),
    **dict.fromkeys("\u00ad\u2060\ufeff\ufe0e\ufe0f", IGNORED),
}
_EMOJI = (
    range(0x2300, 0x2400),
    range(0x2600, 0x27C0),
    range(0x2B00, 0x2C00),
    range(0x1F000, 0x1FB00),
)
_FLAGS = range(0x1F1E6, 0x1F200)
_TONES = (range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))

_LAST_LETTER = 0x40000  # no character from here on is a part of words

ABBREVIATIONS = (
    "mr", "mrs", "ms", "dr", "prof", "rev", "hon", "gen", "col", "capt", "lt", "sgt", "st", "mt",
    "jr", "sr", "vs", "fig", "vol", "cf", "eds", "messrs", "mme", "mlle",
)  # fmt: skip
"""English abbreviations after which a full stop ends no sentence; at most 7 letters each."""


def class_of(character: str) -> int:
    """The class of one character."""
    code = ord(character)
    if character in _CHARACTERS:
        return _CHARACTERS[character]
    if code in _FLAGS:
        return FLAG
    if any(code in tones for tones in _TONES):
        return TONE
    category = unicodedata.category(character)
    if category == "So" and any(code in block for block in _EMOJI):
        return EMOJI
    return _CATEGORIES.get(category, OTHER)


@functools.cache
def classes() -> np.ndarray:
    """(0x110000,) uint8: the class by code point."""
    table = np.zeros(0x110000, np.uint8)
    table[:_LAST_LETTER] = [class_of(chr(code)) for code in range(_LAST_LETTER)]
    table[0xE0000:0xE0200] = [class_of(chr(code)) for code in range(0xE0000, 0xE0200)]
    return table


@functools.cache
def abbreviations() -> np.ndarray:
    """`ABBREVIATIONS` as int64, their letters being digits to the base 256."""
    return np.array([int.from_bytes(word.encode(), "big") for word in ABBREVIATIONS], np.int64)
