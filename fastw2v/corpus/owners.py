"""Counts of words over all ranks: each word is counted by its owner, the rank its hash says.

No rank has the distinct words of the whole text: a rank has those of its own text, those it owns,
and those that are frequent enough for the vocabulary, which all get. Counts are exact. The order of
first occurrence is that of the whole text: ranks read it one after the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastw2v.corpus.build import VocabularyRules
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.table import HEADER, SLACK, Words, hash_of, key_of
from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.corpus.words import decode
from fastw2v.io.encoding import SENTENCE_END
from fastw2v.jit.compiled import compiled
from fastw2v.ranks.protocol import Ranks

_U = np.uint64
_3, _29, _32 = map(_U, (3, 29, 32))
_HEADER = _U(HEADER)
# Not the multiplier of the table: words of one owner must not be close together in its table.
_MULTIPLIER = _U(0xFF51AFD7ED558CCD)
_RANK_BITS = 32  # of a first position: a rank has fewer distinct words than this
_COUNT, _FIRST, _RECORD = range(3)  # columns of what is sent with the records


class CommonWords(NamedTuple):
    """What all ranks know of the whole text.

    vocabulary: the most frequent words, by the rules. words_read, distinct: of all ranks, without
    sentence ends. top: the most frequent word and its count, None if there are no words.
    """

    vocabulary: Vocabulary
    words_read: int
    distinct: int
    top: tuple[str, int] | None


def common_words(ranks: Ranks, words: Words, dropped: int, rules: VocabularyRules) -> CommonWords:
    """The vocabulary of the text of all ranks, the same on all of them.

    words: the distinct words of this rank's text. dropped: tokens of it that are not among them.
    """
    own = _owned(ranks, words).words()
    kept = rank(own.counts, own.firsts, rules.min_count, rules.max_vocab)[1:]
    selected = _joined(ranks.allgather(_numbers(own, kept)), ranks.allgather(_records(own, kept)))
    first = rank(own.counts, own.firsts, 1, 1)[1:]
    found = [
        [-int(own.counts[each]), int(own.firsts[each]), decode(own, first)[0]] for each in first
    ]
    tops = [each for of_rank in ranks.allgather_json(found) for each in of_rank]
    sums = np.array([words.counts[0], words.counts[1:].sum() + dropped, len(own.counts) - 1])
    ends, read, distinct = ranks.allreduce(sums).tolist()
    # `rank` keeps index 0, the sentence end: it comes before the selected words.
    counts = np.concatenate([[ends], selected.counts])
    order = rank(counts, np.concatenate([[0], selected.firsts]), rules.min_count, rules.max_vocab)
    spelled = [SENTENCE_END, *decode(selected, order[1:] - 1)]
    top = (min(tops)[2], -min(tops)[0]) if tops else None
    return CommonWords(Vocabulary(spelled, counts[order]), read, distinct, top)


def _owned(ranks: Ranks, words: Words) -> Lexicon:
    """The words that this rank owns, with their counts in the whole text, and first positions."""
    firsts = np.empty(len(words.counts), np.int64)
    firsts[np.argsort(words.firsts, kind="stable")] = np.arange(len(firsts))
    words = words._replace(firsts=firsts + (ranks.rank << _RANK_BITS))
    owners = np.empty(len(firsts), np.int32)
    with np.errstate(over="ignore"):  # uint64 wraps around on purpose, if not compiled
        _find_owners(words, ranks.size, owners)
    owners[0] = -1  # the sentence end, which all count
    of_each = [np.flatnonzero(owners == owner) for owner in range(ranks.size)]
    numbers = ranks.alltoallv([_numbers(words, each) for each in of_each])
    records = ranks.alltoallv([_records(words, each) for each in of_each])
    lexicon = Lexicon()
    for sender in range(ranks.size):
        lexicon.merge(_joined([numbers[sender]], [records[sender]]))
    return lexicon


@compiled
def _find_owners(words, size, owners):
    """Write the owner of each word, of ``size`` ranks, to ``owners`` (int32)."""
    first_record = _U(words.records.ctypes.data)
    for word_id in range(words.counts.size):
        offset = _U(words.offsets[word_id])
        length = words.records[offset]
        low, high = key_of(first_record + ((offset + _HEADER) << _3), length)
        value = hash_of(low, high, length)
        value = (value ^ (value >> _29)) * _MULTIPLIER
        owners[word_id] = np.int32((value >> _32) % _U(size))


def _numbers(words: Words, word_ids: np.ndarray) -> np.ndarray:
    """(n, 3) int64: count, first position, and uint64 of the record, of some words."""
    sizes = _record_sizes(words, word_ids)
    return np.column_stack([words.counts[word_ids], words.firsts[word_ids], sizes])


def _record_sizes(words: Words, word_ids: np.ndarray) -> np.ndarray:
    lengths = words.records[words.offsets[word_ids]].astype(np.int64)
    return HEADER + (lengths + 7) // 8


def _records(words: Words, word_ids: np.ndarray) -> np.ndarray:
    """(m,) uint64: the records of some words, one after the other."""
    sizes = _record_sizes(words, word_ids)
    ends = np.cumsum(sizes)
    places = np.arange(sizes.sum()) + np.repeat(words.offsets[word_ids] - (ends - sizes), sizes)
    return words.records[places]


def _joined(numbers: list[np.ndarray], records: list[np.ndarray]) -> Words:
    """Words of what `_numbers` and `_records` return, of one or more ranks."""
    table = np.concatenate(numbers)
    ends = np.cumsum(table[:, _RECORD])
    return Words(
        np.concatenate([*records, np.zeros(SLACK, np.uint64)]),
        ends - table[:, _RECORD],
        np.ascontiguousarray(table[:, _COUNT]),
        np.ascontiguousarray(table[:, _FIRST]),
    )
