"""The noise distribution: shares, alias table, the C program's table by its boundaries."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.model.noise import C_TABLE_SIZE, alias_table, c_table_ends, noise_shares


def test_shares_follow_the_exponent_and_leave_out_the_sentence_end():
    shares = noise_shares(np.array([900, 16, 81, 0]), 0.75)
    assert shares.tolist() == pytest.approx([0, 8 / 35, 27 / 35, 0])
    assert noise_shares(np.array([9, 4, 2]), 0.0).tolist() == pytest.approx([0, 0.5, 0.5])
    assert noise_shares(np.array([9, 4, 2]), -1.0).tolist() == pytest.approx([0, 1 / 3, 2 / 3])


def test_shares_without_counts_are_even():
    assert noise_shares(np.array([0, 0, 0]), 0.75).tolist() == [0, 0.5, 0.5]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=70).filter(lambda each: sum(each) > 1))
def test_alias_table_gives_back_the_shares(weights):
    shares = np.array(weights) / sum(weights)
    threshold, alias = alias_table(shares).T
    own = threshold.astype(np.float64) / 2**32
    drawn = np.zeros(len(shares))
    np.add.at(drawn, np.arange(len(shares)), own)
    np.add.at(drawn, alias, 1 - own)
    np.testing.assert_allclose(drawn / len(shares), shares, atol=1e-8)
    never = shares == 0
    assert not threshold[never].any()
    assert not never[alias].any()


@pytest.mark.parametrize(
    "counts",
    [
        [0, 50, 20, 7, 7, 3],
        [10, 1],
        [3, *sorted(np.random.default_rng(1).integers(1, 5000, 400).tolist(), reverse=True)],
    ],
    ids=["no sentence end", "two words", "many words"],
)
def test_c_table_ends_follow_the_rule(counts):
    total = 0.0
    for count in counts:
        total += count**0.75
    ends = c_table_ends(np.array(counts, np.int64))
    assert ends[-1] == C_TABLE_SIZE
    cumulated = last = 0.0
    for word in range(len(counts) - 1):
        cumulated += counts[word] ** 0.75 / total
        passing = int(ends[word]) - 1  # the entry upon which the word advances
        assert passing / C_TABLE_SIZE > cumulated
        assert passing == last + 1 or not (passing - 1) / C_TABLE_SIZE > cumulated
        last = passing
    assert (np.diff(ends) > 0).all()
