"""More distinct words than the limit: rare ones are dropped while counting, with a warning."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import read_corpus
from fastw2v.corpus.lexicon import Lexicon
from fastw2v.corpus.reading import Limits
from fastw2v.corpus.words import decode
from fastw2v.progress import Progress


class Listening(Progress):
    def __init__(self):
        self.said = []

    def message(self, text):
        self.said.append(text)


def read(path, distinct, **more):
    progress = Listening()
    limits = Limits(block_bytes=60, distinct=distinct)
    corpus = read_corpus(path, min_count=1, limits=limits, progress=progress, **more)
    warnings = [message for message in progress.said if "dropped while counting" in message]
    return corpus, warnings


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32),
    tokens=st.integers(50, 1_500),
    distinct=st.integers(4, 120),
    threads=st.integers(1, 3),
    memory=st.sampled_from([1 << 20, 64]),
)
def test_counts_after_pruning_are_within_the_reported_error(
    tmp_path_factory, seed, tokens, distinct, threads, memory
):
    chance = np.random.default_rng(seed)
    words = [f"w{number}" for number in chance.zipf(1.3, tokens) % 900]
    lines = [" ".join(words[i : i + 7]) for i in range(0, tokens, 7)]
    path = tmp_path_factory.mktemp("many", numbered=True) / "text"
    path.write_text("\n".join(lines) + "\n")
    progress = Listening()
    limits = Limits(60, memory, distinct)
    corpus = read_corpus(path, min_count=1, limits=limits, threads=threads, progress=progress)
    true = Counter(words)
    counts = np.bincount(corpus.ids, minlength=len(corpus.vocabulary))
    assert counts.tolist() == corpus.vocabulary.counts.tolist()
    assert corpus.words_read == tokens
    assert corpus.words_known == counts[1:].sum()
    assert counts[0] == len(lines)
    for word, count in zip(corpus.vocabulary.words[1:], counts[1:], strict=True):
        assert count <= true[word]
    warnings = [message for message in progress.said if "dropped while counting" in message]
    if not warnings:
        assert corpus.words_known == tokens
        return
    assert f"{tokens - corpus.words_known:,} tokens" in warnings[0]
    undercount = int(warnings[0].split("up to ")[1].split(";")[0].replace(",", ""))
    found = dict(zip(corpus.vocabulary.words, counts.tolist(), strict=True))
    for word, count in true.items():
        assert found.get(word, 0) >= count - undercount


def test_frequent_words_survive_pruning(tmp_path):
    path = tmp_path / "text"
    lines = [f"the rare{number} cat once{number} sat" for number in range(3_000)]
    path.write_text("\n".join(lines))
    corpus, (warning,) = read(path, distinct=500)
    assert corpus.vocabulary.words[1:4] == ["the", "cat", "sat"]
    assert corpus.vocabulary.counts[1:4].tolist() == [3_000] * 3
    assert corpus.words_read == 15_000
    assert "more than 500 distinct words" in warning


def test_no_pruning_below_the_limit(tmp_path):
    path = tmp_path / "text"
    path.write_text("a b c\n" * 1_000)
    corpus, warnings = read(path, distinct=4)
    assert warnings == []
    assert corpus.words_known == 3_000


@pytest.mark.parametrize("most", [1, 2, 5, 50])
def test_pruning_keeps_the_most_frequent_words_in_order(most):
    counts = [0, 5, 1, 9, 5, 2, 7]
    words = ["</s>", "five", "one", "nine", "fünf", "two", "seven"]
    lexicon = Lexicon.of_words(words, counts, range(7))
    smaller, ids, dropped, threshold = lexicon.pruned(most)
    _, _, left, firsts = smaller.words()
    kept = [0] + [i for i in range(1, 7) if counts[i] > threshold]
    assert decode(smaller.words(), np.arange(len(smaller))) == [words[i] for i in kept]
    assert left.tolist() == [counts[i] for i in kept]
    assert firsts.tolist() == kept
    assert dropped == sum(counts) - sum(counts[i] for i in kept)
    assert [ids[i] for i in kept] == list(range(len(kept)))
    assert (np.delete(ids, kept) == -1).all()
    assert len(kept) - 1 <= most
