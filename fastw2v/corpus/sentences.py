"""Token lists in Python -> corpus."""

from __future__ import annotations

import time
from array import array
from collections.abc import Iterable, Sequence

import numpy as np

from fastw2v.corpus.build import Corpus, VocabularyRules, make_corpus, select_vocabulary
from fastw2v.corpus.id_buffer import IdBuffer
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.merging import WordCounts
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import CorpusError
from fastw2v.io.encoding import SENTENCE_END, to_bytes, word_of
from fastw2v.progress import SILENT, Progress

_BATCH = 1 << 18  # tokens
_NAME = "the sentences given"


def read_sentences(
    sentences: Iterable[Iterable[str | bytes | int]],
    *,
    min_count: int = 5,
    max_vocab: int | None = None,
    vocabulary: Vocabulary | None = None,
    also: Sequence[str] = (),
    progress: Progress = SILENT,
) -> Corpus:
    """Encode token lists as ids; every list is a sentence. ``sentences`` is iterated once.

    Tokens are str, bytes, or integers, which become decimal digits. They are used unchanged,
    including spaces. The token ``</s>`` is a sentence end. The other arguments are those of
    `fastw2v.corpus.read_corpus`.

    Raises CorpusError, with the number of the sentence from 1, if it is not a list of tokens, or a
    token is empty, contains a newline or is of another type.
    """
    started = time.monotonic()
    if isinstance(sentences, (str, bytes)):
        raise CorpusError(
            "sentences must be lists of tokens, not a string; use read_corpus for a file"
        )
    id_buffer = IdBuffer()
    known = _Known()
    counts = np.zeros(1, np.int64)
    batch = array("i")
    for sentence in sentences:
        batch.extend(known.ids_of(sentence))
        batch.append(0)
        if len(batch) >= _BATCH:
            counts = _append_batch(batch, len(known), counts, id_buffer)
            batch = array("i")
    counts = _append_batch(batch, len(known), counts, id_buffer)
    lexicon = Lexicon.of_words(list(known), counts.tolist(), range(len(known)))
    counted = WordCounts(lexicon.words(), {0: np.arange(len(known), dtype=np.int32)}, 0, 0)
    selected = select_vocabulary(
        counted, VocabularyRules(min_count, max_vocab, vocabulary, also), _NAME, progress
    )
    return make_corpus(selected, id_buffer, {0: selected.final_ids}, started, time.monotonic())


class _Known(dict):
    """Provisional id by word; a new word gets the next id."""

    def __init__(self):
        super().__init__({SENTENCE_END: 0})
        self._sentence = 0

    def ids_of(self, sentence: Iterable[str | bytes | int]) -> list[int]:
        """Provisional ids of the tokens of the next sentence."""
        self._sentence += 1
        if isinstance(sentence, (str, bytes)):
            raise self._error(
                f"expected a list of tokens, not the string {sentence[:20]!r}; split it first"
            )
        try:
            tokens = iter(sentence)
        except TypeError:
            raise self._error(
                f"expected a list of tokens, not {sentence!r:.60}; give lists of str, bytes or int"
            ) from None
        return [self[token if type(token) is str else self._word(token)] for token in tokens]

    def __missing__(self, word: str) -> int:
        if not word:
            raise self._error("a token is empty; remove empty tokens")
        if "\n" in word:
            raise self._error(f"a newline in the token {word!r:.60}; remove such tokens")
        try:
            to_bytes(word)
        except UnicodeEncodeError:
            raise self._error(f"the token {word!r:.60} is not valid Unicode; replace it") from None
        word_id = len(self)
        self[word] = word_id
        return word_id

    def _word(self, token) -> str:
        word = word_of(token)
        if word is None:
            raise self._error(f"a token must be str, bytes or int, not {token!r:.60}")
        return word

    def _error(self, message: str) -> CorpusError:
        return CorpusError(f"sentence {self._sentence:,}: {message}")


def _append_batch(batch: array, words: int, counts: np.ndarray, id_buffer: IdBuffer) -> np.ndarray:
    """Append the ids to the buffer; return ``counts`` (int64, by id) with theirs added."""
    ids = np.frombuffer(batch, np.int32) if batch else np.empty(0, np.int32)
    id_buffer.append(0, ids)
    sums = np.bincount(ids, minlength=words)
    sums[: len(counts)] += counts
    return sums
