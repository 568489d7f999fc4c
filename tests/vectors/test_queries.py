"""Items, vectors as queries, and searches among given words."""

import numpy as np
import pytest

from fastw2v.errors import FormatError, SettingsError, UnknownWordError
from fastw2v.vectors.word_vectors import WordVectors


@pytest.fixture
def vectors():
    """Integers are among the words, and none stands in the row of its number."""
    matrix = np.random.default_rng(5).normal(size=(90, 6)).astype(np.float32)
    matrix[80] = matrix[81] = matrix[82]
    return WordVectors([*(f"w{row}" for row in range(60)), *map(str, range(30))], matrix)


def near(found, expected):
    """The same words, and scores up to rounding."""
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [score for _, score in found] == pytest.approx([score for _, score in expected])


class TestItems:
    @pytest.mark.parametrize("item", [7, np.int64(7), np.uint8(7), "7", b"7", np.str_("7")])
    def test_integers_and_bytes_are_words(self, vectors, item):
        assert item in vectors
        assert vectors[item].tolist() == vectors.matrix[67].tolist()
        assert vectors.row(item) == vectors.get_index(item) == 67
        assert vectors.similar(item) == vectors.similar("7") == vectors.most_similar(item)
        assert vectors.analogy(item, "w1", 9) == vectors.analogy("7", "w1", "9")

    def test_lists_of_them(self, vectors):
        wanted = vectors.matrix[[67, 3]].tolist()
        for items in ([7, "w3"], ("7", "w3"), np.array(["7", "w3"]), (x for x in (7, b"w3"))):
            assert vectors[items].tolist() == wanted
        assert vectors[np.array([7, 9])].tolist() == vectors.matrix[[67, 69]].tolist()
        assert vectors[[]].shape == (0, 6)
        assert vectors.similar([7, "w3"]) == vectors.similar(np.array(["7", "w3"]))

    @pytest.mark.parametrize("item", [30, -1, 7.0, True, None, slice(2), ("w1", 2.5), object()])
    def test_others_are_unknown(self, vectors, item):
        if not isinstance(item, tuple):
            assert item not in vectors
        with pytest.raises(UnknownWordError):
            vectors[item]

    def test_a_row_number_is_told_where_rows_are(self, vectors):
        with pytest.raises(UnknownWordError, match=r"row 77 is vectors.matrix\[77\]"):
            vectors.similar(77)

    def test_words_given_as_integers(self):
        vectors = WordVectors([20, 10], np.eye(2))
        assert vectors.words == ["20", "10"]
        assert vectors[10].tolist() == [0, 1]
        with pytest.raises(FormatError, match=r"1.5 is not a word"):
            WordVectors([1.5], np.eye(1))
        with pytest.raises(FormatError, match="occurs twice"):
            WordVectors([20, "20"], np.eye(2))

    def test_iteration(self, vectors):
        assert list(vectors) == vectors.words
        assert len(vectors) == len(set(vectors)) == 90

    def test_one_vector_is_read_only(self, vectors):
        with pytest.raises(ValueError, match="read-only"):
            vectors["w3"][0] = 9
        vectors[["w3"]][0] = 9  # a copy


class TestVectorsAsQueries:
    def test_one(self, vectors):
        found = vectors.similar(vectors["w3"], 5)
        assert found[0] == ("w3", pytest.approx(1))
        near(found[1:], vectors.similar("w3", 4))
        near(vectors.similar(vectors["w3"] * 1000, 5), found)
        near(vectors.similar(vectors["w3"].astype(np.float64), 5), found)

    def test_several(self, vectors):
        both = vectors.similar([vectors["w3"], vectors["w4"]], 92)
        assert both == vectors.similar(vectors[["w3", "w4"]], 92)
        mixed = vectors.similar(["w3", vectors["w4"]], 92)
        near(mixed, [pair for pair in both if pair[0] != "w3"])

    def test_many(self, vectors):
        queries = [vectors["w3"], "w5", ["w6", vectors["w7"]], []]
        assert vectors.similar_many(queries, 4) == [vectors.similar(each, 4) for each in queries]

    @pytest.mark.parametrize(
        "query", [np.ones(5), np.ones((2, 5)), np.array(3.0), np.ones(6, complex), [np.ones(0)]]
    )
    def test_of_another_shape(self, vectors, query):
        with pytest.raises(FormatError, match=r"a query vector of shape .* give 6 numbers"):
            vectors.similar(query)
        with pytest.raises(FormatError, match="give 6 numbers"):
            vectors.most_similar(query)

    @pytest.mark.parametrize("query", [2.5, [0.5, 0.5], None, [None], object()])
    def test_of_another_type(self, vectors, query):
        if query is None:
            assert vectors.similar(query) == []
            return
        with pytest.raises(UnknownWordError, match="is not a word"):
            vectors.similar(query)

    def test_without_a_direction(self, vectors):
        with pytest.raises(FormatError, match="query vector has NaN"):
            vectors.similar(["w3", np.full(6, np.nan)])
        assert {score for _, score in vectors.similar(np.zeros(6))} == {0.0}

    @pytest.mark.parametrize("n", ["3", 2.5, None, True])
    def test_numbers_of_answers(self, vectors, n):
        for ask in (vectors.similar, vectors.most_similar):
            if n is None and ask == vectors.most_similar:
                continue
            with pytest.raises(SettingsError, match="must be a whole number"):
                ask("w3", **{"n" if ask == vectors.similar else "topn": n})
        assert vectors.similar("w3", np.int64(2)) == vectors.similar("w3", 2)


class Maker:
    """Makes vectors of words that start with "new"."""

    def make(self, word):
        return np.arange(6, dtype=np.float32) if word.startswith("new") else None


class TestMadeVectors:
    def test_unknown_words_get_them_everywhere(self, vectors):
        vectors.subwords = Maker()
        made = np.arange(6, dtype=np.float32)
        assert vectors["new"].tolist() == vectors.get_vector("newer").tolist() == made.tolist()
        assert vectors[["new", "w3"]].tolist() == [made.tolist(), vectors.matrix[3].tolist()]
        assert "new" not in vectors
        near(vectors.similar("new", 5), vectors.similar(made, 5))
        near(vectors.similar(["new", "w3"], 5), vectors.similar([made, "w3"], 5))
        near(vectors.most_similar("new", "w3"), vectors.most_similar(made / 55**0.5, "w3"))
        question = [made / 55**0.5, "w5"], "w3"
        near(vectors.analogy("w3", "new", "w5"), vectors.most_similar(*question))
        assert (
            vectors.get_mean_vector(["new", "old"], pre_normalize=False).tolist() == made.tolist()
        )
        assert vectors.similarity("new", "w3") == pytest.approx(
            vectors.cosine_similarities(made, vectors[["w3"]])[0]
        )
        assert vectors.made_from_ngrams(["new", "w3", "newer"]) == ["new", "newer"]

    def test_others_stay_unknown(self, vectors):
        vectors.subwords = Maker()
        for ask in (vectors.similar, vectors.__getitem__, vectors.row, vectors.most_similar):
            with pytest.raises(UnknownWordError, match="'old' is not in the vocabulary"):
                ask("old")
        with pytest.raises(UnknownWordError, match="'old'"):
            vectors.made_from_ngrams(["new", "old"])


class TestAmong:
    def some(self, vectors):
        return [vectors.words[row] for row in (40, 7, 88, 7, 3, 82, 80, 81)]

    def test_equals_the_filtered_list(self, vectors):
        some = self.some(vectors)
        for query in ("w1", "w7", ["w7", "w40"], vectors["w9"]):
            every = vectors.similar(query, 90)
            wanted = [pair for pair in every if pair[0] in some]
            assert vectors.similar(query, 90, among=some) == wanted
            assert vectors.similar(query, 2, among=some) == wanted[:2]
            assert vectors.similar_many([query], 2, some) == [wanted[:2]]
        for rule in ("add", "multiply"):
            every = vectors.analogy("w1", "w7", "w9", 90, rule)
            wanted = [pair for pair in every if pair[0] in some]
            assert vectors.analogy("w1", "w7", "w9", 90, rule, among=some) == wanted

    def test_ties_by_row_whatever_the_order_of_the_list(self, vectors):
        found = vectors.similar("20", 9, among=["22", "w1", "21"])
        assert [word for word, _ in found] == ["21", "22", "w1"]

    def test_any_collection_of_items(self, vectors):
        wanted = vectors.similar("w1", among=["7", "8"])
        texts, numbers = np.array(["8", "7"]), np.array([7, 8])
        for some in ((7, 8), {"7", "8"}, {"8": 1, "7": 2}, texts, numbers, (x for x in "78")):
            assert vectors.similar("w1", among=some) == wanted

    def test_nothing_to_find(self, vectors):
        assert vectors.similar("w1", among=[]) == []
        assert vectors.similar("w1", among=["w1"]) == []

    def test_errors(self, vectors):
        with pytest.raises(UnknownWordError, match="'w61' is not in the vocabulary"):
            vectors.similar("w1", among=["w2", "w61"])
        with pytest.raises(SettingsError, match="among is 'w2'; give a list of words"):
            vectors.similar("w1", among="w2")

    def test_rows_in_a_file(self, vectors, tmp_path):
        vectors.save(tmp_path / "v.bin")
        mapped = WordVectors.load(tmp_path / "v.bin", mapped=True)
        some = self.some(vectors)
        assert mapped.similar("w1", 3, among=some) == vectors.similar("w1", 3, among=some)
