"""Nearest rows against a plain float64 twin, on matrices with everything odd in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fastw2v.matrix.norms
import fastw2v.vectors.nearest
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.matrix.norms import row_norms, to_unit
from fastw2v.vectors.nearest import COSINE, Product, Queries, Space, all_scores, nearest

KINDS = [
    "usual",
    "usual",
    "usual",
    "zero",
    "same",
    "near",
    "opposite",
    "huge",
    "tiny",
    "nan",
    "inf",
]
QUICK = settings(deadline=None, max_examples=80)


def odd_matrix(kinds, dimensions, seed):
    """(len(kinds), D) float32; a row is new, or made from the first."""
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(len(kinds), dimensions)).astype(np.float32)
    for row, kind in enumerate(kinds):
        if kind == "zero":
            matrix[row] = 0
        elif kind == "same":
            matrix[row] = matrix[0]
        elif kind == "near":
            matrix[row] = matrix[0] * np.float32(1 + 3e-7 * row)
            matrix[row, -1] *= np.float32(1 + 1e-6)
        elif kind == "opposite":
            matrix[row] = -matrix[0]
        elif kind == "huge":
            matrix[row] *= np.float32(1e37)
        elif kind == "tiny":
            matrix[row] *= np.float32(1e-37)
        elif kind in ("nan", "inf"):
            matrix[row, chance.integers(dimensions)] = float(kind)
    return matrix


def naive_unit(vector):
    vector = np.asarray(vector, np.float64)
    length = np.sqrt(sum(vector * vector))
    return vector / length if length > 0 else vector


def naive_cosine(row, vectors):
    return min(1.0, max(-1.0, sum(naive_unit(row) * vectors[0])))


def naive_product(row, vectors, multiplied, epsilon):
    shifted = [(1 + naive_cosine(row, [vector])) / 2 for vector in vectors]
    return np.prod(shifted[:multiplied]) / (np.prod(shifted[multiplied:]) + epsilon)


def check(matrix, answer, vectors, excluded, n, naive):
    """The answer's scores are the twin's best; of rows that score the same the lower is first."""
    allowed = [
        row for row in range(len(matrix)) if row not in excluded and np.isfinite(matrix[row]).all()
    ]
    scores = {row: naive(matrix[row], vectors) for row in allowed}
    best = sorted(scores.values(), reverse=True)[:n]
    assert answer.scores.tolist() == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert [scores[row] for row in answer.rows] == pytest.approx(best, rel=1e-9, abs=1e-12)
    assert len(set(answer.rows.tolist())) == len(answer.rows) == min(n, len(allowed))
    order = list(zip(-answer.scores, answer.rows, strict=True))
    assert order == sorted(order)
    same = [row for row in allowed if np.array_equal(matrix[row], matrix[0])]
    found = [row for row in answer.rows if row in same]
    assert found == same[: len(found)]


@st.composite
def problems(draw):
    kinds = ["usual", *draw(st.lists(st.sampled_from(KINDS), max_size=45))]
    matrix = odd_matrix(kinds, draw(st.integers(1, 9)), draw(st.integers(0, 99)))
    terms, count = draw(st.integers(1, 3)), draw(st.integers(1, 8))
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    rows = chance.integers(len(matrix), size=(count, terms))
    vectors = to_unit(matrix[rows].reshape(count * terms, -1), np.float64)
    excluded = [each[: chance.integers(terms + 1)].tolist() for each in rows]
    n = draw(st.integers(1, 50))
    return matrix, Queries(vectors.reshape(count, terms, -1), excluded), n


@pytest.fixture
def small_blocks(monkeypatch):
    monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", 7)
    monkeypatch.setattr(fastw2v.vectors.nearest, "QUERIES", 5)


class TestNearest:
    def check_cosines(self, matrix, questions, n):
        questions = Queries(questions.vectors[:, :1], questions.excluded)
        answers = nearest(Space(matrix, row_norms(matrix)), questions, n)
        assert len(answers) == len(questions.vectors)
        for answer, vectors, excluded in zip(answers, *questions, strict=True):
            check(matrix, answer, vectors, excluded, n, naive_cosine)

    @QUICK
    @given(problems())
    def test_cosines(self, problem):
        self.check_cosines(*problem)

    @QUICK
    @given(problems(), st.integers(0, 3), st.sampled_from([1e-3, 1e-6]))
    def test_products(self, problem, multiplied, epsilon):
        matrix, questions, n = problem
        rule = Product(min(multiplied, questions.vectors.shape[1]), epsilon)
        answers = nearest(Space(matrix, row_norms(matrix)), questions, n, rule)
        for answer, vectors, excluded in zip(answers, *questions, strict=True):
            check(
                matrix, answer, vectors, excluded, n,
                lambda row, vectors: naive_product(row, vectors, rule.multiplied, epsilon),
            )  # fmt: skip

    @pytest.mark.usefixtures("small_blocks")
    @pytest.mark.parametrize("n", [1, 5, 7, 8, 40, 200])
    def test_many_blocks_of_rows_and_questions(self, n):
        chance = np.random.default_rng(n)
        matrix = odd_matrix(chance.choice(KINDS, 102), 13, seed=n)
        matrix[0] = 1
        rows = chance.integers(102, size=(23, 1))
        vectors = to_unit(matrix[rows[:, 0]], np.float64)[:, None]
        self.check_cosines(matrix, Queries(vectors, rows.tolist()), n)

    @pytest.mark.usefixtures("small_blocks")
    def test_all_rows_equal(self):
        matrix = np.tile(np.float32([[1, 2, 3]]), (50, 1))
        vectors = to_unit(matrix[:11], np.float64)[:, None]
        questions = Queries(vectors, [[row, 0] for row in range(11)])
        for row, answer in enumerate(nearest(Space(matrix, row_norms(matrix)), questions, 4)):
            assert answer.rows.tolist() == [r for r in range(1, 6) if r != row][:4]

    @pytest.mark.usefixtures("small_blocks")
    def test_differences_that_float32_cannot_tell(self):
        matrix = np.zeros((40, 3), np.float32)
        matrix[:, 0] = 1
        matrix[:, 1] = np.random.default_rng(4).permutation(40) * 1e-5
        answer = nearest(
            Space(matrix, row_norms(matrix)), Queries(np.array([[[1.0, 0, 0]]]), [[]]), 40
        )[0]
        assert answer.rows.tolist() == np.argsort(matrix[:, 1]).tolist()

    def test_search_restricted_to_the_first_rows(self):
        matrix = odd_matrix(["usual"] * 30, 5, seed=1)
        vectors = to_unit(matrix[20:21], np.float64)[None]
        space = Space(matrix, row_norms(matrix)[:12])
        answer = nearest(space, Queries(vectors, [[]]), 99)[0]
        assert sorted(answer.rows.tolist()) == list(range(12))
        assert len(all_scores(space, vectors[0])) == 12

    def test_no_queries(self):
        matrix = odd_matrix(["usual"] * 3, 5, seed=1)
        space = Space(matrix, row_norms(matrix))
        assert nearest(space, Queries(np.empty((0, 1, 5)), []), 3) == []
        answer = nearest(space, Queries(np.ones((1, 1, 5)), [[0, 1, 2]]), 3)[0]
        assert len(answer.rows) == 0


class TestAllScores:
    @QUICK
    @given(problems())
    def test_equal_the_naive_reference(self, problem):
        matrix, questions, _ = problem
        scores = all_scores(Space(matrix, row_norms(matrix)), questions.vectors[0, :1], COSINE)
        assert scores.dtype == np.float32
        for row, score in zip(matrix, scores, strict=True):
            if np.isfinite(row).all():
                assert score == pytest.approx(naive_cosine(row, questions.vectors[0]), abs=2e-6)
            else:
                assert np.isnan(score)


class TestNorms:
    @QUICK
    @given(st.lists(st.sampled_from(KINDS), min_size=1, max_size=20), st.integers(1, 9))
    def test_equal_the_naive_reference(self, kinds, dimensions):
        matrix = odd_matrix(kinds, dimensions, seed=3)
        lengths = row_norms(matrix)
        assert lengths.dtype == np.float64
        for row, length in zip(matrix.astype(np.float64), lengths, strict=True):
            if np.isfinite(row).all():
                assert length == pytest.approx(np.sqrt(sum(row * row)), rel=1e-6)
            else:
                assert np.isnan(length)

    def test_of_an_empty_matrix(self):
        assert row_norms(np.empty((0, 3), np.float32)).shape == (0,)


class TestMappedRows:
    def mapped(self):
        matrix = odd_matrix(["usual"] * 11, 7, seed=5)
        content = b"head" + b"".join(
            b"x" * (row % 4) + vector.tobytes() for row, vector in enumerate(matrix)
        )
        sizes = 28 + np.arange(11) % 4
        return matrix, MappedRows(content, 4 + np.cumsum(sizes) - 28, 7)

    def test_rows_are_those_of_the_matrix(self):
        matrix, mapped = self.mapped()
        assert mapped.shape == matrix.shape
        assert len(mapped) == 11
        assert mapped.nbytes == matrix.nbytes
        assert mapped.dtype == matrix.dtype
        for rows in (slice(None), slice(3, 9, 2), slice(5, 5), [4, 0, 4], np.array([2]), 6, -1, []):
            rows = np.empty(0, np.int64) if isinstance(rows, list) and not rows else rows
            found = mapped[rows]
            assert found.dtype == np.float32
            assert found.flags.c_contiguous
            assert found.flags.writeable
            assert np.array_equal(found, matrix[rows])
        assert np.array_equal(np.asarray(mapped), matrix)
        assert np.array_equal(mapped.select([8, 1])[:], matrix[[8, 1]])
        with pytest.raises(IndexError):
            mapped[11]

    def test_an_empty_matrix(self):
        mapped = MappedRows(b"abc", np.empty(0, np.int64), 5)
        assert mapped[:].shape == (0, 5)

    @pytest.mark.usefixtures("small_blocks")
    def test_neighbours_are_those_of_the_matrix(self):
        matrix, mapped = self.mapped()
        vectors = to_unit(matrix[[3, 8]], np.float64)[:, None]
        questions = Queries(vectors, [[3], [8, 1]])
        for ours, theirs in zip(
            nearest(Space(mapped, row_norms(mapped)), questions, 5),
            nearest(Space(matrix, row_norms(matrix)), questions, 5),
            strict=True,
        ):
            assert ours.rows.tolist() == theirs.rows.tolist()
            assert ours.scores.tolist() == theirs.scores.tolist()
