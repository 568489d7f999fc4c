"""Training from given vectors, and words that stay where they are."""

import numpy as np
import pytest

import fastw2v
from fastw2v import formats
from fastw2v.errors import FormatError, SettingsError, in_python, spell
from fastw2v.io.word_lists import read_words
from fastw2v.progress import Progress

SMALL = {"size": 7, "epochs": 1, "threads": 1, "min_count": 1}


class Recorder(Progress):
    def __init__(self):
        self.lines = []

    def message(self, text):
        self.lines.append(text)


@pytest.fixture
def given(tmp_path):
    """A file of vectors for two words of the tiny corpus, one of no corpus, one unsound."""
    rng = np.random.default_rng(3)
    matrix = rng.normal(0, 1, (4, 7)).astype(np.float32)
    matrix[3, 2] = np.nan
    path = tmp_path / "given.txt"
    formats.save(path, ["the", "nowhere", "of", "unsound"], matrix)
    return path


def nearly_still(corpus, **more):
    """Vectors after an epoch at a rate so low that nothing moves by more than rounding."""
    return fastw2v.train(corpus, alpha=1e-12, **SMALL, **more)


def test_words_start_from_their_given_vectors_and_the_others_as_without(tiny_corpus, given):
    words, matrix = formats.load(given)
    told = Recorder()
    plain = nearly_still(tiny_corpus)
    started = nearly_still(tiny_corpus, init=given, progress=told)
    for word in plain.words:
        expected = matrix[words.index(word)] if word in words else plain[word]
        np.testing.assert_allclose(started[word], expected, atol=1e-6)
    assert "nowhere" not in started
    assert f"2 of {len(plain):,} words start from given vectors" in told.lines


def test_faults_of_the_given_file_are_told(tiny_corpus, given):
    told = Recorder()
    nearly_still(tiny_corpus, init=given, progress=told)
    assert any("given.txt" in line and "NaN" in line for line in told.lines)


def test_loaded_vectors_do_as_well_as_a_file(tiny_corpus, given):
    from_file = nearly_still(tiny_corpus, init=given)
    from_memory = nearly_still(tiny_corpus, init=fastw2v.load(given))
    assert from_file.matrix.tobytes() == from_memory.matrix.tobytes()


def test_training_goes_on_from_a_trained_model(tiny_corpus, tmp_path):
    first = fastw2v.train(tiny_corpus, **(SMALL | {"epochs": 8}))
    first.save(tmp_path / "first.bin")
    again = fastw2v.train(tiny_corpus, init=tmp_path / "first.bin", **SMALL)
    fresh = fastw2v.train(tiny_corpus, **SMALL)

    def distance(one, other):
        return np.abs(one.matrix - other.matrix).mean()

    assert distance(again, first) < distance(fresh, first) / 2
    assert again.matrix.tobytes() != first.matrix.tobytes()


@pytest.mark.parametrize("model", ["cbow", "skipgram"])
@pytest.mark.parametrize("threads", [1, 2])
def test_frozen_words_do_not_move(tiny_corpus, given, model, threads):
    words, matrix = formats.load(given)
    told = Recorder()
    settings = SMALL | {"threads": threads, "model": model}
    trained = fastw2v.train(
        tiny_corpus, init=given, freeze=["of", "nowhere"], progress=told, **settings
    )
    np.testing.assert_array_equal(trained["of"], matrix[words.index("of")])
    assert np.abs(trained["the"] - matrix[words.index("the")]).max() > 1e-4
    assert any("1 of them frozen" in line for line in told.lines)
    notes = [spell(line, in_python) for line in told.lines]
    assert any(note.startswith("1 freeze words not frozen") for note in notes)


def test_an_unsound_vector_is_no_start(tmp_path, tiny_corpus):
    matrix = np.full((1, 7), np.inf, np.float32)
    formats.save(tmp_path / "unsound.npy", ["the"], matrix)
    started = nearly_still(tiny_corpus, init=tmp_path / "unsound.npy")
    assert started.matrix.tobytes() == nearly_still(tiny_corpus).matrix.tobytes()


def test_what_makes_no_sense_is_refused_before_the_corpus_is_read(given):
    def unread():
        raise AssertionError("the corpus is read")
        yield

    with pytest.raises(SettingsError, match=r"given\.txt.* 7 dimensions.*size is 8"):
        fastw2v.train(unread(), init=given, size=8)
    with pytest.raises(SettingsError, match="init"):
        fastw2v.train(unread(), freeze=["the"])
    with pytest.raises(SettingsError, match="exact"):
        fastw2v.train(unread(), init=given, freeze=["the"], size=7, exact=True)
    with pytest.raises(SettingsError, match="collection"):
        fastw2v.train(unread(), init=given, freeze=3, size=7)
    with pytest.raises(FormatError, match="cannot be read"):
        fastw2v.train(unread(), init=given, freeze="no list", size=7)


def test_lists_of_words(tmp_path):
    path = tmp_path / "list.txt"
    path.write_bytes(b"\xef\xbb\xbfNew York\r\n\nna\xffve\n \nlast")
    assert read_words(path) == ["New York", "na\udcffve", " ", "last"]
    path.write_bytes(b"\n\r\n")
    with pytest.raises(FormatError, match="no words in it"):
        read_words(path)
