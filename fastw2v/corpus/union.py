"""A vocabulary with further words, whatever their counts: those of vectors that exist already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.table import Words
from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.errors import VocabularyError, parameter
from fastw2v.io.encoding import SENTENCE_END, quoted


def with_words(
    vocabulary: Vocabulary, more: Sequence[str], counts_of: Callable[[list[str]], np.ndarray]
) -> Vocabulary:
    """The vocabulary and ``more`` words with their counts in the text, 0 included.

    The order is that of every vocabulary: falling counts. Of equal counts the words of the
    vocabulary come first, then the others as given, so that words of count 0 are the last.

    counts_of: from words to their counts in the text (int64), see `counts_in`.

    Raises VocabularyError for a word that no text can have.
    """
    known = set(vocabulary.words)
    added = [word for word in dict.fromkeys(more) if word not in known]
    for word in added:
        if "\n" in word:
            raise VocabularyError(
                f"{parameter('init')}: the word {quoted(word)} contains a newline, which no word "
                "of a text can: leave it out"
            )
    words = vocabulary.words + added
    counts = np.concatenate([vocabulary.counts, counts_of(added)])
    order = rank(counts, np.arange(len(counts)), min_count=0)
    return Vocabulary([words[i] for i in order.tolist()], counts[order])


def counts_in(text: Words, words: list[str]) -> np.ndarray:
    """(n,) int64: how often each of n distinct words, without the sentence end, is in the text."""
    nothing = [0] * (1 + len(words))
    lexicon = Lexicon.of_words([SENTENCE_END, *words], nothing, nothing)
    lexicon.merge(text, add=False)
    return lexicon.words().counts[1:].copy()
