"""Neighbours against a plain float64 twin, and what questions about odd vectors get."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fastw2v.vectors
from fastw2v import formats
from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.vectors import WordVectors


def naive_similar(words, matrix, asked, n):
    """All cosines in float64, row by row; ties by row."""
    matrix = matrix.astype(np.float64)

    def unit(vector):
        length = np.sqrt(sum(vector * vector))
        return vector / length if length > 0 else vector

    query = unit(sum(unit(matrix[words.index(word)]) for word in asked))
    answers = [
        (-sum(unit(matrix[row]) * query), row)
        for row in range(len(words))
        if words[row] not in asked and np.isfinite(matrix[row]).all()
    ]
    return [(words[row], -negative) for negative, row in sorted(answers)[:n]]


def random_vectors(rows, dimensions, seed=3):
    matrix = np.random.default_rng(seed).normal(size=(rows, dimensions)).astype(np.float32)
    return WordVectors([f"w{row}" for row in range(rows)], matrix)


def check_against_twin(vectors, asked, n):
    found = vectors.similar(asked, n)
    expected = naive_similar(vectors.words, vectors.matrix, asked, n)
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [c for _, c in found] == pytest.approx([c for _, c in expected], abs=1e-12)


class TestSimilar:
    @settings(deadline=None, max_examples=40)
    @given(
        st.integers(2, 40),
        st.integers(1, 9),
        st.integers(1, 45),
        st.lists(st.integers(0, 1), min_size=1, max_size=3),
    )
    def test_is_what_the_twin_says(self, rows, dimensions, n, asked):
        vectors = random_vectors(rows, dimensions)
        check_against_twin(vectors, [f"w{row}" for row in asked], n)

    def test_over_many_blocks(self, monkeypatch):
        monkeypatch.setattr(fastw2v.vectors, "BLOCK", 7)
        check_against_twin(random_vectors(102, 13), ["w11", "w50", "w101"], 20)

    def test_mapped_file(self, tmp_path, monkeypatch):
        monkeypatch.setattr(fastw2v.vectors, "BLOCK", 7)
        in_memory = random_vectors(102, 13)
        in_memory.save(tmp_path / "v.npy")
        mapped = WordVectors.load(tmp_path / "v.npy")
        assert mapped.similar("w11", 20) == in_memory.similar("w11", 20)
        assert mapped._unit is None

    def test_cosines_closer_than_float32_can_tell(self):
        base = np.zeros((6, 3))
        base[:, 0] = 1
        base[:, 1] = [0, 3e-4, 1e-4, 4e-4, 2e-4, 1e-4]
        vectors = WordVectors(list("qdbeac"), base)
        assert [word for word, _ in vectors.similar("q", 5)] == ["b", "c", "a", "d", "e"]

    def test_ties_go_to_the_lower_row(self):
        matrix = random_vectors(5, 7).matrix[[0, 1, 2, 1, 3, 1, 4, 1]]
        vectors = WordVectors(list("abcdefgh"), matrix)
        found = vectors.similar("b", 2)
        assert [word for word, _ in found] == ["d", "f"]
        assert found[0][1] == found[1][1] == pytest.approx(1)

    def test_one_word_as_string_or_list(self):
        vectors = random_vectors(9, 4)
        assert vectors.similar("w3") == vectors.similar(["w3"])
        assert len(vectors.similar("w3")) == 8
        assert vectors.similar([]) == []

    def test_length_of_vectors_does_not_count(self):
        matrix = random_vectors(20, 5).matrix
        factors = np.float32(2) ** np.arange(-100, 100, 10)
        words = [f"w{row}" for row in range(20)]
        scaled = WordVectors(words, matrix * factors[:, None])
        check_against_twin(scaled, ["w2", "w17"], 10)
        check_against_twin(WordVectors(words, matrix), ["w2", "w17"], 10)

    def test_zero_vectors_have_cosine_zero(self):
        vectors = WordVectors(["a", "zero", "b", "c"], [[1, 2], [0, 0], [-1, -2], [2, 4]])
        found = dict(vectors.similar("a", 3))
        assert found == {"c": pytest.approx(1), "zero": 0, "b": pytest.approx(-1)}
        assert vectors.similar("zero", 3) == [("a", 0), ("b", 0), ("c", 0)]

    def test_rows_that_are_not_finite_are_no_neighbours(self):
        matrix = [[1, 2], [np.nan, 1], [2, 1], [np.inf, 1], [1, 0]]
        vectors = WordVectors(["a", "nan", "b", "inf", "c"], matrix)
        assert [word for word, _ in vectors.similar("a", 9)] == ["b", "c"]
        with pytest.raises(FormatError, match="vector of 'nan' holds NaN or infinity"):
            vectors.similar(["a", "nan"])


class TestWordVectors:
    def test_lookups(self):
        vectors = WordVectors(["a", "b", ""], [[1, 2], [3, 4], [5, 6]])
        assert len(vectors) == 3
        assert "b" in vectors
        assert "c" not in vectors
        assert vectors[""].tolist() == [5, 6]
        assert vectors["b"].dtype == np.float32
        assert vectors.index == {"a": 0, "b": 1, "": 2}
        assert vectors.report is None
        assert repr(vectors) == "<WordVectors: 3 words, 2 dimensions>"

    def test_save_and_load(self, tmp_path):
        vectors = random_vectors(30, 7)
        vectors.save(tmp_path / "v.bin")
        found = fastw2v.vectors.load(tmp_path / "v.bin", limit=20)
        assert found.words == vectors.words[:20]
        assert found.matrix.tobytes() == vectors.matrix[:20].tobytes()
        assert found.notes == []
        vectors.save(tmp_path / "v.out", format="text")
        assert formats.load(tmp_path / "v.out")[0] == vectors.words

    def test_notes_of_the_file_are_kept(self, tmp_path):
        (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\n")
        assert "promises 9 words" in WordVectors.load(tmp_path / "v").notes[0]
        with pytest.raises(FormatError, match="promises 9 words"):
            WordVectors.load(tmp_path / "v", strict=True)

    def test_shapes_that_do_not_fit(self):
        with pytest.raises(FormatError, match="one row for each word"):
            WordVectors(["a", "b"], [[1, 2]])
        with pytest.raises(FormatError, match="comes twice"):
            WordVectors(["a", "a"], [[1, 2], [3, 4]])

    def test_unknown_word_names_the_nearest(self):
        words = ["</s>", "the", "king", "queen", "kings", "viking"]
        vectors = WordVectors(words, np.eye(6))
        for ask in (vectors.__getitem__, vectors.similar):
            with pytest.raises(UnknownWordError) as caught:
                ask("kingg")
            expected = "'kingg' is not in the vocabulary; spelt nearly so: king, kings, viking"
            assert str(caught.value) == expected
        with pytest.raises(UnknownWordError, match=r"'zzz' .* no word is spelt nearly so"):
            vectors["zzz"]

    def test_empty(self):
        vectors = WordVectors([], np.empty((0, 3)))
        with pytest.raises(UnknownWordError):
            vectors.similar("a")
