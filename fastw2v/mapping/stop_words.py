"""Finding stop words without a list of them, in any language: words that occur everywhere.

A stop word is frequent, and so are the words around its vector: articles, pronouns and particles
keep company with one another, but a frequent noun is near words of its subject, most of which are
rarer. Both are measured by ranks, which needs a file whose words are ordered by frequency.
"""

import numpy as np

from fastw2v.io.encoding import SENTENCE_END
from fastw2v.mapping.neighbours import nearest_among
from fastw2v.vectors.word_vectors import WordVectors

_RANKED = 3000  # first words of the file among which neighbours are searched
_NEIGHBOURS = 10
_LIMIT = (
    350.0  # geometric mean of a word's rank and its neighbours' ranks; 130 to 150 English words
)
_LIMIT_SHARE = 9  # lower for vocabularies of fewer than 3,150 words: one ninth of them


def content_words(vectors: WordVectors, rows: list[int]) -> np.ndarray:
    """(n,) bool: whether each of the words in these rows is worth a large label.

    False for the sentence end, stop words, single letters with upper and lower case, and words
    without a letter (numbers, punctuation); the last two rules do not apply if most words are such:
    items of a graph are numbers, for example.
    """
    stop = set(stop_rows(vectors))
    words = [vectors.words[row] for row in rows]
    written = np.array([_is_written(word) for word in words], bool)
    if 2 * written.sum() < len(words):
        written[:] = True
    others = zip(words, rows, strict=True)
    return written & [word != SENTENCE_END and row not in stop for word, row in others]


def _is_written(word: str) -> bool:
    is_letter = len(word) == 1 and word.lower() != word.upper()
    return any(map(str.isalpha, word)) and not is_letter


def stop_rows(vectors: WordVectors) -> list[int]:
    """The rows of stop words, increasing; vectors: in order of decreasing frequency."""
    unit = vectors.unit_rows(_RANKED)
    near, _ = nearest_among(unit, _NEIGHBOURS)
    if not near.size:
        return []
    company = np.log(near + 1).mean(axis=1)
    scores = np.exp((company + np.log(np.arange(len(unit)) + 1)) / 2)
    has_direction = unit.any(axis=1)
    return np.flatnonzero(
        has_direction & (scores < min(_LIMIT, len(vectors) / _LIMIT_SHARE))
    ).tolist()
