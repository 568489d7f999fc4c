"""Compiled splitting of raw text: UTF-8 -> words and sentences as UTF-8, by `fastw2v.tokens`.

The state between words is a small array, which is read and written once per word and separator.
Tables are borrowed and functions inlined: counting references to arrays took half of the time.
"""

from typing import NamedTuple

import numpy as np

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.tokens.rules import (
    APOSTROPHE,
    CLOSER,
    COMMA,
    DIGIT,
    DOT,
    EMOJI,
    FLAG,
    HYPHEN,
    IGNORED,
    JOINER,
    LETTER,
    LOWER,
    MARK,
    NEWLINE,
    SPACE,
    STOP,
    TONE,
    WIDE_STOP,
)

KEEP, ZEROS, WORD, DROP = range(4)  # numbers


class Tables(NamedTuple):
    """classes, scripts: (0x110000,) uint8, by code point. abbreviations: int64. number: uint8,
    the word for numbers. letters: int64, letters by script, added to."""

    classes: np.ndarray
    scripts: np.ndarray
    abbreviations: np.ndarray
    number: np.ndarray
    letters: np.ndarray


class Rules(NamedTuple):
    """`TokenOptions` for compiled code."""

    lower: bool
    numbers: int
    hyphens: bool
    wrapped: bool


# The state between words.
_PENDING = 0  # DOT or STOP: it may end the sentence
_GAP = 1  # whether a space followed it
_ABBREVIATED = 2  # whether an abbreviation preceded it
_AFTER_WORD = 3  # whether a word precedes immediately
_BLANK = 4  # whether the line has only spaces so far
_IN_SENTENCE = 5  # words of the sentence
_SHORT = 6  # whether the last word is a single letter or an abbreviation
WORDS, SENTENCES = 7, 8  # so far
STATE = 9

_SPACE_BYTE, _NEWLINE_BYTE, _ZERO = ord(" "), ord("\n"), ord("0")
_UPPER_A, _UPPER_Z, _TO_LOWER = ord("A"), ord("Z"), 32
_LOWER_A, _LOWER_I, _LOWER_Z = ord("a"), ord("i"), ord("z")
_APOSTROPHE_BYTE, _HYPHEN_BYTE = ord("'"), ord("-")
_ZERO_WIDTH_JOINER = 0x200D
_LONGEST_ABBREVIATION = 7


@compiled
def split(data, tables, rules, out, state):
    """Split text that ends with a line.

    data: uint8, valid UTF-8. out: uint8, with room for three times as many bytes and some more.
    state: (`STATE`,) int64, zeros at first; `WORDS` and `SENTENCES` are counted there.

    Return the number of bytes written.
    """
    tables = borrow(tables)
    at, to = 0, 0
    state[_BLANK] = 1
    while at < data.size:
        code, size = _character(data, at)
        kind = tables.classes[code]
        if LETTER <= kind <= DIGIT:
            to = _end_if_pending(kind, out, to, state)
            at, to = _add_word(data, at, tables, rules, out, to, state)
        elif kind in (EMOJI, FLAG):
            to = _space(out, _end_if_pending(kind, out, to, state), state)
            at, to = _emoji(data, at, tables.classes, out, to)
            state[_AFTER_WORD] = 0
        else:
            to = _between(kind, rules.wrapped, out, to, state)
            at += size
    return _end_sentence(out, to, state)


@compiled(inline=True)
def _character(data, at):
    """The character at ``at`` and its bytes."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 31) << 6 | (data[at + 1] & 63), 2
    if first < 0xF0:
        code = (first & 15) << 12 | np.int64(data[at + 1] & 63) << 6 | np.int64(data[at + 2] & 63)
        return code, 3
    code = (first & 7) << 18 | np.int64(data[at + 1] & 63) << 12
    return code | np.int64(data[at + 2] & 63) << 6 | np.int64(data[at + 3] & 63), 4


@compiled(inline=True)
def _class_at(data, at, classes):
    """The class of the character at ``at``; NEWLINE at the end."""
    if at >= data.size:
        return NEWLINE
    code, _ = _character(data, at)
    return np.int64(classes[code])


@compiled(inline=True)
def _end_sentence(out, to, state):
    state[_PENDING] = state[_GAP] = 0
    if state[_IN_SENTENCE] == 0:
        return to
    state[_IN_SENTENCE] = 0
    state[SENTENCES] += 1
    out[to] = _NEWLINE_BYTE
    return to + 1


@compiled(inline=True)
def _end_if_pending(kind, out, to, state):
    """End the sentence if what precedes this word, whose first character is of a class, does."""
    state[_BLANK] = 0
    ends = state[_PENDING] != 0 and state[_GAP] != 0
    if state[_PENDING] == DOT and (kind == LOWER or state[_ABBREVIATED]):
        ends = False
    state[_PENDING] = state[_GAP] = 0
    return _end_sentence(out, to, state) if ends else to


@compiled(inline=True)
def _space(out, to, state):
    """Count a word, and separate it from the one before."""
    state[WORDS] += 1
    state[_IN_SENTENCE] += 1
    if state[_IN_SENTENCE] == 1:
        return to
    out[to] = _SPACE_BYTE
    return to + 1


@compiled(inline=True)
def _between(kind, wrapped, out, to, state):
    """Take a character that belongs to no word."""
    if kind == NEWLINE:
        if not wrapped or state[_BLANK]:
            to = _end_sentence(out, to, state)
        state[_BLANK] = 1
    if kind in (NEWLINE, SPACE):
        state[_GAP] = state[_PENDING] != 0
    else:
        state[_BLANK] = 0
    if kind == WIDE_STOP:
        to = _end_sentence(out, to, state)
    elif kind in (DOT, STOP):
        is_dot = kind == DOT and (state[_PENDING] != STOP or state[_GAP] != 0)
        state[_PENDING], state[_GAP] = DOT if is_dot else STOP, 0
        state[_ABBREVIATED] = state[_AFTER_WORD] != 0 and state[_SHORT] != 0
    elif not state[_GAP] and not _closes(kind):
        state[_PENDING] = 0
    state[_AFTER_WORD] = 0
    return to


@compiled(inline=True)
def _closes(kind):
    """Whether a character may stand between a full stop and the space after it."""
    return kind in (CLOSER, APOSTROPHE, MARK, JOINER, IGNORED, TONE)


@compiled(inline=True)
def _add_word(data, at, tables, rules, out, before, state):
    """Write the word at ``at``; return the places after it in both arrays."""
    start = _space(out, before, state)
    at, to, letters, digits = _word(data, at, tables, rules, out, start)
    tables.letters[0] += letters
    if letters == 0:
        if rules.numbers == DROP:
            state[WORDS] -= 1
            state[_IN_SENTENCE] -= 1
            to = before
        elif rules.numbers == WORD:
            to = start
            for letter in range(tables.number.size):  # a slice takes 3 s more to compile
                out[to] = tables.number[letter]
                to += 1
        elif rules.numbers == ZEROS:
            to = _zeros(out, start, to, tables.classes)
    state[_AFTER_WORD] = 1
    state[_SHORT] = letters > 0 and _is_short(out, start, to, letters + digits, tables)
    return at, to


@compiled(inline=True)
def _word(data, at, tables, rules, out, to):
    """Copy a word; return the places after it in both arrays, and its letters and digits."""
    letters, digits = 0, 0
    last = NEWLINE
    while at < data.size:
        if _is_ascii_letter(data[at]):  # most characters of most texts, in fewer steps
            last = np.int64(tables.classes[data[at]])
            letters += 1
            out[to] = data[at] | _TO_LOWER if rules.lower else data[at]
            at, to = at + 1, to + 1
            continue
        code, size = _character(data, at)
        kind = np.int64(tables.classes[code])
        if LETTER <= kind <= DIGIT:
            last = kind
            letters += kind != DIGIT
            digits += kind == DIGIT
        elif kind not in (MARK, JOINER, IGNORED):
            inner = _inner(kind, last, _class_at(data, at + size, tables.classes), rules.hyphens)
            if not inner:
                break
            kind, last = IGNORED, kind
            out[to] = inner
            to += 1
        if kind != IGNORED:
            to = _copy(data, at, size, rules.lower, out, to)
        if size > 1:
            script = tables.scripts[code]
            tables.letters[script] += script != 0
            letters_of_others = script != 0 and kind <= LOWER
            tables.letters[0] -= letters_of_others
        at += size
    return at, to, letters, digits


@compiled(inline=True)
def _is_ascii_letter(byte):
    return _LOWER_A <= (byte | _TO_LOWER) <= _LOWER_Z


@compiled(inline=True)
def _copy(data, at, size, lower, out, to):
    """Copy a character, in lower case if it is ASCII."""
    first = data[at]
    if lower and _UPPER_A <= first <= _UPPER_Z:
        first += _TO_LOWER
    out[to] = first
    for place in range(1, size):
        out[to + place] = data[at + place]
    return to + size


@compiled(inline=True)
def _inner(kind, last, following, hyphens):
    """What to write for a character within a word; 0 if it ends the word."""
    if kind == APOSTROPHE and LETTER <= last <= LOWER:
        return _APOSTROPHE_BYTE if LETTER <= following <= LOWER else 0
    if kind == DOT and last == DIGIT:
        return ord(".") if following == DIGIT else 0
    if kind == COMMA and last == DIGIT:
        return ord(",") if following == DIGIT else 0
    if kind == HYPHEN and hyphens and last <= DIGIT:
        return _HYPHEN_BYTE if LETTER <= following <= DIGIT else 0
    return 0


@compiled
def _zeros(out, start, stop, classes):
    """Replace each digit of a number by 0; return its new end."""
    at = to = start
    while at < stop:
        code, size = _character(out, at)
        if classes[code] == DIGIT:
            out[to] = _ZERO
            to += 1
        else:
            for place in range(size):
                out[to + place] = out[at + place]
            to += size
        at += size
    return to


@compiled(inline=True)
def _is_short(out, start, stop, characters, tables):
    """Whether a full stop after a word is likely to be a part of it."""
    if characters == 1:
        return out[start] | _TO_LOWER != _LOWER_I
    if stop - start > _LONGEST_ABBREVIATION:
        return False
    packed = 0
    for place in range(start, stop):
        packed = packed << 8 | np.int64(out[place] | _TO_LOWER)
    known = False
    for abbreviation in tables.abbreviations:
        known |= abbreviation == packed
    return known


@compiled
def _emoji(data, at, classes, out, to):
    """Copy an emoji; return the places after it in both arrays."""
    kind = _class_at(data, at, classes)
    flag = kind == FLAG
    while kind in (EMOJI, FLAG, TONE, MARK, JOINER, IGNORED):
        code, size = _character(data, at)
        if kind != IGNORED:
            to = _copy(data, at, size, False, out, to)
        at += size
        following = _class_at(data, at, classes)
        if flag:
            flag = False
            if following != FLAG:
                break
        elif following in (EMOJI, FLAG):
            if not (following == EMOJI and code == _ZERO_WIDTH_JOINER):
                break
        elif following == JOINER and not _joins(data, at, classes):
            break
        kind = following
    return at, to


@compiled
def _joins(data, at, classes):
    """Whether the joiner at ``at`` joins two emoji."""
    code, size = _character(data, at)
    return code == _ZERO_WIDTH_JOINER and _class_at(data, at + size, classes) == EMOJI
