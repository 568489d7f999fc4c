"""Vectors of sentences in Python: `WordVectors.embed` against a plain float64 twin."""

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import CorpusError, SettingsError, VocabularyError
from tests.support.naive_sentences import naive_means, naive_sif

WORDS = ["</s>", "the", "king", "of", "queen", "New York", "7", "bad", "nought", "na\udcffve"]
COUNTS = {"</s>": 900, "the": 500, "king": 20, "of": 300, "queen": 11, "other": 100}
SENTENCES = [
    "the king of  the\tqueen\r\n",
    ["the", "New York", "nobody"],
    "",
    "nobody knows",
    ("king", b"na\xffve", 7),
    "king bad nought",
    [],
    "queen of the\nking",
]
TOKENS = [
    ["the", "king", "of", "the", "queen"],
    ["the", "New York", "nobody"],
    [],
    ["nobody", "knows"],
    ["king", "na\udcffve", "7"],
    ["king", "bad", "nought"],
    [],
    ["queen", "of", "the", "king"],
]
ZEROS = [2, 3, 6]


@pytest.fixture(scope="module")
def vectors():
    matrix = np.random.default_rng(8).normal(size=(len(WORDS), 6)).astype(np.float32)
    matrix[7, 2], matrix[8] = np.nan, 0
    return fastw2v.WordVectors(WORDS, matrix)


def close(found, expected):
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=2e-6, atol=2e-7)


def test_the_mean_is_that_of_the_twin(vectors):
    found = vectors.embed(SENTENCES)
    close(found, naive_means(vectors.matrix, vectors.index, TOKENS))
    assert not found[ZEROS].any()


def test_words_of_norm_1_and_sentences_of_norm_1(vectors):
    unit = vectors.matrix / np.linalg.norm(vectors.matrix, axis=1, keepdims=True).clip(1e-30)
    expected = naive_means(np.nan_to_num(unit), vectors.index | {"bad": 8}, TOKENS)
    expected[5] *= 3 / 2  # "bad" is no known word
    close(vectors.embed(SENTENCES, unit_words=True), expected)
    norms = np.linalg.norm(expected, axis=1, keepdims=True)
    found = vectors.embed(SENTENCES, unit_words=True, normalise=True)
    close(found, np.divide(expected, norms, where=norms > 0, out=np.zeros_like(expected)))


@pytest.mark.parametrize(("smoothing", "remove"), [(1e-3, 1), (0.1, 2), (1e-4, 0)])
def test_smooth_inverse_frequency_is_that_of_the_twin(vectors, smoothing, remove):
    found = vectors.embed(
        SENTENCES, method="sif", counts=COUNTS, smoothing=smoothing, remove=remove
    )
    close(found, naive_sif(vectors.matrix, vectors.index, TOKENS, COUNTS, smoothing, remove))
    assert not found[ZEROS].any()


def test_counts_are_a_mapping_a_vocabulary_or_its_file(vectors, tmp_path):
    expected = vectors.embed(SENTENCES, "sif", counts=COUNTS)
    lines = [f"{word} {count}\n" for word, count in COUNTS.items()]
    (tmp_path / "vocab.txt").write_text("".join(lines))
    path = tmp_path / "vocab.txt"
    for counts in (path, str(path), fastw2v.Vocabulary.load(path)):
        assert vectors.embed(SENTENCES, "sif", counts=counts).tobytes() == expected.tobytes()


def test_counts_of_the_vectors_are_used(vectors):
    own = [COUNTS.get(word, 0) for word in WORDS]
    counted = fastw2v.WordVectors(WORDS, vectors.matrix, counts=own)
    expected = vectors.embed(SENTENCES, "sif", counts=dict(zip(WORDS, own, strict=True)))
    assert counted.embed(SENTENCES, "sif").tobytes() == expected.tobytes()
    assert counted.embed(SENTENCES).tobytes() == vectors.embed(SENTENCES).tobytes()
    given = counted.embed(SENTENCES, "sif", counts=COUNTS)
    assert given.tobytes() != expected.tobytes()  # with the words that the vectors lack


def test_many_sentences_are_as_one_by_one(vectors):
    many = vectors.embed(iter(SENTENCES * 3000))
    assert many.tobytes() == np.tile(vectors.embed(SENTENCES), (3000, 1)).tobytes()


def test_no_sentences(vectors):
    for method, counts in (("mean", None), ("sif", COUNTS)):
        assert vectors.embed([], method, counts=counts).shape == (0, 6)


def test_where_nothing_would_be_left_nothing_is_removed(vectors):
    one = vectors.embed(["king"], "sif", counts=COUNTS)
    assert one.tobytes() == vectors.embed(["king"], "sif", counts=COUNTS, remove=0).tobytes()
    same = vectors.embed(["king"] * 5, "sif", counts=COUNTS, normalise=True)
    assert not same.any()  # not the direction of a rounding error


@pytest.mark.parametrize("scale", [1e-30, 1e30])
def test_scale_is_no_matter(vectors, scale):
    scaled = fastw2v.WordVectors(WORDS, vectors.matrix * np.float32(scale))
    expected = vectors.embed(SENTENCES, "sif", counts=COUNTS)
    found = scaled.embed(SENTENCES, "sif", counts=COUNTS)
    np.testing.assert_allclose(found / scale, expected, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        ("one sentence", "expected a list of sentences, not str"),
        ({"text": "a"}, "expected a list of sentences, not dict"),
        (5, "expected a list of sentences, not int"),
        ([["the"], 5], "sentence 2: expected a str or a list of tokens, not 5"),
        ([{"text": "a"}], "sentence 1: expected a str or a list of tokens, not {'text': 'a'}"),
        ([["the", None]], "sentence 1: a token must be str, bytes or int, not None"),
        ([["the"], [["king"]]], "sentence 2: a token must be str, bytes or int, not ['king']"),
    ],
)
def test_what_is_no_sentence_is_refused(vectors, sentences, message):
    with pytest.raises(CorpusError) as caught:
        vectors.embed(sentences)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"method": "max"}, SettingsError, "method is 'max'; it must be one of: mean, sif"),
        ({"method": "sif"}, SettingsError, "method='sif' needs word counts"),
        ({"counts": COUNTS}, SettingsError, "counts needs method='sif'"),
        ({"method": "sif", "counts": {"x": 3}}, VocabularyError, "no word with a vector has a"),
        ({"method": "sif", "counts": {}}, VocabularyError, "no word with a vector has a count"),
        ({"method": "sif", "counts": {"the": -1}}, VocabularyError, "a count is negative"),
        ({"method": "sif", "counts": COUNTS, "smoothing": 0}, SettingsError, "smoothing is 0"),
        ({"smoothing": float("nan")}, SettingsError, "smoothing is nan"),
        ({"remove": -1}, SettingsError, "remove is -1"),
    ],
)
def test_options_that_cannot_be(vectors, options, error, message):
    with pytest.raises(error) as caught:
        vectors.embed(["the king"], **options)
    assert message in str(caught.value)
