"""t-SNE: its sums against float64, its gradient against its definition, its result against
scikit-learn's."""

import numpy as np
import pytest

from fastw2v.mapping import tsne
from fastw2v.mapping.forces import attract, repel
from fastw2v.mapping.neighbours import nearest_among
from fastw2v.mapping.projection import project
from fastw2v.progress import Progress, Stage
from tests.support.map_cases import some_vectors


def pairs_of(count, perplexity=9.0):
    unit = some_vectors(count, 6).unit_rows()
    return tsne.joint(*nearest_among(unit, int(3 * perplexity)), perplexity)


def dense(pairs):
    """(n, n) float64: the joint probabilities."""
    count = len(pairs.starts) - 1
    first = np.repeat(np.arange(count), np.diff(pairs.starts))
    matrix = np.zeros((count, count))
    np.add.at(matrix, (first, pairs.others), pairs.weights)
    return matrix


def similarities(points):
    """(n, n) float64: 1 / (1 + squared distance), 0 for a point and itself."""
    squares = ((points[:, None].astype(float) - points) ** 2).sum(axis=2)
    q = 1 / (1 + squares)
    np.fill_diagonal(q, 0)
    return q


def divergence(points, pairs):
    """The Kullback-Leibler divergence that t-SNE minimises, without its constant part."""
    q = similarities(points)
    return -(dense(pairs) * np.log(np.maximum(q / q.sum(), 1e-300))).sum()


@pytest.mark.parametrize("count", [131, 64, 61])
def test_forces_are_sums_over_all_pairs(count):
    pairs = pairs_of(count)
    points = np.random.default_rng(2).normal(scale=3, size=(count, 2)).astype(np.float32)
    pulled, pushed, norms = np.empty_like(points), np.empty_like(points), np.empty(count)
    x, y = (np.ascontiguousarray(column) for column in points.T)
    for first, end in ((0, 50), (50, count)):
        attract(first, end, points, *pairs, pulled)
        repel(first, end, x, y, pushed, norms)
    q, gaps = similarities(points), points[:, None].astype(float) - points
    expected = np.einsum("ij,ijd->id", dense(pairs) * q, gaps)
    np.testing.assert_allclose(pulled, expected, rtol=1e-3, atol=1e-6)
    expected = np.einsum("ij,ijd->id", q * q, gaps)
    np.testing.assert_allclose(pushed, expected, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(norms, q.sum(axis=1) + 1, rtol=1e-5)


def test_the_gradient_is_that_of_the_divergence():
    pairs, step = pairs_of(61), 1e-5
    points = np.random.default_rng(3).normal(size=(61, 2)).astype(np.float32)
    with tsne._threads(61) as gradient:
        found = gradient(points, pairs, 1.0)
    for place in ((0, 0), (17, 1), (60, 0)):
        moved = [points.astype(float), points.astype(float)]
        moved[0][place] += step
        moved[1][place] -= step
        slope = (divergence(moved[0], pairs) - divergence(moved[1], pairs)) / (2 * step)
        assert found[place] == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_threads_do_not_change_the_points(monkeypatch):
    unit = some_vectors(600, 6).unit_rows()
    monkeypatch.setattr(tsne, "ROUNDS_OF_SMALL", 30)
    maps = []
    for cores in (1, 2):
        monkeypatch.setattr(tsne, "usable_cores", lambda cores=cores: cores)
        maps.append(project(unit, "tsne", 1)[0])
    np.testing.assert_array_equal(*maps)


def test_similarities_have_the_perplexity():
    unit = some_vectors(102, 6).unit_rows()
    neighbours, cosines = nearest_among(unit, 101)
    matrix = dense(tsne.joint(neighbours, cosines, 12.0))
    assert matrix.sum() == pytest.approx(1, rel=1e-5)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-5)
    # One-sided probabilities: those of a point whose neighbours all have the same distance.
    weights = tsne.joint(np.array([[1, 2], [0, 2], [0, 1]]), np.full((3, 2), 0.5), 2.0).weights
    np.testing.assert_allclose(weights, 1 / 12, rtol=1e-6)


def test_as_good_as_scikit_learn():
    manifold = pytest.importorskip("sklearn.manifold", reason="no scikit-learn: pip install it")
    from threadpoolctl import threadpool_limits

    unit = some_vectors(102, 9).unit_rows()
    pairs = tsne.joint(*nearest_among(unit, 90), 30.0)
    with threadpool_limits(1):
        theirs = manifold.TSNE(random_state=1, init="pca", max_iter=500).fit_transform(unit)
    ours, _ = project(unit, "tsne", 1)
    entropy = -(dense(pairs) * np.log(np.maximum(dense(pairs), 1e-300))).sum()
    best = divergence(theirs, pairs) - entropy
    assert 0 < divergence(ours, pairs) - entropy < 1.1 * best


def test_progress_is_reported():
    class Noted(Progress):
        def __init__(self):
            self.stages = []

        def stage(self, label, total):
            self.stages.append([label, total, 0])
            return _Noted(self.stages[-1])

    class _Noted(Stage):
        def __init__(self, line):
            self.line = line

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def update(self, done, note=""):
            self.line[2] = done

    noted = Noted()
    tsne.embed(some_vectors().unit_rows(), np.random.default_rng(1).normal(size=(61, 2)), noted)
    assert noted.stages == [["Projecting: neighbours", 61, 61], ["Projecting", 750, 750]]
