"""From counted words to a vocabulary, and from provisional ids to a corpus."""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import filterfalse
from typing import Any, NamedTuple

import numpy as np

from fastw2v.corpus.counting import Counted
from fastw2v.corpus.id_buffer import Spool
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.errors import CorpusError, VocabularyError
from fastw2v.progress import Progress

_PIECE = 1 << 22  # ids hashed at a time


@dataclass(frozen=True, eq=False)
class Corpus:
    """A text as ids, and what was read of it.

    ids: int32, (N,), contiguous, in memory or mapped from a temporary file: the word_id of every
        known word, in the order of the text; 0 marks the end of a sentence. Rare words are not
        in it.
    words_read: words of the text, rare ones included, sentence ends excluded.
    words_known: those of them in the vocabulary.
    sentences: ends of sentences in the text, and one more where words follow the last of them.
    count_seconds, encode_seconds: time taken for reading and counting, and for making ``ids``.
    """

    ids: np.ndarray
    vocabulary: Vocabulary
    words_read: int
    words_known: int
    sentences: int
    count_seconds: float
    encode_seconds: float

    @cached_property
    def fingerprint(self) -> dict[str, Any]:
        """What tells whether a text is the same: its ids' number and hash, and the words read."""
        digest = hashlib.blake2b(digest_size=16)
        for start in range(0, len(self.ids), _PIECE):
            digest.update(memoryview(self.ids[start : start + _PIECE]).cast("B"))
        return {
            "ids": len(self.ids),
            "hash": digest.hexdigest(),
            "words_read": self.words_read,
            "words_known": self.words_known,
        }


class Choice(NamedTuple):
    """Which words of a text become the vocabulary."""

    min_count: int = 5
    max_vocab: int | None = None
    given: Vocabulary | None = None  # this one and no other; the rest does not matter then


class Chosen(NamedTuple):
    """A vocabulary, and how the words of a lexicon map to it."""

    vocabulary: Vocabulary
    final_ids: np.ndarray  # int32, by the id in the lexicon; -1: not in the vocabulary
    words_read: int  # sentence ends excluded
    words_known: int
    sentence_ends: int


def choose(counted: Counted, choice: Choice, name: str, progress: Progress) -> Chosen:
    """Choose the vocabulary for a text called ``name``, whose words were ``counted``.

    Raises CorpusError where there are no words, or none is left.
    """
    lexicon = counted.lexicon
    counts, firsts = lexicon.summary()
    words_read = int(counts[1:].sum()) + counted.dropped
    if words_read == 0:
        raise CorpusError(f"{name}: there are no words in it; is it the right file?")
    if choice.given is None:
        vocabulary, final_ids = _commonest(lexicon, counts, firsts, choice)
        _warn_of_bytes(vocabulary, progress)
    else:
        vocabulary, final_ids = choice.given, _ids_in(choice.given, lexicon)
    words_known = int(counts[1:][final_ids[1:] >= 0].sum())
    if words_known == 0:
        raise CorpusError(f"{name}: {_why_none(lexicon, counts, firsts, choice)}")
    return Chosen(vocabulary, final_ids, words_read, words_known, int(counts[0]))


def make_corpus(
    chosen: Chosen, spool: Spool, final_ids: dict[int, np.ndarray], started: float, counted: float
) -> Corpus:
    """Turn the spooled ids into final ones by ``final_ids``, one map per lexicon of the spool.

    started, counted: when reading began, and when the vocabulary stood (`time.monotonic`).
    """
    open_end = spool.last_id != 0
    ids = spool.encode(final_ids, chosen.words_known + chosen.sentence_ends)
    return Corpus(
        ids=ids,
        vocabulary=chosen.vocabulary,
        words_read=chosen.words_read,
        words_known=chosen.words_known,
        sentences=chosen.sentence_ends + open_end,
        count_seconds=counted - started,
        encode_seconds=time.monotonic() - counted,
    )


def _commonest(
    lexicon: Lexicon, counts: np.ndarray, firsts: np.ndarray, choice: Choice
) -> tuple[Vocabulary, np.ndarray]:
    order = rank(counts, firsts, choice.min_count, choice.max_vocab)
    final_ids = np.full(len(lexicon), -1, np.int32)
    final_ids[order] = np.arange(len(order), dtype=np.int32)
    return Vocabulary(lexicon.spell(order), counts[order]), final_ids


def _ids_in(vocabulary: Vocabulary, lexicon: Lexicon) -> np.ndarray:
    nothing = [0] * len(vocabulary)
    known = Lexicon.of_words(vocabulary.words, nothing, nothing)
    if len(known) != len(vocabulary):
        raise VocabularyError("a word stands twice in the vocabulary; keep one of each")
    return known.merge(lexicon, add=False)


def _why_none(lexicon: Lexicon, counts: np.ndarray, firsts: np.ndarray, choice: Choice) -> str:
    read = f"read {counts[1:].sum():,} words, {len(lexicon) - 1:,} distinct"
    if choice.given is not None:
        return f"{read}, none of which is in the vocabulary given; name the one of this text"
    commonest = rank(counts, firsts, 1, 1)[1:]
    word = lexicon.spell(commonest)[0][:60]
    most = int(counts[commonest[0]])
    if most >= choice.min_count:
        return f"{read}, but at most {choice.max_vocab} may be kept; raise --max-vocab"
    return (
        f"{read}, none seen {choice.min_count:,} times; the commonest, {word!r}, was seen "
        f"{most:,} times; lower --min-count to {most:,} or less"
    )


def _warn_of_bytes(vocabulary: Vocabulary, progress: Progress) -> None:
    odd = sum(map(_is_not_utf8, filterfalse(str.isascii, vocabulary.words)))
    if odd:
        progress.message(
            f"Warning: {odd:,} of {len(vocabulary):,} words of the vocabulary are not UTF-8; "
            f"their bytes are kept as they are."
        )


def _is_not_utf8(word: str) -> bool:
    return any("\udc80" <= character <= "\udcff" for character in word)
