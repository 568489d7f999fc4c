"""Truncated SVD: three ways, one result."""

import numpy as np
import pytest

from fastw2v.counts import reduction
from fastw2v.counts.reduction import reduce
from fastw2v.errors import SettingsError
from fastw2v.model.sparse import SparseMatrix

SIDE, SIZE = 90, 7


def sparse(dense):
    rows, columns = np.nonzero(dense)
    starts = np.concatenate(([0], np.cumsum(np.bincount(rows, minlength=len(dense)))))
    return SparseMatrix(starts, columns.astype(np.int32), dense[rows, columns].astype(np.float32))


@pytest.fixture
def dense():
    """No two singular values alike, and not symmetric."""
    chance = np.random.default_rng(4)
    left, right = (np.linalg.qr(chance.normal(size=(SIDE, SIDE)))[0] for _ in range(2))
    found = left * 2.0 ** -np.arange(SIDE) @ right
    return np.where(np.abs(found) > 0.02, found, 0)


def use(monkeypatch, method):
    limits = {"dense": (1000, 1000), "arpack": (2, 1000), "projection": (2, 2)}[method]
    monkeypatch.setattr(reduction, "DENSE", limits[0])
    monkeypatch.setattr(reduction, "ARPACK", limits[1])


@pytest.mark.parametrize("method", ["dense", "arpack", "projection"])
@pytest.mark.parametrize("power", [0.0, 0.5, 1.0])
def test_vectors_are_left_singular_vectors_times_powers(dense, monkeypatch, method, power):
    use(monkeypatch, method)
    got = reduce(sparse(dense), SIZE, power, threads=2)
    left, singular, _ = np.linalg.svd(dense)
    expected = left[:, :SIZE] * singular[:SIZE] ** power
    signs = np.sign((expected * got).sum(axis=0))
    np.testing.assert_allclose(got, expected * signs, atol=2e-4)
    assert got.dtype == np.float32
    assert (got[np.abs(got).argmax(axis=0), np.arange(SIZE)] > 0).all()


@pytest.mark.parametrize("method", ["dense", "arpack", "projection"])
def test_one_seed_gives_the_same_bytes_whatever_the_threads(dense, monkeypatch, method):
    use(monkeypatch, method)
    first, second = (reduce(sparse(dense), SIZE, seed=3, threads=n) for n in (1, 3))
    assert first.tobytes() == second.tobytes()


@pytest.mark.parametrize("method", ["dense", "arpack", "projection"])
def test_dimensions_beyond_the_rank_are_zero(monkeypatch, method):
    use(monkeypatch, method)
    chance = np.random.default_rng(1)
    low = chance.normal(size=(SIDE, 2)) @ chance.normal(size=(2, SIDE))
    got = reduce(sparse(low), 5, 0.0)
    assert (got[:, 2:] == 0).all()
    np.testing.assert_allclose(np.linalg.norm(got[:, :2], axis=0), 1, rtol=1e-4)


def test_more_dimensions_than_words_are_refused():
    with pytest.raises(SettingsError, match="size is 4, but there are only 3 words"):
        reduce(sparse(np.eye(3)), 4)
    assert reduce(sparse(np.diag([3.0, 2.0, 1.0])), 3, 1.0).tolist() == [
        [3, 0, 0],
        [0, 2, 0],
        [0, 0, 1],
    ]


def test_without_scipy_the_remedy_is_named(monkeypatch):
    monkeypatch.setattr(reduction, "find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"pip install 'fastw2v\[svd\]'"):
        reduce(sparse(np.eye(3)), 2)
