"""From counted words to a vocabulary, and from provisional ids to a corpus."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import filterfalse
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.merging import WordCounts
from fastw2v.corpus.table import Words
from fastw2v.corpus.union import counts_in, with_words
from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.corpus.words import decode
from fastw2v.errors import CorpusError, VocabularyError, parameter
from fastw2v.progress import Progress

PIECE = 1 << 22
"""Ids that are hashed at once: the hash of a text is that of the hashes of its pieces, so that
several processes can share the work."""
HASH_BYTES = 16


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text as ids, its vocabulary, and counts of what was read.

    ids: (N,) int32, contiguous, in memory or mapped from a temporary file: the word_id of every
        word of the vocabulary in the order of the text; 0 ends a sentence. Words outside the
        vocabulary are left out.
    words_read: words of the text, including rare ones, excluding sentence ends.
    words_known: those of them in the vocabulary.
    sentences: number of sentences; a last one may lack its newline.
    count_seconds, encode_seconds: time for reading and counting, and for encoding ``ids``.
    """

    ids: np.ndarray
    vocabulary: Vocabulary
    words_read: int
    words_known: int
    sentences: int
    count_seconds: float
    encode_seconds: float

    @property
    def all_ids(self) -> int:
        """Ids of the whole text: of all processes, if each has a part."""
        return len(self.ids)

    @cached_property
    def fingerprint(self) -> dict[str, Any]:
        """Identifies the text: number and hash of the ids, and the numbers of words."""
        return {
            "ids": self.all_ids,
            "hash": self._hash(),
            "words_read": self.words_read,
            "words_known": self.words_known,
        }

    def _hash(self) -> str:
        return hash_of_hashes(hashes_of(self.ids))


def hashes_of(ids: np.ndarray) -> list[bytes]:
    """The hashes of a text's pieces. ids: (N,) int32."""
    pieces = (ids[start : start + PIECE] for start in range(0, len(ids), PIECE))
    return [
        hashlib.blake2b(memoryview(piece).cast("B"), digest_size=HASH_BYTES).digest()
        for piece in pieces
    ]


def hash_of_hashes(hashes: Iterable[bytes]) -> str:
    """The hash of a text from those of its pieces."""
    return hashlib.blake2b(b"".join(hashes), digest_size=HASH_BYTES).hexdigest()


class VocabularyRules(NamedTuple):
    """Which words of a text form the vocabulary."""

    min_count: int = 5
    max_vocab: int | None = None
    given: Vocabulary | None = None  # use this one and ignore the two rules above
    also: Sequence[str] = ()  # further words, whatever their counts


class SelectedVocabulary(NamedTuple):
    """A vocabulary, and the map from a lexicon to it."""

    vocabulary: Vocabulary
    final_ids: np.ndarray  # int32, by id in the lexicon; -1: not in the vocabulary
    words_read: int  # sentence ends excluded
    words_known: int
    sentence_ends: int


def select_vocabulary(
    counted: WordCounts, rules: VocabularyRules, name: str, progress: Progress
) -> SelectedVocabulary:
    """The vocabulary of a text called ``name``, with the word counts ``counted``, by ``rules``.

    Raises CorpusError if the text has no words, or none of them is selected.
    """
    words, counts = counted.words, counted.words.counts
    words_read = int(counts[1:].sum()) + counted.dropped
    if words_read == 0:
        raise CorpusError(f"{name}: no words in it; check that it is the right file")
    if rules.given is None:
        vocabulary, final_ids = _most_frequent(words, rules)
        warn_of_bytes(vocabulary, progress)
    else:
        vocabulary, final_ids = rules.given, ids_in(rules.given, words)
    if rules.also:
        vocabulary = with_words(vocabulary, rules.also, partial(counts_in, words))
        final_ids = ids_in(vocabulary, words)
    words_known = int(counts[1:][final_ids[1:] >= 0].sum())
    if words_known == 0:
        raise CorpusError(f"{name}: {_why_none_of(words, rules)}")
    return SelectedVocabulary(vocabulary, final_ids, words_read, words_known, int(counts[0]))


def make_corpus(
    selected: SelectedVocabulary,
    id_buffer: IdBuffer,
    final_ids: dict[int, np.ndarray],
    started: float,
    counted: float,
) -> Corpus:
    """Turn the provisional ids into final ones by ``final_ids``, one map per lexicon of the buffer.

    started, counted: `time.monotonic` when reading began, and when the vocabulary was ready.
    """
    open_end = id_buffer.last_id != 0
    ids = id_buffer.encode(final_ids, selected.words_known + selected.sentence_ends)
    return Corpus(
        ids=ids,
        vocabulary=selected.vocabulary,
        words_read=selected.words_read,
        words_known=selected.words_known,
        sentences=selected.sentence_ends + open_end,
        count_seconds=counted - started,
        encode_seconds=time.monotonic() - counted,
    )


def _most_frequent(words: Words, rules: VocabularyRules) -> tuple[Vocabulary, np.ndarray]:
    order = rank(words.counts, words.firsts, rules.min_count, rules.max_vocab)
    final_ids = np.full(len(words.counts), -1, np.int32)
    final_ids[order] = np.arange(len(order), dtype=np.int32)
    return Vocabulary(decode(words, order), words.counts[order]), final_ids


def ids_in(vocabulary: Vocabulary, words: Words) -> np.ndarray:
    """By place in ``words``, the word_id in the vocabulary (int32); -1: not in it."""
    nothing = [0] * len(vocabulary)
    known = Lexicon.of_words(vocabulary.words, nothing, nothing)
    if len(known) != len(vocabulary):
        raise VocabularyError("the vocabulary has a word twice; remove duplicates")
    return known.merge(words, add=False)


def _why_none_of(words: Words, rules: VocabularyRules) -> str:
    counts = words.counts
    most_frequent = rank(counts, words.firsts, 1, 1)[1:]
    word, most = decode(words, most_frequent)[0], int(counts[most_frequent[0]])
    return why_none(int(counts[1:].sum()), len(counts) - 1, (word, most), rules)


def why_none(read: int, distinct: int, top: tuple[str, int], rules: VocabularyRules) -> str:
    """Why no word is selected of a text of ``read`` words, so many ``distinct``.

    top: the most frequent word, and its count.
    """
    read_words = f"read {read:,} words, {distinct:,} distinct"
    if rules.given is not None:
        return (
            f"{read_words}, none of which is in the given vocabulary; use the vocabulary of this "
            f"text"
        )
    word, most = top
    if most >= rules.min_count:
        return (
            f"{read_words}, but only {rules.max_vocab} words may be kept; "
            f"raise {parameter('max_vocab')}"
        )
    return (
        f"{read_words}, none occurs {rules.min_count:,} times; the most frequent, {word[:60]!r}, "
        f"occurs {most:,} times; lower {parameter('min_count')} to {most:,} or less"
    )


def warn_of_bytes(vocabulary: Vocabulary, progress: Progress) -> None:
    """Report how many words are not UTF-8."""
    odd = sum(map(_is_not_utf8, filterfalse(str.isascii, vocabulary.words)))
    if odd:
        progress.message(
            f"Warning: {odd:,} of {len(vocabulary):,} words of the vocabulary are not UTF-8; "
            f"their bytes are kept unchanged."
        )


def _is_not_utf8(word: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in word)
