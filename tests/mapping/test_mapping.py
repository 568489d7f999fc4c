"""Maps of words before they are drawn: which words, their places, their neighbours."""

import sys
import types
from importlib.machinery import ModuleSpec

import numpy as np
import pytest

from fastw2v import WordVectors
from fastw2v.errors import FormatError, SettingsError, UnknownWordError
from fastw2v.mapping import draw_map
from fastw2v.mapping.layout import lay_out
from fastw2v.mapping.neighbours import nearest_among
from fastw2v.mapping.projection import principal_components, project
from fastw2v.mapping.selection import choose_rows
from tests.support.map_cases import hide, some_vectors


@pytest.fixture(scope="module")
def vectors():
    return some_vectors()


class TestSelection:
    def test_first_words_without_those_that_are_not_finite(self):
        matrix = np.ones((6, 3), np.float32)
        matrix[1, 2], matrix[3, 0] = np.nan, np.inf
        known = WordVectors(list("abcdef"), matrix)
        assert choose_rows(known, number=5) == [0, 2, 4]
        assert choose_rows(known, number=99) == [0, 2, 4, 5]
        with pytest.raises(FormatError, match="'d' has NaN or infinity"):
            choose_rows(known, words=["a", "d"])

    def test_named_words_once_in_the_order_of_the_file(self, vectors):
        named = ["word9", "word1", "na\udcffve", "word1"]
        assert choose_rows(vectors, words=named) == sorted(vectors.row(word) for word in set(named))

    def test_near_words_share_the_number(self, vectors):
        rows = choose_rows(vectors, near=["word4", "word30"], number=9)
        first, second = (
            [vectors.row(word) for word, _ in vectors.similar(asked, 9)]
            for asked in ("word4", "word30")
        )
        expected = [vectors.row("word4"), vectors.row("word30")]
        for one, other in zip(first, second, strict=True):
            expected += [row for row in (one, other) if row not in expected]
        assert rows == expected[:9]
        assert len(set(rows)) == 9

    def test_near_one_word(self, vectors):
        rows = choose_rows(vectors, near="word4", number=4)
        near = [word for word, _ in vectors.similar("word4", 3)]
        assert [vectors.words[row] for row in rows] == ["word4", *near]

    def test_unknown_words(self, vectors):
        with pytest.raises(UnknownWordError, match=r"'wrod4' is not in .* did you mean word4"):
            choose_rows(vectors, words=["word3", "wrod4"])
        with pytest.raises(UnknownWordError, match=r"2 of 3 words are not .*: 'x', 'y'$"):
            choose_rows(vectors, near=["x", "word3", "y"])
        with pytest.raises(UnknownWordError, match=r"'q4', \.\.\.$"):
            choose_rows(vectors, words=[f"q{number}" for number in range(6)])

    def test_invalid_arguments_are_refused(self, vectors):
        with pytest.raises(SettingsError, match="words and near are exclusive"):
            choose_rows(vectors, words=["word1"], near=["word2"])
        with pytest.raises(SettingsError, match="number is 0; a map shows at least 2"):
            choose_rows(vectors, number=0)


class TestNeighbours:
    @pytest.mark.parametrize(("count", "asked"), [(61, 10), (4, 10), (2, 1), (1111, 7)])
    def test_neighbours_are_those_of_all_cosines(self, count, asked):
        points = np.random.default_rng(8).normal(size=(count, 5))
        unit = points / np.linalg.norm(points, axis=1)[:, None]
        neighbours, cosines = nearest_among(unit.astype(np.float32), asked)
        assert neighbours.shape == cosines.shape == (count, min(asked, count - 1))
        all_cosines = unit @ unit.T
        np.fill_diagonal(all_cosines, -2)
        best = -np.sort(-all_cosines, axis=1)[:, : cosines.shape[1]]
        np.testing.assert_allclose(cosines, best, atol=1e-6)
        found = np.take_along_axis(all_cosines, neighbours, axis=1)
        np.testing.assert_allclose(found, best, atol=1e-6)

    def test_equal_vectors(self):
        neighbours, cosines = nearest_among(np.tile(np.float32([[0.6, 0.8]]), (3, 1)), 2)
        assert neighbours.tolist() == [[1, 2], [0, 2], [0, 1]]
        np.testing.assert_allclose(cosines, 1)


class TestPca:
    @pytest.mark.parametrize("shape", [(61, 7), (5, 102), (2, 3), (40, 2)])
    def test_against_the_eigenvectors_of_the_covariance(self, shape):
        rows = np.random.default_rng(1).normal(size=shape) + 3
        points, share = principal_components(rows.astype(np.float32))
        centred = rows - rows.mean(axis=0)
        values, directions = np.linalg.eigh(centred.T @ centred)
        for component in (0, 1)[: min(shape[0] - 1, 2)]:
            direction = directions[:, -1 - component]
            if direction[np.abs(direction).argmax()] < 0:
                direction = -direction
            np.testing.assert_allclose(points[:, component], centred @ direction, atol=1e-5)
        assert share == pytest.approx(values[-2:].sum() / values.sum(), rel=1e-5)

    def test_the_order_of_words_does_not_matter(self):
        rows = np.random.default_rng(2).normal(size=(30, 6))
        order = np.random.default_rng(3).permutation(30)
        one, other = principal_components(rows)[0], principal_components(rows[order])[0]
        np.testing.assert_allclose(one[order], other, atol=1e-12)

    def test_one_dimension_lies_on_a_line(self):
        points, share = principal_components(np.array([[1.0], [-1.0], [4.0]]))
        np.testing.assert_allclose(points, [[-1 / 3, 0], [-7 / 3, 0], [8 / 3, 0]])
        assert share == 1

    def test_equal_vectors(self):
        points, share = principal_components(np.ones((4, 3)))
        np.testing.assert_allclose(points, 0, atol=1e-12)
        assert share == 1


class TestProjection:
    def test_tsne_keeps_groups_together_and_is_reproducible(self):
        unit = some_vectors(102, 9).unit_rows()
        points, settings = project(unit, "tsne", 4)
        assert settings == "t-SNE, perplexity 30, seed 4"
        assert points.shape == (102, 2)
        np.testing.assert_array_equal(project(unit, "tsne", 4)[0], points)
        assert not np.allclose(project(unit, "tsne", 5)[0], points)
        distances = np.linalg.norm(points[:, None] - points, axis=2)
        nearest_in_space = nearest_among(unit, 1)[0][:, 0]
        to_nearest = distances[np.arange(102), nearest_in_space]
        assert np.median(to_nearest) < np.median(distances) / 4

    def test_tsne_of_few_and_of_equal_vectors(self):
        points, settings = project(some_vectors().unit_rows(5), "tsne", 1)
        assert settings.startswith("t-SNE, perplexity 1.33,")
        assert np.isfinite(points).all()
        points, _ = project(np.zeros((7, 3), np.float32), "tsne", 1)
        assert np.isfinite(points).all()
        assert len(np.unique(points, axis=0)) == 7

    def test_a_map_that_begins_from_another_one_keeps_its_places(self):
        unit = some_vectors(202, 9).unit_rows()
        start = project(unit, "tsne", 1)[0]
        places = start @ [[0.0, 1.0], [-1.0, 0.0]]
        points, _ = project(unit, "tsne", 1, places)
        assert np.corrcoef(points.ravel(), places.ravel())[0, 1] > 0.9

    def test_umap_gets_the_seed_and_initial_points(self, monkeypatch):
        asked = {}

        class UMAP:
            def __init__(self, **options):
                asked.update(options)

            def fit_transform(self, unit):
                return unit[:, :2] * 2

        module = types.ModuleType("umap")
        module.UMAP, module.__spec__ = UMAP, ModuleSpec("umap", None)
        monkeypatch.setitem(sys.modules, "umap", module)
        unit = some_vectors().unit_rows(9)
        points, settings = project(unit, "umap", 3)
        np.testing.assert_array_equal(points, unit[:, :2] * 2)
        assert settings == "UMAP, 8 neighbours, seed 3"
        assert asked["init"].shape == (9, 2)
        assert (asked["random_state"], asked["n_neighbors"]) == (3, 8)

    def test_missing_library_is_one_line_with_both_remedies(self, monkeypatch, tmp_path, vectors):
        hide(monkeypatch, "umap")
        with pytest.raises(SettingsError) as error:
            draw_map(vectors, tmp_path / "m.html", projection="umap")
        assert "projection='umap' needs umap-learn" in str(error.value)
        assert "pip install 'fastw2v[map]'" in str(error.value)
        assert "projection='tsne'" in str(error.value)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("method", ["pca", "tsne"])
    def test_pages_need_no_other_library(self, monkeypatch, tmp_path, vectors, method):
        hide(monkeypatch, "sklearn", "umap", "matplotlib", "scipy")
        draw_map(vectors, tmp_path / "m.html", projection=method)
        assert (tmp_path / "m.html").exists()

    def test_too_few_words(self, vectors):
        unit = vectors.unit_rows(4)
        with pytest.raises(
            SettingsError, match=r"'pca' needs at least 2 words.* got 1; select more$"
        ):
            project(unit[:1], "pca", 1)
        with pytest.raises(SettingsError, match=r"'tsne' .* 5 words, but got 4; .*'pca' for 2"):
            project(unit, "tsne", 1)

    def test_invalid_arguments_are_refused(self, vectors):
        with pytest.raises(SettingsError, match="'mds'; it must be one of: tsne, umap, pca"):
            project(vectors.unit_rows(), "mds", 1)
        for seed in (-1, 2**32):
            with pytest.raises(SettingsError, match=f"seed is {seed}"):
                project(vectors.unit_rows(), "pca", seed)


def test_points_fill_the_plane_evenly(vectors):
    word_map = lay_out(vectors, list(range(61)), "pca", 1)
    raw, _ = principal_components(vectors.unit_rows())
    (panel,) = word_map.panels
    high, low = panel.points.max(axis=0), panel.points.min(axis=0)
    np.testing.assert_allclose(high + low, 0, atol=1e-12)
    assert high.max() == pytest.approx(1)
    np.testing.assert_allclose(  # one scale for both axes
        np.ptp(panel.points, axis=0) / np.ptp(raw, axis=0), 2 / np.ptp(raw, axis=0).max()
    )
