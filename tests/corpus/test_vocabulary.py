"""The vocabulary: its order, and its file."""

import io
import sys
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus.vocabulary import Vocabulary, rank
from fastw2v.errors import OutputError, VocabularyError
from fastw2v.io.encoding import to_bytes, to_word

spelled_words = st.binary(max_size=12).filter(lambda word: b"\n" not in word and word != b"</s>")


@pytest.fixture(scope="module")
def vocab_file(tmp_path_factory):
    return tmp_path_factory.mktemp("vocab") / "vocab.txt"


def vocabulary(**counts) -> Vocabulary:
    return Vocabulary(["</s>", *counts], np.array([7, *counts.values()]))


@settings(deadline=None, max_examples=100)
@given(st.dictionaries(spelled_words, st.integers(0, 2**50), min_size=1), st.integers(0, 2**50))
def test_any_words_survive_the_file(vocab_file, counts, sentence_ends):
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    words = ["</s>", *(to_word(spelled) for spelled, _ in ordered)]
    saved = Vocabulary(words, np.array([sentence_ends, *(count for _, count in ordered)]))
    saved.save(vocab_file)
    loaded = Vocabulary.load(vocab_file, min_count=0)
    assert loaded.words == words
    assert loaded.counts.tolist() == saved.counts.tolist()
    assert loaded.counts.dtype == np.int64


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(vocab_file, data):
    vocab_file.write_bytes(data)
    sound = False
    with suppress(VocabularyError):  # any other error fails the test
        loaded = Vocabulary.load(vocab_file)
        sound = True
    if sound:
        assert loaded.words[0] == "</s>"
        assert len(loaded) > 1
        assert (loaded.counts[1:] >= 1).all()


def test_the_file_is_as_the_c_program_writes_it(tmp_path):
    path = tmp_path / "vocab.txt"
    words = ["</s>", "the", to_word(b"caf\xe9"), "z"]
    Vocabulary(words, np.array([3, 300, 20, 20])).save(path)
    assert path.read_bytes() == b"</s> 3\nthe 300\ncaf\xe9 20\nz 20\n"
    assert Vocabulary.load(path).total == 343


def test_unsorted_files_without_sentence_end_on_windows(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(
        b"\xef\xbb\xbfrare 1\r\nNew York 12\r\n\r\ntab\t12\r\nzero 0\r\nthe 30\r\nrare 4\r\nlast 12"
    )
    loaded = Vocabulary.load(path)
    assert loaded.words == ["</s>", "the", "New York", "tab", "last", "rare"]
    assert loaded.counts.tolist() == [0, 30, 12, 12, 12, 5]  # rare: 1 + 4
    assert Vocabulary.load(path, min_count=0).words[-1] == "zero"
    assert Vocabulary.load(path, min_count=13).words == ["</s>", "the"]


def test_the_sentence_end_is_kept_whatever_its_count_and_place(tmp_path):
    path = tmp_path / "vocab.txt"
    path.write_bytes(b"the 30\nof 20\n</s> 2\n")
    loaded = Vocabulary.load(path, min_count=10)
    assert loaded.words == ["</s>", "the", "of"]
    assert loaded.counts.tolist() == [2, 30, 20]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"the 5\nof\n", "line 2: expected a word, a space and a count, not 'of'"),
        (b"the 5\nof -3\n", "line 2: expected a word, a space and a count, not 'of -3'"),
        (b"2 3\nthe 0.1 0.2 0.3\n", "line 2: expected a word, a space and a count, not 'the 0"),
        (b"the \xb2\n", r"line 1: expected a word, a space and a count, not 'the \udcb2'"),
        (b"the 5\nof 4611686018427387904\n", "the counts add up to more than 4,611,686,018,427,"),
        (b"the " + b"9" * 5000, "the counts add up to more than"),
        (b"", "none of its 0 words has a count of 1 or more"),
        (b"</s> 9\n\n", "none of its 0 words has a count of 1 or more"),
        (b"the 0\n", "none of its 1 words has a count of 1 or more; lower min_count"),
    ],
)
def test_errors_name_the_line(tmp_path, content, message):
    path = tmp_path / "vocab.txt"
    path.write_bytes(content)
    with pytest.raises(VocabularyError) as caught:
        Vocabulary.load(path)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(VocabularyError, match=r"vocab\.txt: cannot be read: No such file"):
        Vocabulary.load(tmp_path / "vocab.txt")


def test_saving_keeps_the_old_file_when_it_fails(tmp_path):
    path = tmp_path / "vocab.txt"
    vocabulary(the=5).save(path)
    with pytest.raises(OutputError, match="newline"):
        Vocabulary(["</s>", "a\nb"], np.array([1, 1])).save(path)
    assert path.read_bytes() == b"</s> 7\nthe 5\n"
    with pytest.raises(OutputError, match="missing"):
        vocabulary(the=5).save(tmp_path / "missing" / "vocab.txt")
    assert [entry.name for entry in tmp_path.iterdir()] == ["vocab.txt"]


def test_saving_to_standard_output(monkeypatch):
    stdout = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stdout))
    vocabulary(the=5, of=4).save("-")
    assert stdout.getvalue() == b"</s> 7\nthe 5\nof 4\n"


def test_words_and_counts_must_match():
    with pytest.raises(VocabularyError, match="must start with </s>"):
        Vocabulary(["the"], np.array([5]))
    with pytest.raises(VocabularyError, match="as many counts"):
        Vocabulary(["</s>", "the"], np.array([5]))
    assert len(vocabulary(the=5, of=4)) == 3


def test_rank_orders_by_count_then_by_first_position():
    counts = np.array([0, 4, 9, 4, 1, 4])
    firsts = np.array([0, 50, 10, 30, 5, 40])
    assert rank(counts, firsts, 2).tolist() == [0, 2, 3, 5, 1]
    assert rank(counts, firsts, 2, 2).tolist() == [0, 2, 3]
    assert rank(counts, firsts, 0).tolist() == [0, 2, 3, 5, 1, 4]
    assert rank(counts, firsts, 99).tolist() == [0]


def test_words_and_bytes_convert_both_ways():
    for spelled in (b"caf\xc3\xa9", b"caf\xe9", b"\xed\xa0\x80", b""):
        assert to_bytes(to_word(spelled)) == spelled
