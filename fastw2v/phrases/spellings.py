"""Counts by spelling: words and pairs with the same spelling share their counts.

The word ``new_york`` has the spelling of the joined pair ``new york``; ``a_b c`` and ``a b_c`` have
the same one, too. This requires words with ``_``, of which there are many from the second pass on.
All spellings are hashed without building them; only those with equal hashes are compared as bytes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.phrases.counting import Pairs
from fastw2v.phrases.table import split_keys
from fastw2v.phrases.text import PackedWords, Text, pack_words

JOINER = b"_"
C_MAX_PAIR_BYTES = 59  # what the C program keeps of a joined pair
UNCUT = 1 << 40  # longer than any pair
_U = np.uint64
_0, _1, _32, _LOW_32 = _U(0), _U(1), _U(32), _U(0xFFFFFFFF)
_BASE = _U(0x9E3779B97F4A7C15)
_UNDERSCORE = _U(JOINER[0])


class SpellingCounts(NamedTuple):
    """Counts of spellings."""

    words: np.ndarray  # (V,) int64, count of the spelling of each word, as word or as pair
    pairs: np.ndarray  # (P,) int64, the same for pairs
    new: np.ndarray  # (P,) bool, whether no word and no earlier pair has the same spelling


def join_words(first: bytes, second: bytes) -> bytes:
    """The spelling of a phrase of two words."""
    return first + JOINER + second


def merge_counts(text: Text, pairs: Pairs, longest: int = UNCUT) -> SpellingCounts:
    """Add up the counts of equal spellings.

    longest: pairs are compared by their first ``longest`` bytes only.
    """
    totals = SpellingCounts(text.counts.copy(), pairs.counts.copy(), np.ones(len(pairs.keys), bool))
    packed = pack_words(text.spellings)
    if longest == UNCUT and not np.any(packed.data == JOINER[0]):
        return totals
    present = np.flatnonzero(text.counts)
    for members in _same_spelling(text, present, pairs, packed, longest):
        # Words come before pairs, and no two words have the same spelling.
        word_ids = [present[member] for member in members if member < len(present)]
        places = [member - len(present) for member in members if member >= len(present)]
        total = text.counts[word_ids].sum() + pairs.counts[places].sum()
        totals.words[word_ids] = total
        totals.pairs[places] = total
        totals.new[places if word_ids else places[1:]] = False
    return totals


def _same_spelling(
    text: Text, present: np.ndarray, pairs: Pairs, packed: PackedWords, longest: int
) -> list[list[int]]:
    """Groups of two or more words and pairs with the same spelling.

    Members are identified by number: the words of ``present`` first, then the pairs.
    """
    hashes = np.concatenate(_hashes(present, pairs.keys, packed, longest))
    ordered = np.sort(hashes)
    repeated = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    if not repeated.size:
        return []
    places = np.searchsorted(repeated, hashes)
    places[places == repeated.size] = 0
    suspects = np.flatnonzero(repeated[places] == hashes).tolist()
    firsts, seconds = split_keys(pairs.keys)
    members: dict[bytes, list[int]] = {}
    for suspect in suspects:
        if suspect < len(present):
            spelling = text.spellings[present[suspect]]
        else:
            pair = suspect - len(present)
            first, second = text.spellings[firsts[pair]], text.spellings[seconds[pair]]
            spelling = join_words(first, second)[:longest]
        members.setdefault(spelling, []).append(suspect)
    return [numbers for numbers in members.values() if len(numbers) > 1]


def _hashes(
    present: np.ndarray, keys: np.ndarray, packed: PackedWords, longest: int
) -> tuple[np.ndarray, np.ndarray]:
    """``(of the words of present, of the pairs)``, uint64."""
    words = len(packed.starts) - 1
    hashes, powers = np.empty(words, np.uint64), np.empty(words, np.uint64)
    of_pairs = np.empty(len(keys), np.uint64)
    with np.errstate(over="ignore"):  # uint64 overflow is intended, if not compiled
        _hash_words(packed, hashes, powers)
        _hash_pairs(keys, packed, hashes, powers, longest, of_pairs)
    return hashes[present], of_pairs


@compiled
def _hash_words(packed, hashes, powers):
    """Hash every word: its bytes are the digits of a number, modulo 2^64.

    powers: the base to the power of the number of digits.
    """
    data, starts = packed
    for word_id in range(hashes.size):
        value, power = _0, _1
        for place in range(starts[word_id], starts[word_id + 1]):
            value = value * _BASE + _U(data[place])
            power *= _BASE
        hashes[word_id] = value
        powers[word_id] = power


@compiled
def _hash_pairs(keys, packed, hashes, powers, longest, out):
    """Hash the spellings of pairs, from the hashes of their words unless they are cut."""
    data, starts = packed
    for pair in range(keys.size):
        first, second = np.int64(keys[pair] >> _32), np.int64(keys[pair] & _LOW_32)
        value = hashes[first] * _BASE + _UNDERSCORE
        left = longest - (starts[first + 1] - starts[first]) - 1
        if left >= starts[second + 1] - starts[second]:
            value = value * powers[second] + hashes[second]
        else:
            for place in range(starts[second], starts[second] + left):
                value = value * _BASE + _U(data[place])
        out[pair] = value
