"""The learning rate: the kernel's is that of the formula, which is the C program's or gensim's."""

from types import SimpleNamespace

import numpy as np
import pytest

import fastw2v
from fastw2v.errors import SettingsError
from fastw2v.kernels.default_path import learning_rate as in_kernel
from fastw2v.model.learning_rate import decrease, learning_rate
from fastw2v.settings import Settings

SHARES = np.linspace(0, 1, 41)
OPTIONS = [{}, {"min_alpha": 0.0001}, {"min_alpha": 0.0}, {"min_alpha": 0.05, "alpha": 0.05}]


def wanted(settings, share):
    """By the C program, and by gensim's ``_get_next_alpha``."""
    if settings.min_alpha is None:
        return max(settings.alpha * 1e-4, settings.alpha * (1 - share))
    start, end = settings.alpha, settings.min_alpha
    return max(end, start - (start - end) * share)


@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_kernel_and_formula_agree(options):
    settings = Settings(epochs=4, **options)
    lowest, slope = decrease(settings)
    kernel = SimpleNamespace(alpha=settings.alpha, epochs=4, lowest_rate=lowest, slope=slope)
    for share in SHARES:
        epoch, part = divmod(share * 4, 1)
        counters = SimpleNamespace(begin=1_000, length=1_000, epoch=epoch)
        rate = in_kernel.py_func(kernel, counters, 1_000 + 1_000 * part)
        assert rate == pytest.approx(wanted(settings, share), rel=1e-5, abs=1e-9)
        assert learning_rate(settings, share) == pytest.approx(rate, rel=1e-5, abs=1e-9)


def test_it_changes_what_is_trained(tiny_corpus):
    small = {"size": 5, "threads": 1, "epochs": 2}
    plain, constant, same = (
        fastw2v.train(tiny_corpus, **small, **more).matrix
        for more in ({}, {"min_alpha": 0.05}, {"min_alpha": 0.05 * 1e-4})
    )
    assert not np.allclose(plain, constant, atol=1e-3)
    np.testing.assert_allclose(plain, same, atol=1e-3)


@pytest.mark.parametrize(
    ("wrong", "part"),
    [
        ({"min_alpha": -1.0}, "min_alpha is -1.0; it must be a number"),
        ({"min_alpha": 0.06}, "min_alpha is 0.06; it must not be more than alpha, 0.05"),
        ({"min_alpha": 0.01, "exact": True}, "no min_alpha"),
        ({"min_alpha": float("nan")}, "min_alpha is nan"),
        ({"min_alpha": "0.1"}, "min_alpha is '0.1'"),
    ],
    ids=str,
)
def test_refused(wrong, part):
    with pytest.raises(SettingsError) as caught:
        Settings(**wrong)
    assert part in str(caught.value)
