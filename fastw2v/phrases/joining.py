"""Replacing pairs of words by phrases."""

from __future__ import annotations

import numpy as np

from fastw2v.corpus.lexicon import MAX_WORDS
from fastw2v.errors import CorpusError
from fastw2v.jit.compiled import compiled
from fastw2v.phrases.scoring import Phrases
from fastw2v.phrases.spellings import JOINER, join_words
from fastw2v.phrases.table import (
    VALUE,
    empty_table,
    find,
    hash_key,
    insert_all,
    pair_key,
    split_keys,
)
from fastw2v.phrases.text import Text

_FIRST, _SECOND = 1, 2  # bits: the word is first, or second, in some phrase


def phrase_spellings(text: Text, phrases: Phrases) -> list[bytes]:
    """The spellings of phrases, to be determined before joining."""
    firsts, seconds = split_keys(phrases.keys)
    return [
        join_words(text.spellings[first], text.spellings[second])
        for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True)
    ]


def join(text: Text, phrases: Phrases, spellings: list[bytes]) -> int:
    """Join the phrases of the text, in place, from left to right. Return the number of joins.

    spellings: of the phrases. A phrase becomes the word with its spelling, which is added to the
        text's table if new.

    Of overlapping phrases the first is joined. Raises CorpusError for too many distinct words.
    """
    phrase_ids = _word_ids(text, spellings)
    grown = np.zeros(len(text.spellings), np.int64)
    grown[: len(text.counts)] = text.counts
    text.counts = grown
    firsts, seconds = split_keys(phrases.keys)
    roles = np.zeros(len(text.spellings), np.uint8)
    roles[firsts] |= _FIRST
    roles[seconds] |= _SECOND
    table = empty_table(len(phrases.keys))
    with np.errstate(over="ignore"):  # uint64 overflow is intended, if not compiled
        insert_all(table, phrases.keys, phrase_ids)
        tokens, joined = _join(text.ids, table, roles, text.counts)
    text.ids = text.ids[:tokens]
    return joined


def _word_ids(text: Text, spellings: list[bytes]) -> np.ndarray:
    """The word_ids (uint64) of phrases; new spellings are added to the text's table."""
    known = {word: word_id for word_id, word in enumerate(text.spellings) if JOINER in word}
    word_ids = np.empty(len(spellings), np.uint64)
    for number, spelling in enumerate(spellings):
        word_id = known.setdefault(spelling, len(text.spellings))
        if word_id == len(text.spellings):
            text.spellings.append(spelling)
        word_ids[number] = word_id
    if len(text.spellings) > MAX_WORDS:
        raise CorpusError(
            f"more than {MAX_WORDS:,} distinct words and phrases; raise the threshold"
        )
    return word_ids


@compiled
def _join(ids, table, roles, counts):
    """``(tokens left, joins)``; the remaining tokens are moved to the start of ``ids``."""
    done = joined = 0
    previous = 0  # the last word written, unless it was just joined
    for position in range(ids.size):
        word_id = ids[position]
        phrase = 0
        # Most words are in no phrase, which two cached bytes show.
        if roles[previous] & _FIRST and roles[word_id] & _SECOND:
            key = pair_key(previous, word_id)
            phrase = np.int64(table[find(table, key, hash_key(key)), VALUE])
        if phrase != 0:
            ids[done - 1] = phrase
            counts[previous] -= 1
            counts[word_id] -= 1
            counts[phrase] += 1
            joined += 1
            previous = 0
        else:
            ids[done] = word_id
            done += 1
            previous = word_id
    return done, joined
