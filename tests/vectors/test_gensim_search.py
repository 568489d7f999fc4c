"""The searches of gensim's KeyedVectors: clips, restrictions, ties, an indexer."""

import numpy as np
import pytest

from fastw2v.errors import SettingsError
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import in_gensim, same, some_vectors


@pytest.fixture(scope="module")
def ours():
    return some_vectors()


@pytest.fixture(scope="module")
def theirs(ours):
    return in_gensim(ours)


@pytest.mark.parametrize(
    "options",
    [
        {"clip_start": 100},
        {"clip_end": 7},
        {"clip_start": 2, "clip_end": 300},
        {"clip_start": 400, "clip_end": 9000},
        {"clip_start": 30, "clip_end": 0},
        {"clip_end": -100},
        {"restrict_vocab": 60},
        {"restrict_vocab": 0},
        {"restrict_vocab": 9000},
        {"restrict_vocab": np.int64(60), "clip_start": 70},
    ],
)
def test_clipped_searches(ours, theirs, options):
    for topn in (3, 700, None):
        found = ours.most_similar("New", ["word8"], topn=topn, **options)
        same(found, theirs.most_similar("New", ["word8"], topn=topn, **options))


@pytest.mark.parametrize("topn", [0, -1, np.int64(0)])
def test_no_answers_wanted(ours, theirs, topn):
    for vectors in (ours, theirs):
        assert vectors.most_similar("New", topn=topn) == []
        assert vectors.most_similar_cosmul("New", topn=topn) == []


def test_restricted_to_a_list(ours):
    some = ["word80", "New", "word9", "word8"]
    for ask in (ours.most_similar, ours.most_similar_cosmul):
        wanted = [pair for pair in ask("New", topn=600) if pair[0] in some]
        assert ask("New", topn=600, restrict_vocab=some) == wanted
        every = ask("New", topn=None)
        listed = every[[ours.index[word] for word in some]]
        same(ask("New", topn=None, restrict_vocab=some), listed)
    assert ours.most_similar("New", restrict_vocab=[]) == []
    by_list = ours.similar_by_word("New", restrict_vocab=some)
    assert by_list == ours.similar("New", among=some)


def test_a_restriction_of_cosmul_is_that_of_the_rows(ours):
    """gensim has the argument and ignores it."""
    wanted = [pair for pair in ours.most_similar_cosmul("New", topn=600) if ours.row(pair[0]) < 60]
    assert ours.most_similar_cosmul("New", topn=600, restrict_vocab=60) == wanted


class Indexer:
    """Keeps what it is asked, as an approximate index would be asked."""

    def most_similar(self, vector, topn):
        self.asked = vector, topn
        return [("found", 0.5)]


def test_an_indexer_searches_instead(ours, theirs):
    asked = []
    for vectors in (ours, theirs):
        indexer = Indexer()
        found = vectors.most_similar("New", ["word8"], topn=4, indexer=indexer)
        assert found == [("found", 0.5)]
        assert indexer.asked[1] == 4
        asked.append(indexer.asked[0])
        every = vectors.most_similar("New", topn=None, indexer=indexer)
        assert len(every) == 520
    assert asked[0].dtype == np.float32
    same(*asked)


def test_ties():
    """Equal vectors, and equal up to their length: the same scores, words of equal score as a set.

    The order of words of equal score is by row here, and arbitrary in gensim.
    """
    base = some_vectors(60, 5).matrix
    matrix = np.concatenate([base, base[:30] * 2, base[:30]])
    ours = WordVectors([f"w{row}" for row in range(120)], matrix)
    theirs = in_gensim(ours)
    for topn in (120, 45):
        found = ours.most_similar("w3", topn=topn)
        expected = theirs.most_similar("w3", topn=topn)
        same([score for _, score in found], [score for _, score in expected])
        least = found[-1][1] + 1e-5
        assert {word for word, score in found if score > least} == {
            word for word, score in expected if score > least
        }
    assert [word for word, _ in found[:2]] == ["w63", "w93"]
    assert ours.rank("w3", "w63") == ours.rank("w3", "w93") == 1
    assert ours.closer_than("w3", "w40") == [
        f"w{row}"
        for row in range(120)
        if row != 3 and f"w{row}" in dict(found_above(ours, "w3", "w40"))
    ]


def found_above(vectors, query, least):
    """The neighbours before the word ``least``."""
    every = vectors.most_similar(query, topn=200)
    score = dict(every)[least]
    return [pair for pair in every if pair[1] > score]


@pytest.mark.parametrize("topn", ["3", 2.5, True])
def test_numbers_of_answers(ours, topn):
    with pytest.raises(SettingsError, match=r"topn is .*; it must be a whole number"):
        ours.most_similar("New", topn=topn)


def test_weights(ours, theirs):
    vector = ours.matrix[40] * 0.3
    for positive, negative in (
        ([("New", 0.3), "word8"], [("word9", 2.0)]),
        ([("New", -1)], None),
        ([("New", 0.5), (vector, 0.25)], [("word9", -0.5)]),
        ([("New", 0), "word8"], []),
    ):
        for topn in (12, None):
            found = ours.most_similar(positive, negative, topn=topn)
            same(found, theirs.most_similar(positive, negative, topn=topn))
