"""The ledger: every word that was read has gone somewhere, whatever the text and the threads."""

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.corpus import read_corpus
from fastw2v.corpus.reading import Limits
from fastw2v.engines.protocol import WordCounts
from fastw2v.errors import TrainingError
from fastw2v.settings import Settings
from fastw2v.training.ledger import Ledger, next_ledger, total
from tests.support.kernel_cases import RARE, small_corpus
from tests.support.training_cases import train_model

WORDS = ["a", "bb", "ccc", "d", "e", "f"]
texts = st.lists(
    st.lists(st.sampled_from(["a", "bb", "ccc", "d", "e", "f"]), max_size=8).map(" ".join),
    max_size=30,
).map("\n".join)


@settings(max_examples=120, deadline=None)
@given(
    text=texts,
    threads=st.integers(1, 4),
    block=st.integers(1, 60),
    min_count=st.integers(1, 4),
    sample=st.sampled_from([0.0, 1e-3, 0.05]),
    model=st.sampled_from(["cbow", "skipgram"]),
    exact=st.booleans(),
)
def test_read_is_rare_and_sub_sampled_and_trained(
    tmp_path_factory, text, threads, block, min_count, sample, model, exact
):
    folder = tmp_path_factory.mktemp("ledger", numbered=True)
    path = folder / "text"
    path.write_text(f"x y x y x y x y\n{text}")  # so that something is left to train
    corpus = read_corpus(
        path, min_count=min_count, threads=threads, c_rules=exact, limits=Limits(block_bytes=block)
    )
    wanted = {"model": model, "sample": sample, "size": 3, "epochs": 2, "exact": exact}
    outcome = train_model(corpus, Settings(threads=1 if exact else threads, **wanted))
    words = path.read_text().split()
    if exact and not path.read_text()[-1:].isspace():
        words.pop()  # the C program loses a last word with nothing behind it
    counts = {word: words.count(word) for word in words}
    rare = sum(count for count in counts.values() if count < min_count)
    assert len(outcome.ledgers) == 2
    for each in outcome.ledgers:
        assert each.read == len(words)
        assert each.rare == rare
        assert each.unaccounted == 0
        assert min(dataclasses.astuple(each)) >= 0
        if not exact:
            assert each.unread == each.left_over == 0
        if not exact and sample == 0.0:
            assert each.subsampled == 0


def test_only_a_word_without_neighbours_is_alone():
    corpus = small_corpus(5, tokens=9)
    corpus.ids[:] = [3, 0, 1, 2, 0, 0, 4, 0, 2]
    corpus.words_known, corpus.words_read = 5, 5 + RARE
    for model in ("cbow", "skipgram"):
        (ledger,) = train_model(
            corpus, Settings(model=model, sample=0.0, epochs=1, size=3, threads=1)
        ).ledgers
        assert ledger == Ledger(read=5 + RARE, rare=RARE, alone=3, trained=2)


def test_sub_sampling_is_told():
    corpus = small_corpus(3, words=60, tokens=30_000)
    outcome = train_model(corpus, Settings(epochs=3, size=3, sample=1e-3, threads=2))
    words = total(outcome.ledgers)
    assert words.read == 3 * corpus.words_read
    assert words.subsampled > words.trained > 0
    text = str(words)
    assert text.startswith(f"{words.read:,} words read = {words.rare:,} rare + ")
    assert "unread" not in text


def test_exact_leaves_the_sentence_in_which_the_text_ends():
    corpus = small_corpus(5, tokens=7)
    corpus.ids[:] = [1, 2, 3, 0, 4, 5, 6]
    corpus.words_known = corpus.words_read = 6
    settings = Settings(exact=True, sample=0.0, epochs=1, size=3)
    corpus.vocabulary.counts[:] = 1  # the C program counts by them when an epoch ends
    (ledger,) = train_model(corpus, settings).ledgers
    assert (ledger.trained, ledger.left_over, ledger.unread) == (3, 3, 0)


@pytest.mark.parametrize("field", ["reached", "kept", "trained", "alone"])
def test_a_word_lost_or_found_is_an_error(field):
    counts = WordCounts(reached=20, kept=17, trained=16, alone=1, left_over=0)
    assert next_ledger(counts, 25, 20, []) == Ledger(25, 5, 3, 1, 16)
    for wrong in (-1, 1):
        off = counts._replace(**{field: getattr(counts, field) + wrong})
        with pytest.raises(TrainingError, match="do not add up"):
            next_ledger(off, 25, 20, [])


def test_epochs_add_up():
    first = next_ledger(WordCounts(4, 4, 4, 0, 0), 5, 4, [])
    second = next_ledger(WordCounts(8, 7, 7, 0, 0), 5, 4, [first])
    assert second == Ledger(read=5, rare=1, subsampled=1, trained=3)
    assert total([first, second]) == Ledger(read=10, rare=2, subsampled=1, trained=7)
