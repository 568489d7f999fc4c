"""Words in groups of frequencies, from counts and by Zipf's law."""

import numpy as np
import pytest

from fastw2v.errors import FastW2VError
from fastw2v.planning.frequencies import TOP_SHARE, of_counts, of_numbers


def test_groups_of_counts_have_the_words_and_tokens_of_the_vocabulary():
    rng = np.random.default_rng(3)
    counts = np.sort(rng.zipf(1.3, 30_000).clip(5, 10**7))[::-1]
    counts = np.concatenate([[17], counts]).astype(np.int64)
    found = of_counts(counts)
    assert found.words == len(counts)
    assert found.ends == 17
    assert found.tokens == counts[1:].sum()
    assert found.ids == counts.sum()
    assert (np.diff(found.counts) < 0).all()
    assert len(found.counts) < len(np.unique(counts)) < len(counts)
    # Those of a group are alike.
    each = np.repeat(found.counts, found.repeats.astype(int))
    assert np.allclose(each, counts[1:], rtol=0.011)
    assert np.array_equal(found.expanded()[-3:], counts[-3:])


@pytest.mark.parametrize("least", [1, 5])
@pytest.mark.parametrize(
    ("tokens", "words"),
    [(1, 1), (2, 2), (10**6, 1), (10**7, 68_727), (10**9, 999), (10**11, 10**8), (10**15, 2**31)],
)
def test_numbers_become_a_text_of_so_many_words(tokens, words, least):
    found = of_numbers(tokens, words, least)
    assert found.words == 1 + words
    assert found.tokens == pytest.approx(tokens, rel=1e-9)
    assert (np.diff(found.counts) <= 1e-9 * found.counts[:-1]).all()
    assert len(found.counts) < 5_000
    if words > 1_000 and tokens > 100 * words:
        assert found.counts[0] <= 1.01 * TOP_SHARE * tokens
        assert found.counts[-1] >= least * 0.99


def test_zipfs_law_is_that_of_its_ranks_one_by_one():
    """The plain twin: the sum over all ranks instead of the integral over groups of them."""
    found = of_numbers(10**6, 2_500, 5)
    one, ten = found.counts[0], found.counts[9]
    rare = found.counts[-1]
    ranks = np.arange(1, 2_501, dtype=np.float64)

    def misses(exponent, shift):
        shares = (ranks + shift) ** -exponent
        counts = 1e6 * shares / shares.sum()
        return abs(np.log(counts[[0, 9, -1]] / [one, ten, rare])).max()

    exponents, shifts = np.arange(0.9, 1.5, 0.01), np.arange(0, 8, 0.1)
    assert min(misses(each, shift) for each in exponents for shift in shifts) < 0.04


@pytest.mark.parametrize(("tokens", "words"), [(3, 5), (1, 2), (10**8, 10**9)])
def test_no_text_has_more_different_words_than_words(tokens, words):
    with pytest.raises(FastW2VError, match="cannot have a vocabulary of"):
        of_numbers(tokens, words, 1)
