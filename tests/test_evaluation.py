"""Analogies and similarity against naive loops."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fastw2v.evaluation
from fastw2v.errors import FormatError
from fastw2v.evaluation import Section, analogies, average_ranks, similarity
from fastw2v.vectors import WordVectors

WORDS = ["</s>", "Paris", "france", "paris", "Rome", "italy", "walk", "walked", "GO", "went", "ÉTÉ"]


def vectors_of(seed=11):
    matrix = np.random.default_rng(seed).normal(size=(len(WORDS), 4)).astype(np.float32)
    return WordVectors(WORDS, matrix)


def fold(word):
    return "".join(c.upper() if c.isascii() else c for c in word)


def naive_answer(vectors, question, limit):
    """None: skipped; else whether the answer was right. Loops, as the C program's."""
    words = [fold(word) for word in vectors.words[:limit]]
    if not all(fold(word) in words for word in question):
        return None
    unit = [vector / np.sqrt((vector**2).sum()) for vector in vectors.matrix.astype(np.float64)]
    a, b, c = (words.index(fold(word)) for word in question[:3])
    best, best_word = 0, ""
    for row in range(len(words)):
        score = (unit[b] - unit[a] + unit[c]) @ unit[row]
        if row not in (a, b, c) and score > best:
            best, best_word = score, words[row]
    return best_word == fold(question[3])


QUESTIONS = st.lists(st.lists(st.sampled_from([*WORDS, "nowhere"]), min_size=4, max_size=4))


@settings(deadline=None, max_examples=60)
@given(QUESTIONS, QUESTIONS, st.sampled_from([None, 0, 6, 9, 100]), st.integers(0, 5))
def test_analogies_are_answered_as_the_twin_does(tmp_path_factory, first, second, limit, seed):
    path = tmp_path_factory.mktemp("q") / "questions.txt"
    text = ": capitals of  the world\n" + "".join(" ".join(q) + "\n" for q in first)
    text += "\n:gram1-verbs\r\n" + "".join("\t".join(map(fold, q)) + "\r\n" for q in second)
    path.write_bytes(text.encode())
    vectors = vectors_of(seed=seed)
    result = analogies(vectors, path, limit)
    for section, questions in zip(result.sections, (first, second), strict=True):
        answers = [naive_answer(vectors, question, limit or None) for question in questions]
        assert section.total == len(questions)
        assert section.skipped == answers.count(None)
        assert section.correct == answers.count(True)
    assert [section.name for section in result.sections] == [
        "capitals of  the world",
        "gram1-verbs",
    ]
    assert result.semantic.total == len(first)
    assert result.syntactic.total == len(second)
    assert result.total.correct == result.semantic.correct + result.syntactic.correct


class TestAnalogies:
    def ask(self, tmp_path, text, vectors, limit=None):
        (tmp_path / "q.txt").write_text(text)
        return analogies(vectors, tmp_path / "q.txt", limit)

    # a=(1,0,0), b=(0,1,0), c=(1,0,1)/√2: b - a + c is nearest to (0,1,1).
    MATRIX = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1], [0, 2, 2], [0, 0, 0]])

    def test_of_equal_rows_the_lower_is_the_answer(self, tmp_path):
        vectors = WordVectors(["a", "b", "c", "d", "e", "f"], self.MATRIX)
        assert self.ask(tmp_path, "a b c d\na b c e\n", vectors).total == Section("total", 1, 2, 2)

    def test_a_second_row_of_the_same_spelling_is_right(self, tmp_path):
        matrix = self.MATRIX[[0, 1, 2, 5, 3]]
        vectors = WordVectors(["a", "b", "c", "d", "D"], matrix)
        assert self.ask(tmp_path, "A B C d\n", vectors).total.correct == 1

    def test_more_questions_than_a_block(self, tmp_path, monkeypatch):
        vectors = WordVectors(["a", "b", "c", "d", "e", "f"], self.MATRIX)
        monkeypatch.setattr(fastw2v.evaluation, "_BLOCK", 3)
        result = self.ask(tmp_path, "a b c d\n" * 8 + "a b c f\n" * 3, vectors)
        assert result.total == Section("total", 8, 11, 11)
        assert result.total.accuracy == 8 / 11

    def test_no_cosine_above_zero_is_no_answer(self, tmp_path):
        vectors = WordVectors(["a", "b", "c", "d"], [[1, 0], [-1, 0], [0, 0], [1, 0]])
        assert self.ask(tmp_path, "a b c d\n", vectors).total == Section("total", 0, 1, 1)

    def test_not_finite_is_seen_and_wrong(self, tmp_path):
        matrix = np.vstack([self.MATRIX[:4], [[np.nan, 1, 1]]])
        vectors = WordVectors(["a", "b", "c", "d", "n"], matrix)
        result = self.ask(tmp_path, "a b c d\na b n d\na b c n\n", vectors)
        assert result.total == Section("total", 1, 3, 3)

    def test_nothing_seen(self, tmp_path):
        result = self.ask(tmp_path, ": x\nq w e r\n", vectors_of())
        assert result.total == Section("total", 0, 0, 1)
        assert math.isnan(result.total.accuracy)
        assert self.ask(tmp_path, "", vectors_of()).sections == ()

    def test_line_that_is_no_question(self, tmp_path):
        with pytest.raises(FormatError, match="line 3 has 5 words"):
            self.ask(tmp_path, ": x\na b c d\na b c d e\n", vectors_of())
        with pytest.raises(FormatError, match="No such file"):
            analogies(vectors_of(), tmp_path / "missing")


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
    PAIRS = "paris\tfrance\t7.5\nROME\titaly\t7.5\nwalk\tnowhere\t3\nwalk\twent\t4\nGo\tété\t1\n"

    def test_is_what_numpy_says(self, tmp_path):
        (tmp_path / "p.tsv").write_text("word 1\tword 2\tscore\n\n" + self.PAIRS)
        vectors = vectors_of()
        result = similarity(vectors, tmp_path / "p.tsv")
        # ÉTÉ is not été: only ASCII letters are folded. The first of Paris and paris counts.
        pairs = [("Paris", "france"), ("Rome", "italy"), ("walk", "went")]
        assert (result.covered, result.total) == (3, 5)
        cosines = [
            np.dot(vectors[a], vectors[b]) / np.linalg.norm(vectors[a]) / np.linalg.norm(vectors[b])
            for a, b in pairs
        ]
        scores = [7.5, 7.5, 4]
        assert result.pearson == pytest.approx(np.corrcoef(cosines, scores)[0, 1], abs=1e-6)
        ranks = np.corrcoef(naive_ranks(cosines), naive_ranks(scores))[0, 1]
        assert result.spearman == pytest.approx(ranks, abs=1e-12)

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

    def test_line_that_is_no_pair(self, tmp_path):
        (tmp_path / "p.tsv").write_text("a b 1\nb c\n")
        with pytest.raises(FormatError, match="line 2 is not word, word, score"):
            similarity(vectors_of(), tmp_path / "p.tsv")


def test_evaluation_sets_are_read_whole(corpora):
    result = analogies(vectors_of(), corpora / "eval" / "questions-words.txt")
    assert result.total.total == 19_544
    assert len(result.sections) == 14
    assert result.semantic.total == 8_869
    totals = [
        similarity(vectors_of(), corpora / "eval" / f"{name}.tsv").total
        for name in ("wordsim353", "simlex999", "rg65")
    ]
    assert totals == [353, 999, 65]
