"""Analogies against naive loops; `test_evaluation_peers.py` asks other programs."""

import math
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v import formats
from fastw2v.errors import SettingsError
from fastw2v.evaluation import (
    Section,
    analogies,
    read_questions,
    search,
    similarity,
)
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.evaluation_cases import RULES, WORDS, vectors_of


def ascii_upper(word):
    return "".join(c.upper() if c.isascii() else c for c in word)


def naive_answer(vectors, question, limit, rule):
    """None: skipped; else whether the answer was right. Plain float64 loops."""
    spelled = {"c": ascii_upper, "gensim": str.upper}[rule]
    words = [spelled(word) for word in vectors.words[:limit]]
    a, b, c, d = (spelled(word) for word in question)
    if not {a, b, c, d} <= set(words):
        return None
    unit = [vector / np.sqrt((vector**2).sum()) for vector in vectors.matrix.astype(np.float64)]
    asked = [words.index(word) for word in (a, b, c)]
    wanted = unit[asked[1]] - unit[asked[0]] + unit[asked[2]]
    scores = {row: wanted @ unit[row] for row in range(len(words)) if row not in asked}
    order = sorted(scores, key=lambda row: -scores[row])
    if rule == "c":
        return bool(order) and scores[order[0]] > 0 and words[order[0]] == d
    answer = None
    for row in order[:5]:
        answer = words[row]
        if answer not in (a, b, c):
            break
    return answer == d


QUESTIONS = st.lists(
    st.lists(st.sampled_from([*WORDS, "nowhere"]), min_size=4, max_size=4), min_size=1
)


@pytest.mark.parametrize("rule", RULES)
@settings(deadline=None, max_examples=80)
@given(QUESTIONS, QUESTIONS, st.sampled_from([None, 0, 6, 9, 14, 100]), st.integers(0, 5))
def test_analogies_equal_the_naive_reference(tmp_path_factory, rule, first, second, limit, seed):
    path = tmp_path_factory.mktemp("q") / "questions.txt"
    text = ": capitals of  the world\n" + "".join(" ".join(q) + "\n" for q in first)
    text += "\n:gram1-verbs\r\n" + "".join("\t".join(map(ascii_upper, q)) + "\r\n" for q in second)
    path.write_bytes(text.encode())
    vectors = vectors_of(seed=seed)
    result = analogies(vectors, path, limit, rule)
    for section, questions in zip(result.sections, (first, second), strict=True):
        answers = [naive_answer(vectors, question, limit or None, rule) for question in questions]
        assert section.total == len(questions)
        assert section.skipped == answers.count(None)
        assert section.correct == answers.count(True)
    assert [section.name for section in result.sections] == [
        "capitals of  the world",
        "gram1-verbs",
    ]
    assert result.total.correct == result.semantic.correct + result.syntactic.correct
    assert result.total.seen == sum(section.seen for section in result.sections)


def float32_answer(matrix, a, b, c):
    """The C program's row, -1 for none: each operation rounded to float32, in written order."""
    unit = []
    for vector in matrix:
        length = np.float32(0)
        for number in vector:
            length += number * number
        unit.append([number / np.sqrt(length) for number in vector])
    wanted = [(y - x) + z for x, y, z in zip(unit[a], unit[b], unit[c], strict=True)]
    best, answer = np.float32(0), -1
    for row in set(range(len(matrix))) - {a, b, c}:
        score = np.float32(0)
        for x, y in zip(wanted, unit[row], strict=True):
            score += x * y
        if score > best:
            best, answer = score, row
    return answer


class TestTies:
    """Vectors so alike that rounding decides which is the nearest."""

    WORDS = tuple("abcdefghijklm")

    def matrix(self, seed, dimensions=23):
        rng = np.random.default_rng(seed)
        alike = rng.normal(size=dimensions) + 1e-4 * rng.normal(size=(13, dimensions))
        return alike.astype(np.float32)

    def asked(self, seed):
        rng = np.random.default_rng([seed, 1])
        return [rng.choice(13, size=3, replace=False).tolist() for _ in range(8)]

    @pytest.mark.parametrize("seed", range(4))
    def test_are_resolved_as_the_c_program_does(self, tmp_path, seed, monkeypatch):
        monkeypatch.setattr(search, "_ROWS", 4)
        matrix = self.matrix(seed)
        vectors = WordVectors(self.WORDS, matrix)
        for a, b, c in self.asked(seed):
            answer = float32_answer(matrix, a, b, c)
            lines = [" ".join(self.WORDS[row] for row in (a, b, c, d)) for d in range(13)]
            (tmp_path / "q").write_text("".join(f": {n}\n{line}\n" for n, line in enumerate(lines)))
            right = [section.correct for section in analogies(vectors, tmp_path / "q").sections]
            assert right == [int(row == answer) for row in range(13)]

    def test_scores_near_zero(self, tmp_path):
        """One row is left, at a right angle: whether it is above 0 is a matter of rounding."""
        (tmp_path / "q").write_text("a b c d\n")
        right = []
        for seed in range(60):
            first = np.random.default_rng(seed).normal(size=(3, 3))
            a, b, c = first / np.linalg.norm(first, axis=1)[:, None]
            matrix = np.vstack([first, np.cross(b - a + c, a)]).astype(np.float32)
            result = analogies(WordVectors(list("abcd"), matrix), tmp_path / "q")
            right.append(result.total.correct)
            assert right[-1] == (float32_answer(matrix, 0, 1, 2) == 3)
        assert 0 < sum(right) < 60

    def test_differ_from_exact_arithmetic(self):
        differ = 0
        for seed in range(4):
            matrix = self.matrix(seed)
            unit = matrix.astype(np.float64)
            unit /= np.linalg.norm(unit, axis=1)[:, None]
            for a, b, c in self.asked(seed):
                scores = unit @ (unit[b] - unit[a] + unit[c])
                scores[[a, b, c]] = -np.inf
                differ += scores.argmax() != float32_answer(matrix, a, b, c)
        assert differ > 0


class TestAnalogies:
    def ask(self, tmp_path, text, vectors, limit=0, rule="c"):
        (tmp_path / "q.txt").write_text(text)
        return analogies(vectors, tmp_path / "q.txt", limit, rule)

    # a=(1,0,0), b=(0,1,0), c=(1,0,1)/√2: b - a + c is nearest to (0,1,1).
    MATRIX = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 1], [0, 2, 2], [0, 0, 0]])

    def test_of_equal_rows_the_lower_is_the_answer(self, tmp_path):
        vectors = WordVectors(["a", "b", "c", "d", "e", "f"], self.MATRIX)
        result = self.ask(tmp_path, "a b c d\na b c e\n", vectors)
        assert result.total == Section("total", 1, 2, 2)

    def test_a_second_row_of_the_same_spelling_is_right(self, tmp_path):
        matrix = self.MATRIX[[0, 1, 2, 5, 3]]
        vectors = WordVectors(["a", "b", "c", "d", "D"], matrix)
        assert self.ask(tmp_path, "A B C d\n", vectors).total.correct == 1

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("matrix", ["normal", "alike"])
    def test_small_blocks_change_nothing(self, tmp_path, monkeypatch, rule, matrix):
        rng = np.random.default_rng(3)
        rows = rng.normal(size=(len(WORDS), 7)) + (30 if matrix == "alike" else 0)
        vectors = WordVectors(WORDS, rows.astype(np.float32))
        text = "".join(" ".join(rng.choice(WORDS, 4)) + "\n" for _ in range(400))
        whole = self.ask(tmp_path, text, vectors, rule=rule)
        assert 0 < whole.total.correct < 400
        for name, size in (("_ROWS", 4), ("_WORDS", 3), ("_QUESTIONS", 5)):
            monkeypatch.setattr(search, name, size)
        assert self.ask(tmp_path, text, vectors, rule=rule) == whole

    def test_no_score_above_zero_is_no_answer(self, tmp_path):
        matrix = [[1, 0], [-1, 0], [0, 0.1], [1, 0], [0, 0]]
        vectors = WordVectors(["a", "b", "c", "d", "zero"], matrix)
        assert self.ask(tmp_path, "a b c d\n", vectors).total == Section("total", 0, 1, 1)
        total = self.ask(tmp_path, "a b c d\n", vectors, rule="gensim").total
        assert total == Section("total", 1, 1, 1)

    @pytest.mark.parametrize(("variants", "correct"), [(4, [0, 1]), (5, [1, 0])])
    def test_gensim_looks_at_five_rows(self, tmp_path, variants, correct):
        spelled = ["bbb", "bbB", "bBb", "bBB", "Bbb", "BBB"][: variants + 1]
        near = [[0, 1, 0.01 * number] for number in range(len(spelled))]
        matrix = [[1, 0, 0], [1, 0, 0.1], *near, [0, 1, 1]]
        vectors = WordVectors(["a", "c", *spelled, "d"], matrix)
        result = self.ask(tmp_path, ": x\na bbb c BBB\n: y\na bbb c d\n", vectors, rule="gensim")
        assert [section.correct for section in result.sections] == correct

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("odd", [np.nan, np.inf, 0])
    def test_vectors_without_direction_count_as_seen_and_wrong(self, tmp_path, rule, odd):
        matrix = np.vstack([self.MATRIX[:4], [[odd, odd, odd]]])
        vectors = WordVectors(["a", "b", "c", "d", "n"], matrix)
        result = self.ask(tmp_path, "a b c d\na b n d\nn b c d\na b c n\n", vectors, rule=rule)
        assert result.total == Section("total", 1, 4, 4)

    @pytest.mark.parametrize("rule", RULES)
    @pytest.mark.parametrize("size", [1e-30, 1e30])
    def test_norms_do_not_matter(self, tmp_path, rule, size):
        matrix = self.MATRIX[:4] * np.array([[1], [size], [1], [size]])
        vectors = WordVectors(["a", "b", "c", "d"], matrix)
        assert self.ask(tmp_path, "a b c d\n", vectors, rule=rule).total.correct == 1

    def test_nothing_seen(self, tmp_path):
        result = self.ask(tmp_path, ": x\nq w e r\n", vectors_of())
        assert result.total == Section("total", 0, 0, 1)
        assert math.isnan(result.total.accuracy)
        assert self.ask(tmp_path, "a b c d\n", WordVectors([], np.empty((0, 3)))).total.seen == 0

    def test_words_too_long_for_the_c_program_are_unknown(self, tmp_path):
        for letters, seen in (("é" * 24 + "x", 1), ("é" * 25, 0), ("y" * 50, 0), ("y" * 49, 1)):
            vectors = WordVectors(["a", "b", letters, "d"], self.MATRIX[:4])
            assert self.ask(tmp_path, f"a b {letters} d\n", vectors).total.seen == seen
            assert self.ask(tmp_path, f"a b {letters} d\n", vectors, rule="gensim").total.seen == 1

    def test_semantic_are_the_first_five_sections_or_those_not_named_gram(self, tmp_path):
        names = ["gram1", "x", "gram2", "y", "z", "u", "gram3"]
        asked = "".join(f": {name}\n" + "a b c d\n" * n for n, name in enumerate(names, 1))
        vectors = WordVectors(["a", "b", "c", "d"], self.MATRIX[:4])
        result = self.ask(tmp_path, asked, vectors)
        assert (result.semantic.total, result.syntactic.total) == (15, 13)
        assert [section.syntactic for section in result.sections] == [False] * 5 + [True] * 2
        result = self.ask(tmp_path, "a b c d\n" + asked, vectors)  # none of the five
        assert (result.semantic.total, result.syntactic.total) == (16, 13)
        result = self.ask(tmp_path, asked, vectors, rule="gensim")
        assert (result.semantic.total, result.syntactic.total) == (17, 11)

    def test_questions_read_once_serve_any_vectors(self, tmp_path):
        (tmp_path / "q.txt").write_text("Paris france Rome italy\nwalk walked go went\n")
        questions = read_questions(tmp_path / "q.txt")
        for seed in range(3):
            vectors = vectors_of(seed)
            assert analogies(vectors, questions) == analogies(vectors, tmp_path / "q.txt")

    def test_usual_limits(self, tmp_path):
        words = [f"w{number}" for number in range(300_002)]
        vectors = WordVectors(words, np.ones((len(words), 1), np.float32))
        ends = {"c": 30_000, "gensim": 300_000}
        for rule, end in ends.items():
            (tmp_path / "q.txt").write_text(f"w0 w1 w2 w{end}\nw0 w1 w2 w{end - 1}\n")
            questions = read_questions(tmp_path / "q.txt")
            assert analogies(vectors, questions, rule=rule).total.seen == 1
            assert analogies(vectors, questions, 0, rule).total.seen == 2

    def test_invalid_settings_are_refused(self, tmp_path):
        for function in (analogies, similarity):
            with pytest.raises(SettingsError, match="limit is -1; it must be at least 1, or 0"):
                function(vectors_of(), tmp_path / "missing", -1)
            with pytest.raises(SettingsError, match="rule is 'C'; it must be one of: c, gensim"):
                function(vectors_of(), tmp_path / "missing", rule="C")

    def test_vectors_that_stay_in_their_file(self, tmp_path):
        vectors = vectors_of()
        formats.save(tmp_path / "v.bin", WORDS, vectors.matrix)
        mapped = WordVectors.load(tmp_path / "v.bin", mapped=True)
        assert not isinstance(mapped.matrix, np.ndarray)
        (tmp_path / "p.tsv").write_text("paris\tfrance\t3\ngo\twent\t1\nwalk\titaly\t2\n")
        text = "".join(f"{a} {b} walk went\n" for a in WORDS for b in WORDS)
        for rule in RULES:
            result = self.ask(tmp_path, text, mapped, rule=rule)
            assert result == self.ask(tmp_path, text, vectors, rule=rule)
        assert similarity(mapped, tmp_path / "p.tsv") == similarity(vectors, tmp_path / "p.tsv")

    def test_memory_is_bounded(self, tmp_path):
        words = [f"w{number}" for number in range(40_000)]
        matrix = np.random.default_rng(2).normal(size=(len(words), 11)).astype(np.float32)
        text = "".join(f"w{n} w{n + 1} w{n + 2} w{n + 3}\n" for n in range(2500))
        (tmp_path / "q.txt").write_text(text)
        vectors, questions = WordVectors(words, matrix), read_questions(tmp_path / "q.txt")
        tracemalloc.start()
        analogies(vectors, questions, 0)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 100e6  # all products of all words would take 400 MB
