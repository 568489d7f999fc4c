"""Counts of words, read from and written to a vocabulary file beside the vectors."""

import gzip

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import FormatError, OutputError, SettingsError, VocabularyError
from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import gensim_class

WORDS = ["</s>", "naïve", "b", "a", "r\udce9sum\udce9"]
COUNTS = [9, 7, 3, 3, 1]


@pytest.fixture
def vectors():
    matrix = np.random.default_rng(4).normal(size=(5, 3))
    return WordVectors(WORDS, matrix, counts=COUNTS)


class TestRoundTrip:
    @pytest.mark.parametrize("name", ["v.bin", "v.txt", "v.npy", "v.bin.gz", "v"])
    def test_beside(self, vectors, tmp_path, name):
        vectors.save(tmp_path / name, vocab=True)
        assert (
            (tmp_path / "v.vocab.txt")
            .read_bytes()
            .startswith(b"</s> 9\nna\xc3\xafve 7\nb 3\na 3\n")
        )
        found = fastw2v.load(tmp_path / name, vocab=True)
        assert found.counts.tolist() == COUNTS
        assert found.counts.dtype == np.int64
        assert found.get_vecattr("b", "count") == 3
        assert found.notes == []
        assert fastw2v.load(tmp_path / name).counts is None
        assert fastw2v.load(tmp_path / name, limit=2, vocab=True).counts.tolist() == COUNTS[:2]

    def test_gensim_gets_true_counts(self, vectors, tmp_path):
        some = vectors.vectors_for_all(WORDS[:4], copy_vecattrs=True)
        some.save(tmp_path / "v.bin", vocab=tmp_path / "vocab.txt")
        read = gensim_class().load_word2vec_format(
            str(tmp_path / "v.bin"), fvocab=str(tmp_path / "vocab.txt"), binary=True
        )
        assert [read.get_vecattr(word, "count") for word in WORDS[:4]] == COUNTS[:4]

    def test_of_training(self, tmp_path):
        text = tmp_path / "text.txt"
        text.write_text("a b b c c c c\n" * 30)
        options = {"size": 4, "epochs": 1, "threads": 1}
        trained = fastw2v.train(text, save_vocab=tmp_path / "vocab.txt", **options)
        assert dict(zip(trained.words, trained.counts.tolist(), strict=True)) == {
            "</s>": 30, "c": 120, "b": 60, "a": 30
        }  # fmt: skip
        trained.save(tmp_path / "v.bin")
        found = fastw2v.load(tmp_path / "v.bin", vocab=tmp_path / "vocab.txt")
        assert found.counts.tolist() == trained.counts.tolist()

    def test_windows_line_ends_order_and_more_words(self, vectors, tmp_path):
        vectors.save(tmp_path / "v.txt")
        lines = ["other 4", "a 3", "b 3", "", "naïve\t7", "</s> 9"]
        content = "\r\n".join(lines).encode() + b"\r\nr\xe9sum\xe9 1\r\n"
        (tmp_path / "vocab").write_bytes(content)
        assert fastw2v.load(tmp_path / "v.txt", vocab=tmp_path / "vocab").counts.tolist() == COUNTS


class TestFaults:
    def test_words_without_a_count(self, vectors, tmp_path):
        vectors.save(tmp_path / "v.bin")
        (tmp_path / "vocab").write_text("b 3\nother 9\n")
        found = fastw2v.load(tmp_path / "v.bin", vocab=tmp_path / "vocab")
        assert found.counts.tolist() == [0, 0, 3, 0, 0]
        assert "vocab: no count for 3 of 5 words: 'naïve', 'a', " in found.notes[0]
        with pytest.raises(VocabularyError, match="no count for 3 of 5 words"):
            fastw2v.load(tmp_path / "v.bin", vocab=tmp_path / "vocab", strict=True)

    def test_another_vocabulary(self, vectors, tmp_path):
        vectors.vectors_for_all(["a", "b"]).save(tmp_path / "v.bin")
        (tmp_path / "vocab").write_text("x 3\ny 9\n")
        with pytest.raises(VocabularyError, match="use the vocabulary of the same text"):
            fastw2v.load(tmp_path / "v.bin", vocab=tmp_path / "vocab")

    @pytest.mark.parametrize(
        "content", [b"", b"a b c\n", b"a\n", gzip.compress(b"a 3\n"), b"\0" * 90]
    )
    def test_no_vocabulary_file(self, vectors, tmp_path, content):
        vectors.save(tmp_path / "v.bin")
        (tmp_path / "vocab").write_bytes(content)
        with pytest.raises(VocabularyError, match="vocab"):
            fastw2v.load(tmp_path / "v.bin", vocab=tmp_path / "vocab")

    def test_missing(self, vectors, tmp_path):
        vectors.save(tmp_path / "v.bin")
        with pytest.raises(VocabularyError, match=r"v\.vocab\.txt: cannot be read: No such file"):
            fastw2v.load(tmp_path / "v.bin", vocab=True)

    def test_nothing_is_written_without_counts(self, tmp_path):
        vectors = WordVectors(["a"], [[1]])
        with pytest.raises(OutputError, match=r"have no counts; load them with vocab"):
            vectors.save(tmp_path / "v.bin", vocab=True)
        assert list(tmp_path.iterdir()) == []

    def test_one_file_for_both(self, vectors, tmp_path):
        for vocab in (
            tmp_path / "v.npy",
            tmp_path / "v.words.txt",
            tmp_path / "x" / ".." / "v.npy",
        ):
            with pytest.raises(OutputError, match="the same file"):
                vectors.save(tmp_path / "v.npy", vocab=vocab)
        with pytest.raises(OutputError, match="nowhere"):
            vectors.save(tmp_path / "v.npy", vocab=tmp_path / "nowhere" / "vocab")
        assert list(tmp_path.iterdir()) == []

    def test_standard_output_has_no_name(self, vectors):
        with pytest.raises(SettingsError, match="vocab is True, but - has no name"):
            vectors.save("-", vocab=True)

    @pytest.mark.parametrize("counts", [[1, 2], [1.5] * 5, [-1, 2, 3, 4, 5], ["a"] * 5, 3])
    def test_numbers_that_are_no_counts(self, vectors, counts):
        with pytest.raises(FormatError, match="give a whole number from 0 on for each"):
            vectors.counts = counts
        with pytest.raises(FormatError, match="give a whole number"):
            WordVectors(WORDS, vectors.matrix, counts=counts)
        assert vectors.counts.tolist() == COUNTS
