"""The same vectors here and in gensim."""

import warnings

import numpy as np
import pytest

from fastw2v.vectors.word_vectors import WordVectors

NEAR = 1e-5  # gensim's cosines are float32


def gensim_class():
    """``KeyedVectors``; skips the test if gensim is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its dependencies are not ours
        return pytest.importorskip("gensim.models").KeyedVectors


def some_vectors(rows: int = 520, dimensions: int = 17) -> WordVectors:
    """Words with counts; their vectors lean to one side, as trained ones do, with all lengths."""
    chance = np.random.default_rng(8)
    matrix = chance.normal(size=(rows, dimensions)) + chance.normal(size=dimensions)
    matrix *= chance.uniform(0.1, 9, size=(rows, 1))
    words = ["</s>", "naïve", "New", "東京", *(f"word{row}" for row in range(4, rows))]
    return WordVectors(words, matrix, counts=chance.integers(1, 60, rows))


def in_gensim(ours: WordVectors):
    """A new ``KeyedVectors`` of the same words, vectors and counts."""
    theirs = gensim_class()(ours.vector_size)
    theirs.add_vectors(list(ours.words), np.array(ours.matrix[:]))
    for word, count in zip(ours.words, [] if ours.counts is None else ours.counts, strict=False):
        theirs.set_vecattr(word, "count", int(count))
    return theirs


def same(found, expected) -> None:
    """The same values, of words exactly, of numbers as near as gensim's rounding lets them be."""
    if isinstance(expected, (list, tuple)) and any(map(_has_words, expected)):
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            same(one, other)
    elif isinstance(expected, (str, dict)) or expected is None:
        assert found == expected
    else:
        assert np.shape(found) == np.shape(expected)
        assert np.asarray(found) == pytest.approx(np.asarray(expected), abs=NEAR, rel=NEAR)


def _has_words(value) -> bool:
    return isinstance(value, (str, dict, list, tuple))
