"""Spherical k-means and what describes and writes classes; the C program's: test_classes_exact."""

import math
from contextlib import nullcontext
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fastw2v.classes import (
    NO_CLASS,
    assign_classes,
    assign_classes_exactly,
    describe_classes,
    write_classes,
)
from fastw2v.classes.directions import Directions
from fastw2v.classes.seeding import MAX_SAMPLE, seed_centroids
from fastw2v.classes.spherical import SETTLED_BELOW, assign, refill, refine
from fastw2v.errors import OutputError, SettingsError
from fastw2v.matrix import norms
from fastw2v.matrix.mapped_rows import MappedRows
from fastw2v.progress import SILENT, Progress
from tests.support.naive_classes import class_sums, noise, spherical_cosines

few = settings(deadline=None, max_examples=40)


def topics(n, words, size, seed=8):
    """``words`` rows near ``n`` far directions, of very different lengths; and their topics."""
    generator = np.random.default_rng(seed)
    which = generator.permutation(np.arange(words) % n)
    axes = np.linalg.qr(generator.normal(size=(size, n)))[0].T
    matrix = axes[which] + 0.02 * generator.normal(size=(words, size))
    return (matrix * generator.uniform(0.1, 30, (words, 1))).astype(np.float32), which


def partition(classes):
    """The sets of rows that share a class, whatever the numbers of the classes."""
    return {frozenset(np.flatnonzero(classes == one).tolist()) for one in set(classes.tolist())}


# --- spherical k-means ----------------------------------------------------------------------

sizes = st.tuples(st.integers(1, 40), st.sampled_from([1, 2, 7, 19]), st.integers(0, 10**6))


@few
@given(sizes, st.integers(1, 9))
def test_one_round_equals_the_naive_reference(shape, n):
    words, size, seed = shape
    matrix = noise(words, size, seed) * np.float32(3)
    matrix[seed % words] = 0
    centroids = np.float32([row / np.linalg.norm(row) for row in noise(n, size, seed + 1)])
    classes, fits, sums = assign(Directions(matrix), centroids)
    cosines = np.array(spherical_cosines(matrix, centroids))
    np.testing.assert_allclose(fits, cosines.max(axis=1), atol=1e-5)
    np.testing.assert_allclose(cosines[np.arange(words), classes], cosines.max(axis=1), atol=1e-5)
    np.testing.assert_allclose(sums, class_sums(matrix, classes, n), atol=1e-5)


@few
@given(sizes, st.integers(1, 12), st.integers(0, 3))
def test_the_mean_cosine_never_falls(shape, n, copies):
    words, size, seed = shape
    matrix = np.repeat(noise(words, size, seed), copies + 1, axis=0)
    n = min(n, words)
    classes, centroids, report = assign_classes(matrix, n, seed=seed)
    cosines = report["cosines"]
    assert all(b >= a - 1e-6 for a, b in pairwise(cosines))
    assert report["cosine"] == pytest.approx(cosines[-1], abs=1e-6)
    assert report["rounds"] == len(cosines)
    # What it reports is what the returned centroids give, and each is the mean of its words.
    given_cosines = np.array(spherical_cosines(matrix, centroids))
    own = given_cosines[np.arange(len(matrix)), classes]
    assert own.mean() == pytest.approx(report["cosine"], abs=1e-5)
    if report["settled"]:
        np.testing.assert_allclose(own, given_cosines.max(axis=1), atol=1e-4)


def test_distant_topics_are_found_whatever_the_norms():
    matrix, which = topics(11, 410, 102)
    for seed in range(5):
        classes, centroids, report = assign_classes(matrix, 11, seed=seed)
        assert partition(classes) == partition(which)
        assert classes.dtype == np.int32
        assert (centroids.shape, centroids.dtype) == ((11, 102), np.float32)
        np.testing.assert_allclose(np.linalg.norm(centroids, axis=1), 1, atol=1e-6)
        assert report["settled"]
        assert 0.9 < report["cosine"] < 1


def test_norms_do_not_matter():
    matrix = noise(60, 7)
    expected = assign_classes(matrix, 5)[0]
    stretched = matrix * np.float32(2) ** np.arange(-100, 80, 3, dtype=np.float32)[:, None]
    np.testing.assert_array_equal(assign_classes(stretched, 5)[0], expected)


def test_the_seed_determines_the_classes():
    matrix = noise(700, 7)
    first, centroids, _ = assign_classes(matrix, 9, seed=4)
    again, same, _ = assign_classes(matrix, 9, seed=4)
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(centroids, same)
    assert partition(assign_classes(matrix, 9, seed=5)[0]) != partition(first)


def test_blocks_change_nothing(monkeypatch):
    matrix, _ = topics(6, 150, 19)
    expected, _, report = assign_classes(matrix, 6)
    monkeypatch.setattr(norms, "BLOCK", 7)
    classes, _, same = assign_classes(matrix, 6)
    np.testing.assert_array_equal(classes, expected)
    assert same["cosine"] == pytest.approx(report["cosine"], abs=1e-6)


def test_rows_may_stay_in_their_file():
    matrix = noise(90, 7)
    rows = MappedRows(matrix.tobytes(), 28 * np.arange(90), 7)
    for function in (assign_classes_exactly, lambda m, n: assign_classes(m, n)[0]):
        np.testing.assert_array_equal(function(rows, 6), function(matrix, 6))


def test_rounds_end_when_few_words_change_class():
    matrix = noise(1900, 7)
    classes, _, report = assign_classes(matrix, 20)
    assert report["settled"]
    assert 3 < report["rounds"] < 50
    before, _, cut = assign_classes(matrix, 20, rounds=report["rounds"] - 1)
    earlier, _, _ = assign_classes(matrix, 20, rounds=report["rounds"] - 2)
    assert (cut["rounds"], cut["settled"]) == (report["rounds"] - 1, False)
    assert cut["cosines"] == report["cosines"][:-1]
    assert (earlier != before).sum() >= 1900 / SETTLED_BELOW > (before != classes).sum()


def test_as_many_classes_as_words():
    classes, _, report = assign_classes(noise(37, 7), 37)
    assert sorted(classes.tolist()) == list(range(37))
    assert report["cosine"] == pytest.approx(1)
    assert report["empty"] == 0


def test_fewer_directions_than_classes_leave_classes_empty():
    four = noise(4, 7)
    matrix = four[[0, 1, 1, 2, 3, 3, 3, 0, 2]] * np.float32(np.arange(1, 10))[:, None]
    classes, centroids, report = assign_classes(matrix, 7)
    assert partition(classes) == {frozenset(s) for s in [(0, 7), (1, 2), (3, 8), (4, 5, 6)]}
    assert (report["empty"], report["settled"], report["refilled"]) == (3, True, 0)
    empty = np.setdiff1d(np.arange(7), classes)
    assert not centroids[empty].any()


@pytest.mark.parametrize("size", [3, 7, 102, 301])
def test_of_equal_directions_only_one_is_a_seed(size):
    for seed in range(5):
        lengths = np.random.default_rng(seed).uniform(0.1, 30, (200, 1)).astype(np.float32)
        directions = Directions(noise(5, size, seed)[np.arange(200) % 5] * lengths)
        centroids = seed_centroids(directions, 9, np.random.default_rng(seed))
        assert centroids.any(axis=1).tolist() == [True] * 5 + [False] * 4


def test_empty_classes_get_the_words_that_fit_worst():
    matrix, _ = topics(4, 90, 19)
    matrix = np.vstack([matrix, -matrix[:1], -matrix[1:2]])  # two that fit nowhere
    directions = Directions(matrix)
    centroids = np.repeat(directions[[0]], 6, axis=0)  # all the same: one class takes all words
    classes, fits, sums = assign(directions, centroids)
    assert set(classes.tolist()) == {0}
    worst = np.argsort(fits)[:5]
    assert refill(classes, fits, sums, directions) == 5
    assert set(np.flatnonzero(classes).tolist()) == set(worst.tolist())
    assert sorted(classes[worst].tolist()) == [1, 2, 3, 4, 5]
    np.testing.assert_allclose(sums, class_sums(matrix, classes, 6), atol=1e-5)

    classes, _, report = refine(directions, centroids, 50, SILENT)
    assert sorted(set(classes.tolist())) == [0, 1, 2, 3, 4, 5]
    assert report["refilled"] >= 5
    assert report["cosines"] == sorted(report["cosines"])


def test_no_class_gives_away_its_last_word():
    directions = Directions(np.float32([[1, 0.5], [0, 1]]))
    classes, fits, sums = assign(directions, np.float32([[1, 0], [0, 1], [0, -1]]))
    assert refill(classes, fits, sums, directions) == 0
    assert classes.tolist() == [0, 1]


def test_words_without_direction_do_not_affect_centroids():
    matrix, which = topics(5, 80, 19)
    alone, centroids, _ = assign_classes(matrix, 5)
    broken = matrix[[3, 4, 5]]
    broken[0] = 0
    broken[1, 2] = np.nan
    broken[2, 7] = -np.inf
    more = np.vstack([matrix[:50], broken, matrix[50:]])
    classes, same, report = assign_classes(more, 5)
    np.testing.assert_array_equal(np.delete(classes, [50, 51, 52]), alone)
    assert classes[50:53].tolist() == [0, NO_CLASS, NO_CLASS]
    np.testing.assert_allclose(same, centroids, atol=1e-6)
    assert (report["words"], report["left_out"]) == (83, 2)
    assert partition(alone) == partition(which)


def test_a_matrix_of_zeros_and_nan():
    classes, centroids, report = assign_classes(np.float32([[0, 0], [0, np.nan], [0, 0]]), 2)
    assert classes.tolist() == [0, NO_CLASS, 0]
    assert not centroids.any()
    assert report["cosine"] == 0
    assert (report["empty"], report["smallest"], report["largest"]) == (1, 2, 2)


def rows_of(centroids, directions):
    rows = directions[:]
    return [np.flatnonzero((rows == centroid).all(axis=1)).item() for centroid in centroids]


def test_seeds_are_distinct_words_of_a_sample():
    directions = Directions(noise(MAX_SAMPLE + 950, 7))
    found = [
        rows_of(seed_centroids(directions, 3, np.random.default_rng(seed)), directions)
        for seed in range(12)
    ]
    assert all(len(set(rows)) == 3 for rows in found)
    assert len({rows[0] for rows in found}) > 6
    assert max(map(max, found)) >= MAX_SAMPLE  # not only the commonest words


def test_seeds_lie_far_apart():
    """Of ten tight topics every one is found, which chance alone would do one time in 2,700."""
    matrix, which = topics(10, 300, 19)
    directions = Directions(matrix)
    for seed in range(6):
        centroids = seed_centroids(directions, 10, np.random.default_rng(seed))
        found = which[rows_of(centroids, directions)]
        assert sorted(found.tolist()) == list(range(10))


def test_progress_is_reported():
    reached = []

    class Told:
        def update(self, done, note=""):
            reached.append((done, note))

    class Listening(Progress):
        def stage(self, label, total):
            assert total == 4
            return nullcontext(Told())

    assign_classes(noise(300, 7), 9, rounds=4, progress=Listening())
    assert [done for done, _ in reached] == [1, 2, 3, 4]
    assert "mean cosine 0." in reached[-1][1]


# --- both -----------------------------------------------------------------------------------


def test_numbers_out_of_range_are_refused():
    matrix = noise(5, 3)
    for function in (assign_classes, assign_classes_exactly):
        with pytest.raises(SettingsError, match="at least 1"):
            function(matrix, 0)
    with pytest.raises(SettingsError, match=r"n is 6, but there are only 5 words.*fewer"):
        assign_classes(matrix, 6)
    with pytest.raises(SettingsError, match="rounds"):
        assign_classes(matrix, 2, rounds=0)
    with pytest.raises(SettingsError, match="seed"):
        assign_classes(matrix, 2, seed=-1)
    with pytest.raises(ValueError, match="two dimensions"):
        assign_classes(matrix[0], 2)


def test_describe():
    matrix = np.float32([[2, 0], [0, 3], [1, 0], [0, 0], [5, 5], [np.nan, 1]])
    report = describe_classes(matrix, np.array([3, 3, 1, 1, 1, NO_CLASS]), 9)
    # Class 3: a right angle; class 1: half of one.
    cosine = (math.sqrt(2) + 2 * math.cos(math.pi / 8)) / 4
    assert report == {
        "words": 6,
        "classes": 9,
        "empty": 7,
        "left_out": 1,
        "smallest": 2,
        "median": 2.5,
        "largest": 3,
        "cosine": pytest.approx(cosine),
    }


def test_files_in_order_and_sorted(tmp_path, capfdbinary):
    words, classes = ["b", "New York", "na\udcffve", "é", "x", "a"], [2, 0, 2, NO_CLASS, 11, 0]
    write_classes(tmp_path / "f", words, classes)
    assert (tmp_path / "f").read_bytes() == b"b 2\nNew York 0\nna\xffve 2\nx 11\na 0\n"
    write_classes(tmp_path / "f", words, classes, sort=True)
    expected = b"New York 0\na 0\nb 2\nna\xffve 2\nx 11\n"
    assert (tmp_path / "f").read_bytes() == expected
    write_classes("-", words, classes, sort=True)
    assert capfdbinary.readouterr().out == expected


def test_a_newline_in_a_word_is_refused_and_the_old_file_kept(tmp_path):
    (tmp_path / "f").write_bytes(b"old")
    with pytest.raises(OutputError, match="with a newline"):
        write_classes(tmp_path / "f", ["a", "b\nc"], [0, 0])
    assert (tmp_path / "f").read_bytes() == b"old"
