"""Sub-sampling: the share of each word that is kept."""

import numpy as np
import pytest

from fastw2v.model.subsampling import keep_thresholds, keep_values_c, kept_words


def test_thresholds_are_the_formula():
    counts = np.array([0, 9_000, 900, 99, 1])
    total = counts.sum()
    keep = (keep_thresholds(counts, 0.01).astype(np.float64) + 1) / 2**32
    for count, share in zip(counts[1:], keep[1:], strict=True):
        over = count / total / 0.01
        assert share == pytest.approx(min(1, over**-0.5 + 1 / over), rel=1e-6)
    assert keep[1] < 0.15
    assert keep[4] == 1


def test_words_kept_of_an_epoch_are_those_drawn():
    counts = np.array([700, 9_000, 900, 99, 1])
    words = np.repeat(np.arange(5), counts)
    bits = np.random.default_rng(1).integers(0, 2**32, (200, len(words)))
    kept = (bits <= keep_thresholds(counts, 0.01)[words]) & (words > 0)
    assert kept_words(counts, 0.01) == pytest.approx(kept.sum() / 200, rel=0.01)
    assert kept_words(counts, 0) == pytest.approx(10_000)


def test_zero_keeps_everything():
    assert (keep_thresholds(np.array([5, 900, 3]), 0) == 2**32 - 1).all()
    assert keep_values_c(np.array([5, 900, 3]), 0, 908).size == 0


def test_both_paths_mean_the_same():
    counts = np.array([7, 9_000, 900, 99, 1])
    ours = (keep_thresholds(counts, 0.01).astype(np.float64) + 1) / 2**32
    of_c = keep_values_c(counts, 0.01, int(counts.sum()))
    np.testing.assert_allclose(ours, np.minimum(of_c, 1), rtol=1e-5)
