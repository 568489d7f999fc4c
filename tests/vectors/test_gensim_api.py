"""The same files and the same answers as gensim, which must be installed."""

import warnings

import numpy as np
import pytest

from fastw2v.errors import FormatError, UnknownWordError
from fastw2v.vectors.word_vectors import WordVectors

# Inside, gensim calls what it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated:DeprecationWarning")

NEAR = 1e-5  # gensim's cosines are float32


@pytest.fixture(scope="module")
def keyed_vectors():
    """gensim's class of word vectors."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of its dependencies are not ours
        return pytest.importorskip("gensim.models").KeyedVectors


@pytest.fixture(scope="module")
def ours():
    """520 words; their vectors lean to one side, as trained ones do, and have all lengths."""
    chance = np.random.default_rng(8)
    matrix = chance.normal(size=(520, 17)) + chance.normal(size=17)
    matrix *= chance.uniform(0.1, 9, size=(520, 1))
    words = ["</s>", "naïve", "New", "東京", *(f"word{row}" for row in range(4, 520))]
    return WordVectors(words, matrix)


@pytest.fixture(scope="module")
def theirs(keyed_vectors, ours):
    other = keyed_vectors(17)
    other.add_vectors(ours.words, ours.matrix)
    return other


def same_answers(found, expected):
    """The same words; order and scores as near as gensim's rounding lets them be."""
    assert [word for word, _ in found] == [word for word, _ in expected]
    assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=NEAR, rel=NEAR)


class TestFiles:
    @pytest.mark.parametrize("binary", [True, False])
    def test_gensim_reads_our_files(self, tmp_path, keyed_vectors, ours, binary):
        path = tmp_path / ("v.bin" if binary else "v.txt")
        ours.save(path)
        found = keyed_vectors.load_word2vec_format(str(path), binary=binary)
        assert found.index_to_key == ours.words
        assert found.vectors.tobytes() == ours.matrix.tobytes()

    @pytest.mark.parametrize("binary", [True, False])
    @pytest.mark.parametrize("mapped", [True, False])
    def test_files_of_gensim_are_read(self, tmp_path, theirs, binary, mapped):
        theirs.save_word2vec_format(str(tmp_path / "v"), binary=binary)
        found = WordVectors.load(tmp_path / "v", strict=True, mapped=mapped)
        assert found.words == theirs.index_to_key
        assert found.matrix[:].tobytes() == theirs.vectors.tobytes()


class TestAttributes:
    def test_names(self, ours, theirs):
        assert ours.key_to_index == theirs.key_to_index
        assert ours.index_to_key == theirs.index_to_key
        assert np.array_equal(ours.vectors, theirs.vectors)
        assert ours.vector_size == theirs.vector_size == 17
        assert len(ours) == len(theirs)
        for key in ("naïve", "missing", 520, -1, 2.5, None):
            assert ours.has_index_for(key) == theirs.has_index_for(key)
            assert ours.get_index(key, 7) == theirs.get_index(key, 7)

    def test_vectors_of_keys(self, ours, theirs):
        for key in ("naïve", "word519"):
            assert np.array_equal(ours.get_vector(key), theirs.get_vector(key))
            assert ours.get_vector(key, norm=True) == pytest.approx(
                theirs.get_vector(key, norm=True), abs=NEAR
            )
        words = ["New", "naïve", "New"]
        assert np.array_equal(ours[words], theirs[words])
        normed = theirs.get_normed_vectors()
        assert ours.get_normed_vectors() == pytest.approx(normed, abs=NEAR)

    def test_unknown_keys_are_key_errors_in_both(self, ours, theirs):
        for vectors in (ours, theirs):
            for ask in (
                lambda v: v["missing"],
                lambda v: v.get_vector("missing"),
                lambda v: v.get_index(520),
                lambda v: v.most_similar("missing"),
                lambda v: v.most_similar(["New"], ["missing"]),
                lambda v: v.most_similar_cosmul(["missing"]),
                lambda v: v.similarity("New", "missing"),
                lambda v: v.distances("New", ["missing"]),
            ):
                with pytest.raises(KeyError):
                    ask(vectors)
        with pytest.raises(UnknownWordError, match="did you mean word333"):
            ours.most_similar("wrod333")
        with pytest.raises(UnknownWordError, match=r"row 520 is vectors.matrix\[520\]"):
            ours.get_vector(520)


class TestMostSimilar:
    @pytest.mark.parametrize(
        ("positive", "negative"),
        [
            ("naïve", None),
            (["naïve"], None),
            (["word7", "New"], ["word9"]),
            (["word7", "word7"], []),
            (None, "word7"),
            (["word5", "word80"], ["word6"]),
            ("word4", None),
            ([("word7", 0.3), ("word8", 2.0)], [("word9", -0.7)]),
            ([("word7", 0.3), "word8"], "word9"),
        ],
    )
    def test_words_and_rows(self, ours, theirs, positive, negative):
        for topn in (1, 10, 600):
            found = ours.most_similar(positive, negative, topn=topn)
            same_answers(found, theirs.most_similar(positive, negative, topn=topn))

    def test_vectors(self, ours, theirs):
        vector = np.arange(17, dtype=np.float32) - 7
        for positive in (vector, [vector, "word7"], [(vector, 0.2), "word9"], ours.matrix[3:6]):
            same_answers(ours.most_similar(positive), theirs.most_similar(positive))
        same_answers(ours.similar_by_vector(vector, 5), theirs.similar_by_vector(vector, 5))

    def test_other_arguments(self, ours, theirs):
        same_answers(
            ours.most_similar("New", topn=20, restrict_vocab=100),
            theirs.most_similar("New", topn=20, restrict_vocab=100),
        )
        same_answers(ours.similar_by_word("New", 4), theirs.similar_by_word("New", 4))
        same_answers(ours.similar_by_key("New", 4), theirs.similar_by_key("New", 4))
        assert ours.most_similar("New", topn=0) == theirs.most_similar("New", topn=0) == []
        for vectors in (ours, theirs):
            with pytest.raises(ValueError):
                vectors.most_similar()

    def test_all_rows(self, ours, theirs):
        found = ours.most_similar(["word7", "New"], ["word9"], topn=None)
        assert found.dtype == np.float32
        expected = theirs.most_similar(["word7", "New"], ["word9"], topn=None)
        assert found == pytest.approx(expected, abs=NEAR)

    @pytest.mark.parametrize(
        ("positive", "negative"),
        [("naïve", None), ("word7", "word9"), (["word7", "New"], ["word9"]),
         (["word7", "New", "word5"], ["word9", "word8"])],
    )  # fmt: skip
    def test_cosmul(self, ours, theirs, positive, negative):
        for topn in (1, 10, 300):
            found = ours.most_similar_cosmul(positive, negative, topn=topn)
            same_answers(found, theirs.most_similar_cosmul(positive, negative, topn=topn))
        found = ours.most_similar_cosmul(positive, negative, topn=None)
        expected = theirs.most_similar_cosmul(positive, negative, topn=None)
        assert found == pytest.approx(expected, abs=NEAR, rel=NEAR)

    def test_cosmul_of_nothing(self, ours, theirs):
        assert ours.most_similar_cosmul("New", topn=0) == []
        for vectors in (ours, theirs):
            with pytest.raises(ValueError):
                vectors.most_similar_cosmul(negative=["New"])


class TestComparing:
    def test_pairs_and_lists(self, ours, theirs):
        for pair in (("New", "naïve"), ("word7", "word7"), ("word33", "東京")):
            assert ours.similarity(*pair) == pytest.approx(theirs.similarity(*pair), abs=NEAR)
            assert ours.distance(*pair) == pytest.approx(theirs.distance(*pair), abs=NEAR)
        lists = (["New", "word7", "word8"], ["naïve", "word7"])
        assert ours.n_similarity(*lists) == pytest.approx(theirs.n_similarity(*lists), abs=NEAR)
        for vectors in (ours, theirs):
            with pytest.raises(ZeroDivisionError):
                vectors.n_similarity(["New"], [])

    def test_distances(self, ours, theirs):
        vector = np.arange(17, dtype=np.float32) - 7
        for query in ("New", vector):
            for others in ((), ["naïve", "word7", "New"]):
                found = ours.distances(query, others)
                assert found.dtype == np.float32
                assert found == pytest.approx(theirs.distances(query, others), abs=NEAR)

    def test_doesnt_match(self, ours, theirs):
        chance = np.random.default_rng(2)
        for _ in range(30):
            words = chance.choice(ours.words, size=chance.integers(1, 7), replace=False).tolist()
            words.append("missing")
            assert ours.doesnt_match(words) == theirs.doesnt_match(words)
        with pytest.raises(UnknownWordError, match="none of the words"):
            ours.doesnt_match(["missing"])


def test_vectors_without_a_direction():
    vectors = WordVectors(["a", "zero", "nan", "b"], [[1, 2], [0, 0], [np.nan, 1], [2, 1]])
    assert vectors.similarity("a", "zero") == 0
    assert [word for word, _ in vectors.most_similar("a", topn=9)] == ["b", "zero"]
    assert np.isnan(vectors.most_similar("a", topn=None)).tolist() == [False, False, True, False]
    with pytest.raises(FormatError, match="vector of 'nan' has NaN or infinity"):
        vectors.similarity("a", "nan")
    with pytest.raises(FormatError, match="vector of 'nan' has NaN or infinity"):
        vectors.most_similar(["a", "nan"])
