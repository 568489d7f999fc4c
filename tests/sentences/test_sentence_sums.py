"""Sums of sentences against a plain float64 twin, in batches that end anywhere."""

import numpy as np
import pytest

import fastw2v.sentences.sums
from fastw2v.sentences.sums import END, NOTHING, UNKNOWN, SentenceSums
from tests.support.naive_sentences import naive_means

IDS = [3, 1, UNKNOWN, 3, END, END, NOTHING, END, UNKNOWN, END, 2, NOTHING, 0, END, 4, 4, 4, 1, 2]


@pytest.fixture(scope="module")
def matrix():
    return np.random.default_rng(3).normal(size=(5, 7)).astype(np.float32)


def collected(matrix, weights, batches):
    sums = SentenceSums(matrix, weights)
    parts = [sums.add(np.array(ids, np.int64)) for ids in batches]
    return [np.concatenate(each) for each in zip(*parts, strict=True)]


def test_means_are_those_of_the_twin(matrix):
    weights = np.array([1, 0.5, 0.25, 3, 0])
    means, known, words = collected(matrix, weights, [[*IDS, END]])
    sentences = [[3, 1, UNKNOWN, 3], [], [], [UNKNOWN], [2, 0], [4, 4, 4, 1, 2]]
    index = {row: row for row in range(5)}
    expected = naive_means(matrix, index, sentences, weights.__getitem__)
    np.testing.assert_allclose(means, expected, rtol=1e-15, atol=1e-16)
    assert known.tolist() == [3, 0, 0, 0, 2, 5]
    assert words.tolist() == [4, 0, 0, 1, 2, 5]


@pytest.mark.parametrize("held", [7, 14, 1 << 20])  # numbers: one row, two, all
def test_any_batches_give_the_same_bits(matrix, monkeypatch, held):
    weights = np.random.default_rng(4).random(5)
    whole = collected(matrix, weights, [[*IDS, END]])
    monkeypatch.setattr(fastw2v.sentences.sums, "_NUMBERS", held)
    for size in range(1, len(IDS)):
        ids = [*IDS, END]
        parts = [ids[start : start + size] for start in range(0, len(ids), size)]
        for ours, theirs in zip(collected(matrix, weights, [[], *parts, []]), whole, strict=True):
            assert ours.tobytes() == theirs.tobytes()


def test_a_sentence_that_is_not_complete_gives_nothing(matrix):
    means, known, words = collected(matrix, np.ones(5), [[1, 2], [3]])
    assert (means.shape, len(known), len(words)) == ((0, 7), 0, 0)
