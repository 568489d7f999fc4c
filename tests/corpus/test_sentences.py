"""Token lists in Python -> corpus."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import read_corpus, read_sentences, sentences
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import CorpusError

tokens = st.one_of(
    st.sampled_from(["the", "New York", "of", "</s>", b"the", 7, "7", -3, np.int64(7)]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1),
)


def as_word(token):
    return token.decode() if isinstance(token, bytes) else str(token)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.lists(tokens, max_size=8), max_size=12), st.integers(1, 2))
def test_any_token_lists_become_the_right_ids(texts, min_count):
    words = [[as_word(token) for token in sentence] for sentence in texts]
    stream = [word for sentence in words for word in [*sentence, "</s>"]]
    counts = Counter(stream)
    kept = sorted((word for word in counts if word != "</s>"), key=lambda word: -counts[word])
    kept = ["</s>", *(word for word in kept if counts[word] >= min_count)]
    if len(kept) == 1:
        with pytest.raises(CorpusError, match="the sentences given: "):
            read_sentences(texts, min_count=min_count)
        return
    corpus = read_sentences(texts, min_count=min_count)
    assert corpus.vocabulary.words == kept
    assert corpus.vocabulary.counts.tolist() == [counts[word] for word in kept]
    assert corpus.ids.tolist() == [kept.index(word) for word in stream if word in kept]
    assert corpus.ids.dtype == np.int32
    assert corpus.sentences == counts["</s>"]
    assert corpus.words_read == len(stream) - counts["</s>"]


def test_token_lists_give_the_same_corpus_as_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(sentences, "_BATCH", 5)
    texts = [["tie", "b", "b"], [], ["third", "tie", "x"], ["third", "\udcff"]]
    path = tmp_path / "text.txt"
    path.write_bytes(b"tie b b\n\nthird tie x\nthird \xff\n")
    for options in ({"min_count": 1}, {"min_count": 2, "max_vocab": 2}):
        from_lists = read_sentences(iter(texts), **options)
        from_file = read_corpus(path, **options)
        assert from_lists.vocabulary.words == from_file.vocabulary.words
        assert from_lists.ids.tolist() == from_file.ids.tolist()
        assert from_lists.words_known == from_file.words_known


def test_a_given_vocabulary(monkeypatch):
    known = Vocabulary(["</s>", "b", "a c"], np.array([0, 9, 8]))
    corpus = read_sentences([["a c", "b"], ["a", "b"]], vocabulary=known)
    assert corpus.vocabulary is known
    assert corpus.ids.tolist() == [2, 1, 0, 1, 0]
    assert (corpus.words_read, corpus.words_known, corpus.sentences) == (4, 3, 2)


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ("one text", "sentences must be lists of tokens, not a string"),
        (
            [["fine"], "the text"],
            "sentence 2: expected a list of tokens, not the string 'the text'",
        ),
        ([b"bytes"], "sentence 1: expected a list of tokens, not the string b'bytes'"),
        ([["fine"], 5], "sentence 2: expected a list of tokens, not 5"),
        ([["fine", ""]], "sentence 1: a token is empty"),
        ([["fine", b""]], "sentence 1: a token is empty"),
        ([["fine", "a\nb"]], "sentence 1: a newline in the token"),
        ([["fine", "\ud800"]], "sentence 1: the token '\\ud800' is not valid Unicode"),
        ([["fine", 1.5]], "sentence 1: a token must be str, bytes or int, not 1.5"),
        ([["fine", True]], "sentence 1: a token must be str, bytes or int, not True"),
        ([["fine", None]], "sentence 1: a token must be str, bytes or int, not None"),
        ([], "the sentences given: no words in it"),
        ([[], []], "the sentences given: no words in it"),
        ([["a", "b", "b"]], "the sentences given: read 3 words, 2 distinct, none occurs 5 times"),
    ],
)
def test_other_types_are_errors(texts, message):
    with pytest.raises(CorpusError) as caught:
        read_sentences(texts)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)
