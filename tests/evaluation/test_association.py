"""Word embedding association tests against plain loops and cases computed by hand."""

import io
import itertools
import math
import statistics

import numpy as np
import pytest

from fastw2v import evaluation
from fastw2v.errors import FormatError, SettingsError
from fastw2v.evaluation import AssociationTest, WordSet, association, associations
from fastw2v.vectors.word_vectors import WordVectors

TEXT = ": flowers\naster, clover\n: insects\nant bee\n: good\nlove\n: bad\nhate\n"


def made_test(x, y, a, b):
    sets = zip("xyab", (x, y, a, b), strict=True)
    return AssociationTest(*(WordSet(name, tuple(each)) for name, each in sets))


def naive(vectors, test):
    """Effect size and p-value of the paper, in plain Python."""

    def cosine(first, second):
        first, second = (vectors[word].astype(float).tolist() for word in (first, second))
        norms = math.hypot(*first) * math.hypot(*second)
        return sum(x * y for x, y in zip(first, second, strict=True)) / norms if norms else 0.0

    def s(word):
        return statistics.mean(cosine(word, a) for a in test.a.words) - statistics.mean(
            cosine(word, b) for b in test.b.words
        )

    targets = [*test.x.words, *test.y.words]
    value = {word: s(word) for word in targets}
    difference = statistics.mean(value[word] for word in test.x.words) - statistics.mean(
        value[word] for word in test.y.words
    )
    effect = difference / statistics.stdev(value.values())

    def statistic(chosen):
        others = [word for word in targets if word not in chosen]
        return sum(value[word] for word in chosen) - sum(value[word] for word in others)

    observed = statistic(test.x.words)
    all_of_them = list(itertools.combinations(targets, len(test.x.words)))
    greater = sum(statistic(each) > observed + 1e-9 for each in all_of_them)
    return effect, greater / len(all_of_them)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("x", "y"), [(4, 4), (2, 5), (1, 1)])
def test_equals_the_twin(seed, x, y):
    words = [f"w{number}" for number in range(x + y + 7)]
    matrix = np.random.default_rng(seed).normal(size=(len(words), 6)).astype(np.float32)
    vectors = WordVectors(words, matrix)
    test = made_test(words[:x], words[x : x + y], words[-7:-3], words[-3:])
    [result] = associations(vectors, [test])
    assert (result.effect_size, result.p_value) == pytest.approx(naive(vectors, test), abs=1e-6)
    assert (result.exact, result.partitions) == (True, math.comb(x + y, x))


class TestByHand:
    """a = (1, 0), b = (0, 1): the association of (1, 0) is 1, of (0, 1) it is -1."""

    PLACES = ("x1", "x2", "y1", "y2", "a", "b")

    def result(self, *targets):
        matrix = [*targets, [1, 0], [0, 1]]
        test = made_test(["x1", "x2"], ["y1", "y2"], ["a"], ["b"])
        return associations(WordVectors(self.PLACES, matrix), [test])[0]

    def test_as_far_apart_as_can_be(self):
        result = self.result([1, 0], [2, 0], [0, 1], [0, 3])
        assert result.effect_size == pytest.approx(2 / math.sqrt(4 / 3))  # = 1.732...
        assert result.p_value == 0  # none of 6 partitions has a greater sum
        assert result.partitions == 6

    def test_the_other_way(self):
        result = self.result([0, 1], [0, 1], [1, 0], [1, 0])
        assert result.effect_size == pytest.approx(-math.sqrt(3))
        assert result.p_value == pytest.approx(5 / 6)  # all but itself

    def test_no_difference(self):
        result = self.result([1, 0], [0, 1], [1, 0], [0, 1])
        assert result.effect_size == 0
        assert result.p_value == pytest.approx(1 / 6)  # only (x1, y1) is greater

    def test_all_associations_equal(self):
        result = self.result([1, 1], [1, 1], [1, 1], [1, 1])
        assert math.isnan(result.effect_size)
        assert result.p_value == 0


class TestSampling:
    def case(self, number=12):
        words = [f"w{place}" for place in range(2 * number + 2)]
        matrix = np.random.default_rng(2).normal(size=(len(words), 5))
        test = made_test(words[:number], words[number:-2], words[-2:-1], words[-1:])
        return WordVectors(words, matrix.astype(np.float32)), test

    def test_large_sets_are_sampled_with_a_seed(self):
        vectors, test = self.case()
        first, again = (associations(vectors, [test], seed=3)[0] for _ in range(2))
        assert first == again
        assert (first.exact, first.partitions) == (False, 100_000)
        other = associations(vectors, [test], seed=4)[0]
        assert other.p_value != first.p_value
        assert other.p_value == pytest.approx(first.p_value, abs=0.01)
        assert other.effect_size == first.effect_size

    def test_a_sample_estimates_the_exact_value(self, monkeypatch):
        vectors, test = self.case(5)
        [exact] = associations(vectors, [test])
        monkeypatch.setattr(association, "MOST_EXACT", 10)
        monkeypatch.setattr(association, "_AT_ONCE", 1000)
        [sampled] = associations(vectors, [test])
        assert not sampled.exact
        assert sampled.p_value == pytest.approx(exact.p_value, abs=0.01)

    def test_sampled_values_are_never_zero(self):
        vectors, test = self.case()
        places = np.zeros((len(vectors), 2), np.float32)
        places[:12, 0] = places[12:-2, 1] = places[-2, 0] = places[-1, 1] = 1
        [result] = associations(WordVectors(vectors.words, places), [test], samples=999)
        assert result.p_value == pytest.approx(1 / 1000)

    def test_settings_out_of_range(self):
        vectors, test = self.case()
        for options in ({"seed": -1}, {"samples": 0}, {"rule": "x"}, {"limit": -1}):
            with pytest.raises(SettingsError):
                associations(vectors, [test], **options)


class TestWords:
    def vectors(self):
        words = ["aster", "Clover", "clover", "ant", "bee", "LOVE", "hate"]
        return WordVectors(words, np.random.default_rng(4).normal(size=(7, 3)))

    def test_missing_words_are_left_out_and_named(self):
        vectors = self.vectors()
        text = TEXT.replace("bee", "bee wasp").replace("hate", "hate\nfear")
        [result] = associations(vectors, io.BytesIO(text.encode()))
        assert result.missing == ("wasp", "fear")
        assert result.used == 6
        [whole] = associations(vectors, io.BytesIO(TEXT.encode()))
        assert result.effect_size == whole.effect_size
        assert result.name == "flowers, insects / good, bad"

    def test_the_exact_spelling_comes_first(self):
        vectors = self.vectors()
        test = made_test(["aster", "clover"], ["ant", "bee"], ["love"], ["hate"])
        [result] = associations(vectors, [test])
        spelled = made_test(["aster", "clover"], ["ant", "bee"], ["LOVE"], ["hate"])
        assert result.effect_size == pytest.approx(naive(vectors, spelled)[0], abs=1e-6)
        assert associations(vectors, [test], limit=2)[0].missing == ("ant", "bee", "love", "hate")

    def test_a_set_without_vectors(self):
        text = TEXT.replace("\nlove", "\nnothing")
        [result] = associations(self.vectors(), io.BytesIO(text.encode()))
        assert math.isnan(result.effect_size)
        assert math.isnan(result.p_value)
        assert result.missing == ("nothing",)

    def test_vectors_that_are_not_finite(self):
        vectors = self.vectors()
        vectors.matrix[4] = np.nan
        [result] = associations(vectors, io.BytesIO(TEXT.encode()))
        assert result.missing == ("bee",)


class TestFiles:
    def read(self, text):
        return evaluation.read_associations(io.BytesIO(text.encode()))

    def test_several_tests_comments_and_separators(self):
        text = "\ufeff# WEAT 1\r\n" + TEXT.replace("\n", "\r\n") + "\n" + TEXT
        text = text.replace("ant bee", "fire ant\tbee; wasp").replace("love\r", "love\r\n\r\njoy\r")
        first, second = self.read(text)
        assert first.y.words == ("fire ant", "bee", "wasp")
        assert first.a.words == ("love", "joy")
        assert second.a.words == ("love",)
        assert first.x == WordSet("flowers", ("aster", "clover"))

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "0 sections; an association test needs four that start with ': name'"),
            (": a\nb\n", "1 sections; an association test needs four"),
            (TEXT + ": more\nx\n", "5 sections; an association test needs four"),
            ("word\n" + TEXT, "line 1 is before any section; start one with ': name'"),
            (TEXT.replace("love\n", "\n"), "line 5: no words follow 'good'; give one"),
            (TEXT.replace("ant", "aster"), "line 3: 'aster' is in both sets of targets; remove"),
        ],
    )
    def test_refusals_name_line_and_remedy(self, text, problem):
        with pytest.raises(FormatError) as caught:
            self.read(text)
        assert str(caught.value).startswith("questions: ")
        assert problem in str(caught.value)
