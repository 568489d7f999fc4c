"""Neighbours and analogies against plain float64 twins, and what odd vectors get."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fastw2v.matrix.norms
import fastw2v.system.memory
import fastw2v.vectors.nearest
import fastw2v.vectors.word_vectors
from fastw2v import formats
from fastw2v.errors import FormatError, SettingsError, UnknownWordError
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.vectors.word_vectors import WordVectors


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
    def test_equals_the_naive_reference(self, rows, dimensions, n, asked):
        vectors = random_vectors(rows, dimensions)
        check_against_twin(vectors, [f"w{row}" for row in asked], n)

    def test_over_many_blocks(self, monkeypatch):
        monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", 7)
        check_against_twin(random_vectors(102, 13), ["w11", "w50", "w101"], 20)

    def test_many_queries_give_the_same_as_one_by_one(self, monkeypatch):
        monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", 40)
        monkeypatch.setattr(fastw2v.vectors.nearest, "QUERIES", 16)
        vectors = random_vectors(102, 13)
        queries = ["w5", ["w5"], [], ["w7", "w50", "w7"], *vectors.words]
        found = vectors.similar_many(queries, 6)
        assert found == [vectors.similar(query, 6) for query in queries]
        assert found[2] == []
        assert vectors.similar_many([], 6) == []
        assert vectors.similar_many(["w5", "w6"], 0) == [[], []]

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

    def test_norms_do_not_matter(self):
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

    def test_rows_that_are_not_finite_are_excluded(self):
        matrix = [[1, 2], [np.nan, 1], [2, 1], [np.inf, 1], [1, 0]]
        vectors = WordVectors(["a", "nan", "b", "inf", "c"], matrix)
        assert [word for word, _ in vectors.similar("a", 9)] == ["b", "c"]
        with pytest.raises(FormatError, match="vector of 'nan' has NaN or infinity"):
            vectors.similar(["a", "nan"])


def naive_analogy(vectors, question, rule):
    """The words by falling score, and the scores by word."""
    matrix = vectors.matrix.astype(np.float64)
    unit = [row / np.sqrt(sum(row * row)) for row in matrix]
    a, b, c = (unit[vectors.words.index(word)] for word in question)
    scores = {}
    for word, row in zip(vectors.words, unit, strict=True):
        if rule == "add":
            target = b - a + c
            scores[word] = sum(row * target) / np.sqrt(sum(target * target))
        else:
            to_a, to_b, to_c = ((1 + sum(row * other)) / 2 for other in (a, b, c))
            scores[word] = to_b * to_c / (to_a + 0.001)
    allowed = [word for word in vectors.words if word not in question]
    return sorted(allowed, key=lambda word: -scores[word]), scores


class TestAnalogy:
    @pytest.mark.parametrize("rule", ["add", "multiply"])
    def test_equals_the_naive_reference(self, rule):
        vectors = random_vectors(60, 7)
        questions = [("w0", "w1", "w2"), ("w9", "w4", "w33"), ("w5", "w5", "w6")]
        for question in questions:
            words, scores = naive_analogy(vectors, question, rule)
            found = vectors.analogy(*question, n=9, rule=rule)
            assert [word for word, _ in found] == words[:9]
            assert [s for _, s in found] == pytest.approx([scores[w] for w in words[:9]], abs=1e-9)
        many = vectors.analogy_many(questions, 9, rule)
        assert many == [vectors.analogy(*question, n=9, rule=rule) for question in questions]

    def test_order_of_the_words_counts(self):
        # b and c could be swapped, a could not: the answer must be found from any side.
        matrix = [[1, 0, 0, 0], [1, 0, 2, 0], [0, 1, 0, 0], [0, 1, 2, 0], [0, 0, 0, 1]]
        vectors = WordVectors(["man", "king", "woman", "queen", "of"], matrix)
        for rule in ("add", "multiply"):
            assert vectors.analogy("man", "king", "woman", n=1, rule=rule)[0][0] == "queen"
            assert vectors.analogy("king", "man", "queen", n=1, rule=rule)[0][0] == "woman"

    def test_errors(self):
        vectors = WordVectors(["a", "b", "nan"], [[1, 2], [3, 4], [np.nan, 0]])
        with pytest.raises(SettingsError, match="it must be one of: add, multiply"):
            vectors.analogy("a", "b", "a", rule="divide")
        with pytest.raises(UnknownWordError, match="'c' is not in the vocabulary"):
            vectors.analogy("a", "b", "c")
        with pytest.raises(FormatError, match="vector of 'nan' has NaN"):
            vectors.analogy("a", "nan", "b")


class TestMapped:
    def save(self, folder):
        vectors = random_vectors(102, 13)
        vectors.matrix[[5, 40]] = 0
        vectors.matrix[7, 3] = np.inf
        vectors.save(folder / "v.bin")
        return folder / "v.bin"

    @pytest.mark.parametrize("limit", [None, 60])
    def test_mapped_vectors_answer_as_loaded_ones(self, tmp_path, monkeypatch, limit):
        monkeypatch.setattr(fastw2v.matrix.norms, "BLOCK", 7)
        path = self.save(tmp_path)
        mapped = WordVectors.load(path, limit=limit, mapped=True)
        loaded = WordVectors.load(path, limit=limit, mapped=False)
        assert isinstance(mapped.matrix, MappedRows)
        assert isinstance(loaded.matrix, np.ndarray)
        assert mapped.words == loaded.words
        assert np.array_equal(mapped.matrix[:], loaded.matrix, equal_nan=True)
        assert mapped.notes == loaded.notes != []
        assert mapped.finite.tolist() == loaded.finite.tolist()
        assert mapped["w11"].tolist() == loaded["w11"].tolist()
        assert mapped[["w11", "w3"]].tolist() == loaded[["w11", "w3"]].tolist()
        assert mapped.unit_rows(9).tolist() == loaded.unit_rows(9).tolist()
        for n in (1, 20, 500):
            assert mapped.similar("w11", n) == loaded.similar("w11", n)
            question = ("w11", "w3", "w5")
            for rule in ("add", "multiply"):
                assert mapped.analogy(*question, n, rule) == loaded.analogy(*question, n, rule)

    def test_saving_mapped_vectors_gives_the_same_file(self, tmp_path):
        path = self.save(tmp_path)
        before = path.read_bytes()
        mapped = WordVectors.load(path, mapped=True)
        mapped.save(tmp_path / "copy.bin")
        assert (tmp_path / "copy.bin").read_bytes() == before
        mapped.save(path)  # onto itself
        assert path.read_bytes() == before
        mapped.save(tmp_path / "copy.txt")
        copy = WordVectors.load(tmp_path / "copy.txt")
        assert np.array_equal(copy.matrix, mapped.matrix[:], equal_nan=True)

    def test_repeated_words(self, tmp_path):
        formats.save(tmp_path / "v.bin", ["a", "b", "a", "c"], np.arange(8).reshape(4, 2))
        mapped = WordVectors.load(tmp_path / "v.bin", mapped=True)
        assert mapped.words == ["a", "b", "c"]
        assert mapped.matrix[:].tolist() == [[0, 1], [2, 3], [6, 7]]
        assert "1 rows repeat a word" in mapped.notes[0]

    @pytest.mark.parametrize(("free", "mapped"), [(2 * 102 * 13 * 4 - 2, True), (10**9, False)])
    def test_mapping_is_chosen_if_memory_is_short(self, tmp_path, monkeypatch, free, mapped):
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: free)
        vectors = WordVectors.load(self.save(tmp_path))
        assert isinstance(vectors.matrix, MappedRows) == mapped

    def test_mapping_is_not_chosen_if_free_memory_is_unknown(self, tmp_path, monkeypatch):
        monkeypatch.setattr("fastw2v.formats.reading.free_memory", lambda: None)
        assert isinstance(WordVectors.load(self.save(tmp_path)).matrix, np.ndarray)

    def test_text_and_compressed_files_are_loaded(self, tmp_path):
        vectors = random_vectors(20, 3)
        for name in ("v.txt", "v.bin.gz", "v.npy"):
            vectors.save(tmp_path / name)
            found = WordVectors.load(tmp_path / name, mapped=True)
            assert isinstance(found.matrix, np.ndarray)
            assert found.similar("w3") == vectors.similar("w3")


class TestWordVectors:
    def test_lookups(self):
        vectors = WordVectors(["a", "b", ""], [[1, 2], [3, 4], [5, 6]])
        assert len(vectors) == 3
        assert "b" in vectors
        assert "c" not in vectors
        assert vectors[""].tolist() == [5, 6]
        assert vectors["b"].dtype == np.float32
        assert vectors[["b", "a", "b"]].tolist() == [[3, 4], [1, 2], [3, 4]]
        assert vectors.rows(["", "a"]) == [2, 0]
        assert vectors.index == {"a": 0, "b": 1, "": 2}
        assert vectors.report is None
        assert repr(vectors) == "<WordVectors: 3 words, 2 dimensions>"

    def test_rows_are_found_before_and_after_the_dict_is_made(self):
        words = [f"w{row}" for row in range(40)]
        vectors = WordVectors(words, np.eye(40))
        for _ in range(2):
            assert [vectors.row(word) for word in words] == list(range(40))
            assert "w40" not in vectors
            assert 3 not in vectors

    def test_save_and_load(self, tmp_path):
        vectors = random_vectors(30, 7)
        vectors.save(tmp_path / "v.bin")
        found = fastw2v.vectors.word_vectors.load(tmp_path / "v.bin", limit=20)
        assert found.words == vectors.words[:20]
        assert found.matrix.tobytes() == vectors.matrix[:20].tobytes()
        assert found.notes == []
        vectors.save(tmp_path / "v.out", format="text")
        assert formats.load(tmp_path / "v.out")[0] == vectors.words

    def test_notes_of_the_file_are_kept(self, tmp_path):
        (tmp_path / "v").write_bytes(b"9 2\na 1 2\nb 3 4\n")
        assert "declares 9 words" in WordVectors.load(tmp_path / "v").notes[0]
        with pytest.raises(FormatError, match="declares 9 words"):
            WordVectors.load(tmp_path / "v", strict=True)

    def test_shapes_that_do_not_fit(self):
        with pytest.raises(FormatError, match="one row for each word"):
            WordVectors(["a", "b"], [[1, 2]])
        with pytest.raises(FormatError, match="occurs twice"):
            WordVectors(["a", "a"], [[1, 2], [3, 4]])

    def test_an_unknown_word_suggests_similar_spellings(self):
        words = ["</s>", "the", "king", "queen", "kings", "viking"]
        vectors = WordVectors(words, np.eye(6))
        for ask in (vectors.__getitem__, vectors.similar):
            with pytest.raises(UnknownWordError) as caught:
                ask("kingg")
            expected = "'kingg' is not in the vocabulary; did you mean king, kings, viking?"
            assert str(caught.value) == expected
        with pytest.raises(UnknownWordError, match=r"'zzz' .* no word has a similar spelling"):
            vectors["zzz"]

    def test_empty(self):
        vectors = WordVectors([], np.empty((0, 3)))
        with pytest.raises(UnknownWordError):
            vectors.similar("a")
