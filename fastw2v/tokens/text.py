"""Splitting a text in memory: normalise, split (compiled), make lower case."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np

from fastw2v.tokens.options import NUMBER_WORD, NUMBERS, TokenOptions

_MOST_GROWTH = 3  # bytes written per byte read


class Split(NamedTuple):
    """What became of a text.

    text: words separated by spaces, a newline after each sentence. letters: (`SCRIPTS`,) int64, by
    script. replaced: number of places that were not UTF-8.
    """

    text: bytes
    words: int
    sentences: int
    letters: np.ndarray
    replaced: int


def tokenize(
    text: str,
    *,
    lower: bool = False,
    numbers: str = "keep",
    hyphens: str = "split",
    wrapped: bool = False,
) -> list[list[str]]:
    """Split raw text into sentences of words, which `fastw2v.train` takes as a corpus.

    The rules are those of ``fastw2v tokenize`` and are described in `fastw2v.tokens`.

    lower: make all words lower case.
    numbers: words of digits alone: "keep"; "zeros", each digit becomes 0; "word", the number
        becomes <num>; "drop", it is left out.
    hyphens: "split" words at hyphens, or "keep" them in words.
    wrapped: lines are broken at some width: only an empty line ends a sentence.

    Returns a list of sentences, none empty, each a list of str. Raises SettingsError for another
    choice, TypeError if ``text`` is no str.

    >>> fastw2v.tokenize("Dr. Smith's cat sat. It didn't move!", lower=True)
    [['dr', "smith's", 'cat', 'sat'], ['it', "didn't", 'move']]
    """
    if not isinstance(text, str):
        raise TypeError(f"text is {type(text).__name__}: give a str; decode bytes first")
    options = TokenOptions(lower, numbers, hyphens, wrapped)
    found = split_text(text.encode("utf-8", "replace"), options)
    return [line.split(" ") for line in found.text.decode().split("\n")[:-1]]


def split_text(text: bytes, options: TokenOptions) -> Split:
    """Split text that ends with a line, or is the last. What is not UTF-8 separates words."""
    from fastw2v.tokens.kernel import SENTENCES, STATE, WORDS, Rules, Tables, split
    from fastw2v.tokens.rules import abbreviations, classes
    from fastw2v.tokens.scripts import SCRIPTS, scripts

    text, replaced = _normalised(text)
    letters = np.zeros(SCRIPTS, np.int64)
    number = np.frombuffer(NUMBER_WORD.encode(), np.uint8)
    tables = Tables(classes(), scripts(), abbreviations(), number, letters)
    rules = Rules(
        options.lower, NUMBERS.index(options.numbers), options.hyphens == "keep", options.wrapped
    )
    out = np.empty(_MOST_GROWTH * len(text) + 16, np.uint8)
    state = np.zeros(STATE, np.int64)
    size = split(np.frombuffer(text, np.uint8), tables, rules, out, state)
    found = _finished(out[:size].tobytes(), options.lower)
    return Split(found, int(state[WORDS]), int(state[SENTENCES]), letters, replaced)


def _normalised(text: bytes) -> tuple[bytes, int]:
    """The text in NFC and valid UTF-8; and how many places were not UTF-8.

    A newline is composed with nothing, so that lines may be normalised one by one.
    """
    if text.isascii():
        return text, 0
    lines = text.splitlines(keepends=True)
    replaced = 0
    for number, line in enumerate(lines):
        if line.isascii():
            continue
        try:
            decoded = line.decode()
        except UnicodeDecodeError:
            decoded = line.decode("utf-8", "replace")
            replaced += decoded.count("\ufffd") - line.count(b"\xef\xbf\xbd")
        else:
            if unicodedata.is_normalized("NFC", decoded):
                continue
        lines[number] = unicodedata.normalize("NFC", decoded).encode()
    return b"".join(lines), replaced


def _finished(text: bytes, lower: bool) -> bytes:
    """The sentences in lower case, and in NFC, which what was left out may have prevented."""
    if text.isascii():
        return text
    lines = text.split(b"\n")
    for number, line in enumerate(lines):
        if not line.isascii():
            decoded = line.decode()
            if lower:
                decoded = decoded.lower()
            lines[number] = unicodedata.normalize("NFC", decoded).encode()
    return b"\n".join(lines)
