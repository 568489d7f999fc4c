"""N-gram models against their twin, against NLTK, and what every probability must do."""

import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.language_models.ngram_counting import Limits, count_ngrams
from fastw2v.language_models.ngram_model import NgramModel, NgramSettings, estimate_discounts
from tests.support.ngram_twins import (
    FIRST,
    Twin,
    modified_discounts,
    ngrams,
    padded,
    with_unknown,
)

LIMITS = Limits()
ORDERS = [1, 2, 3, 5]
SMOOTHINGS = ["none", "laplace", "kneser-ney"]


def some_text(seed=3, sentences=60):
    chance = random.Random(seed)
    words = [f"w{number}" for number in range(12)]
    return [
        chance.choices(words, [1 / (n + 1) for n in range(12)], k=chance.randint(1, 9))
        for _ in range(sentences)
    ]


def encoded(sentences, words):
    known = {word: word_id for word_id, word in enumerate(words)}
    ids = [[known.get(word, len(words)) for word in [*each, "</s>"]] for each in sentences]
    return np.array([word_id for each in ids for word_id in each], np.int32)


def trained(sentences, order, smoothing, min_count=2, discount=None, limits=LIMITS, threads=1):
    """``(model, known words, sentences with <unk>)``"""
    known, text = with_unknown(sentences, min_count)
    words = ["</s>", *sorted(known)]
    levels = count_ngrams(
        encoded(text, words),
        len(words) + 1,
        order,
        continuations=smoothing == "kneser-ney",
        limits=limits,
        threads=threads,
    )
    discounts = None
    if smoothing == "kneser-ney":
        discounts = [
            estimate_discounts(level.counts) if discount is None else [discount] * 3
            for level in levels
        ]
    return NgramModel(words, levels, NgramSettings(order, smoothing, discounts)), known, text


def scores(model, sentences):
    ids = encoded(sentences, model.words)
    return model.log_probabilities(ids, 0, len(ids))


def twin_of(model, known, text):
    order, smoothing, discounts = model.settings
    return Twin(known, text, order, smoothing, discounts)


def logs(probabilities):
    return [math.log(each) if each else -math.inf for each in probabilities]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_probabilities_are_those_of_the_twin(order, smoothing):
    model, known, text = trained(some_text(), order, smoothing)
    asked = [*text, *some_text(seed=8, sentences=9), ["never", "w1", "never"], ["never"]]
    unknown = [[w if w in known else "<unk>" for w in sentence] for sentence in asked]
    expected = logs(twin_of(model, known, text).text(unknown))
    np.testing.assert_allclose(scores(model, asked), expected, rtol=1e-9)


sentences_of_words = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "<unk>", "é", FIRST]), min_size=1, max_size=6),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(
    sentences_of_words,
    sentences_of_words,
    st.integers(1, 4),
    st.sampled_from(SMOOTHINGS),
    st.integers(1, 3),
)
def test_any_text_has_the_probabilities_of_the_twin(text, asked, order, smoothing, min_count):
    # The first word of contexts, `FIRST`, is no word of the text, whatever the text says.
    text, asked = ([["x" if w == FIRST else w for w in s] for s in each] for each in (text, asked))
    if not with_unknown(text, min_count)[0]:
        return
    model, known, masked = trained(text, order, smoothing, min_count)
    unknown = [[w if w in known else "<unk>" for w in sentence] for sentence in asked]
    expected = logs(twin_of(model, known, masked).text(unknown))
    np.testing.assert_allclose(scores(model, asked), expected, rtol=1e-9)


@pytest.mark.parametrize("order", ORDERS[1:])
def test_discounts_are_those_of_the_twin(order):
    model, _, text = trained(some_text(), order, "kneser-ney")
    for size in range(1, order + 1):
        if size == order:
            grams = ngrams(text, order, size)
        else:
            grams = [gram[1:] for gram in {*ngrams(text, order, size + 1)}]
        counts = [grams.count(gram) for gram in {*grams}]
        assert model.settings.discounts[size - 1] == pytest.approx(modified_discounts(counts))


@pytest.mark.parametrize("order", [2, 3])
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_nltk_agrees(order, smoothing):
    from nltk.lm import MLE, KneserNeyInterpolated, Laplace, NgramCounter, Vocabulary

    model, known, text = trained(some_text(), order, smoothing, discount=None
                                 if smoothing != "kneser-ney" else 0.1)  # fmt: skip
    # Its vocabulary has <UNK>, its texts have the word of ours.
    vocabulary = Vocabulary([*known, "</s>"], unk_label="<unk>")
    kind = {"none": MLE, "laplace": Laplace, "kneser-ney": KneserNeyInterpolated}[smoothing]
    theirs = kind(order, vocabulary=vocabulary)
    theirs.counts = NgramCounter(
        [gram for size in range(1, order + 1) for gram in ngrams(text, order, size)]
        for _ in range(1)
    )
    if smoothing == "kneser-ney":
        theirs.estimator.counts = theirs.counts
    asked = [*text[:30], *some_text(seed=9, sentences=12)]
    asked = [[w if w in known else "<unk>" for w in sentence] for sentence in asked]
    expected = [
        theirs.unmasked_score(line[place], tuple(line[place - order + 1 : place]))
        for line in padded(asked, order)
        for place in range(order - 1, len(line))
    ]
    np.testing.assert_allclose(np.exp(scores(model, asked)), expected, rtol=1e-6, atol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("smoothing", ["laplace", "kneser-ney"])
def test_probabilities_of_what_may_follow_sum_to_one(order, smoothing):
    model, known, _ = trained(some_text(), order, smoothing)
    for context in ([], ["w1"], ["w0", "w2"], ["<unk>"], ["w11", "w11", "w11"]):
        total = 0.0
        for word in [*known, "<unk>"]:
            total += math.exp(scores(model, [[*context, word]])[len(context)])
        total += math.exp(scores(model, [context])[-1])
        assert total == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_buffers_and_threads_change_nothing(smoothing):
    whole, _, _ = trained(some_text(), 4, smoothing)
    small, _, _ = trained(some_text(), 4, smoothing, limits=Limits(100, 17), threads=3)
    for ours, theirs in zip(whole.levels, small.levels, strict=True):
        for one, other in zip(ours, theirs, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_a_text_may_be_scored_in_parts(order, smoothing):
    model, _, text = trained(some_text(), order, smoothing)
    ids = encoded([*text, *some_text(5)], model.words)
    whole = model.log_probabilities(ids, 0, len(ids))
    for size in (1, 7):
        parts = [
            model.log_probabilities(ids, start, min(start + size, len(ids)))
            for start in range(0, len(ids), size)
        ]
        np.testing.assert_array_equal(np.concatenate(parts), whole)


def test_discounts_where_counts_of_counts_are_missing():
    assert estimate_discounts(np.array([0, 5, 7])) == [0.5] * 3
    assert estimate_discounts(np.array([1, 1, 2])) == [0.5] * 3
    assert estimate_discounts(np.array([1] * 6 + [2] * 3 + [3])) == pytest.approx([0.5, 1.5, 3])
    # The formula would give the discount of 2 as below 0.
    assert estimate_discounts(np.array([1] * 6 + [2] + [3] * 9)) == [0.75] * 3
