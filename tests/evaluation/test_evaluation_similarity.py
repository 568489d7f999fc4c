"""Similarity against plain NumPy; `test_evaluation_peers.py` asks gensim."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.evaluation import average_ranks, read_pairs, similarity
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.evaluation_cases import RULES, WORDS, vectors_of


def naive_ranks(values):
    return [
        (sum(v < value for v in values) + 1 + sum(v <= value for v in values)) / 2
        for value in values
    ]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-3, 3) | st.floats(-1, 1)))
def test_ranks(values):
    assert average_ranks(np.array(values, float)).tolist() == naive_ranks(values)


class TestSimilarity:
    PAIRS = "paris\tfrance\t7.5\nROME\titaly\t7.5\nwalk\tnowhere\t3\nwalk\twent\t4\n"
    PAIRS += "Go\tÉtÉ\t1\n"

    @pytest.mark.parametrize("rule", RULES)
    def test_correlations_equal_those_of_numpy(self, tmp_path, rule):
        (tmp_path / "p.tsv").write_text("word 1\tword 2\tscore\n\n" + self.PAIRS)
        vectors = vectors_of()
        result = similarity(vectors, tmp_path / "p.tsv", rule=rule)
        # The first of Paris and paris counts. For the C program ÉtÉ is ÉTÉ, not été.
        pairs = [("Paris", "france"), ("Rome", "italy"), ("walk", "went"), ("GO", "ÉTÉ")]
        assert (result.covered, result.skipped, result.total) == (4, 1, 5)
        cosines = [
            np.dot(vectors[a], vectors[b]) / np.linalg.norm(vectors[a]) / np.linalg.norm(vectors[b])
            for a, b in pairs
        ]
        scores = [7.5, 7.5, 4, 1]
        assert result.pearson == pytest.approx(np.corrcoef(cosines, scores)[0, 1], abs=1e-6)
        ranks = np.corrcoef(naive_ranks(cosines), naive_ranks(scores))[0, 1]
        assert result.spearman == pytest.approx(ranks, abs=1e-12)
        assert similarity(vectors, read_pairs(tmp_path / "p.tsv"), rule=rule) == result

    def test_only_gensim_folds_other_letters(self, tmp_path):
        (tmp_path / "p.tsv").write_text("Été\tgo\t1\nstraße\tgo\t2\n")
        assert similarity(vectors_of(), tmp_path / "p.tsv").covered == 1
        assert similarity(vectors_of(), tmp_path / "p.tsv", rule="gensim").covered == 2

    def test_limit_and_too_few_pairs(self, tmp_path):
        (tmp_path / "p.tsv").write_text(self.PAIRS)
        result = similarity(vectors_of(), tmp_path / "p.tsv", limit=3)
        assert (result.covered, result.total) == (1, 5)
        assert math.isnan(result.spearman)
        assert math.isnan(result.pearson)
        assert similarity(vectors_of(), tmp_path / "p.tsv", limit=1).covered == 0

    def test_vectors_that_are_not_finite_are_not_covered(self, tmp_path):
        (tmp_path / "p.tsv").write_text("a b 1\nb c 2\nc d 3\n")
        vectors = WordVectors(list("abcd"), [[1, 0], [1, 1], [0, 1], [np.nan, 1]])
        assert similarity(vectors, tmp_path / "p.tsv").covered == 2

    def test_zero_vectors_have_cosine_zero(self, tmp_path):
        (tmp_path / "p.tsv").write_text("a b 1\na z 0\na c -1\n")
        vectors = WordVectors(list("abcz"), [[2, 0], [5, 0], [-3, 0], [0, 0]])
        result = similarity(vectors, tmp_path / "p.tsv")
        assert result.covered == 3
        assert (result.spearman, result.pearson) == pytest.approx((1, 1))

    def test_pairs_of_equal_words_tie(self, tmp_path):
        lines = [f"{word}\t{word}\t{7 + n % 2}\n" for n, word in enumerate(WORDS[:10])]
        (tmp_path / "p.tsv").write_text("".join(lines))
        assert math.isnan(similarity(vectors_of(), tmp_path / "p.tsv").spearman)
