"""Two models on one map: which words changed, and which are drawn."""

import numpy as np
import pytest

from fastw2v import WordVectors
from fastw2v.errors import SettingsError, UnknownWordError
from fastw2v.mapping import draw_map
from fastw2v.mapping.alignment import aligned_cosines
from fastw2v.mapping.layout import lay_out
from fastw2v.mapping.selection import choose_rows
from tests.support.map_cases import read_page, some_vectors


def turned(vectors, swap=()):
    """The same vectors in other axes, in another order of rows; ``swap``: two words that change
    places."""
    rotation = np.linalg.qr(np.random.default_rng(4).normal(size=(vectors.matrix.shape[1],) * 2))[0]
    words = list(vectors.words)
    if swap:
        one, other = map(words.index, swap)
        words[one], words[other] = words[other], words[one]
    order = np.random.default_rng(5).permutation(len(words))
    return WordVectors([words[row] for row in order], (vectors.matrix @ rotation)[order])


@pytest.fixture(scope="module")
def vectors():
    return some_vectors()


class TestDrift:
    def test_a_turned_model_has_not_changed(self, vectors):
        other = turned(vectors)
        cosines = aligned_cosines(vectors, other, vectors.words)
        np.testing.assert_allclose(cosines, 1, atol=1e-5)
        drift = lay_out({"a": vectors, "b": other}, list(range(61)), "pca", 1).drift
        assert drift.changes.max(initial=0) < 0.1  # of near ties
        assert drift.compared == 15

    def test_words_that_changed_places_come_first(self, vectors):
        from_afar = min(
            (f"word{n}" for n in range(9, 40)),
            key=lambda word: vectors["word8"] @ vectors[word],
        )
        other = turned(vectors, ("word8", from_afar))
        word_map = lay_out({"a": vectors, "b": other}, list(range(61)), "pca", 1)
        drift = word_map.drift
        assert {word_map.words[number] for number in drift.words[:2]} == {"word8", from_afar}
        assert drift.changes[0] > 0.9
        assert drift.cosines[:2].max() < drift.cosines[2:].min(initial=1)
        assert (np.diff(drift.changes) <= 0).all()

    def test_other_dimensions_have_no_cosines(self, vectors):
        other = WordVectors(vectors.words, vectors.matrix[:, :4])
        drift = lay_out({"a": vectors, "b": other}, list(range(61)), "pca", 1).drift
        assert drift.cosines is None
        assert len(drift.words)

    def test_panels_have_similar_places(self, vectors):
        word_map = lay_out({"a": vectors, "b": turned(vectors)}, list(range(61)), "pca", 1)
        first, second = (panel.points for panel in word_map.panels)
        np.testing.assert_allclose(first, second, atol=1e-5)
        rows = [panel.rows.tolist() for panel in word_map.panels]
        assert rows[0] == list(range(61)) != rows[1]


class TestWordsOfTwo:
    def test_only_words_that_both_have(self, vectors):
        other = WordVectors(vectors.words[5:], vectors.matrix[5:])
        assert choose_rows(vectors, number=4, others=[other]) == [5, 6, 7, 8]
        near = choose_rows(vectors, near=["word9"], number=9, others=[other])
        assert len(near) == 9
        assert min(near) >= 5
        with pytest.raises(UnknownWordError, match="'word1' is not in the vocabulary"):
            choose_rows(vectors, words=["word1", "word9"], others=[other])

    def test_vectors_that_are_not_finite_are_left_out(self, vectors):
        matrix = vectors.matrix.copy()
        matrix[2, 1] = np.nan
        other = WordVectors(vectors.words, matrix)
        assert choose_rows(vectors, number=4, others=[other]) == [0, 1, 3, 4]

    def test_nothing_in_common(self, vectors, tmp_path):
        other = WordVectors(["p", "q"], np.ones((2, 7)))
        with pytest.raises(SettingsError, match="got 0"):
            draw_map({"a": vectors, "b": other}, tmp_path / "m.html")
        assert list(tmp_path.iterdir()) == []

    def test_pages_and_images_of_two(self, vectors, tmp_path):
        both = {"<b>old": vectors, "new": turned(vectors)}
        draw_map(both, tmp_path / "m.html", projection="pca")
        data = read_page(tmp_path / "m.html").data
        assert [panel["name"] for panel in data["panels"]] == ["<b>old", "new"]
        assert len(data["drift"]["changes"]) == len(data["drift"]["words"])
        pytest.importorskip("matplotlib", reason="no matplotlib: pip install 'fastw2v[map]'")
        draw_map(both, tmp_path / "m.svg", projection="pca")
        assert "new</text>" in (tmp_path / "m.svg").read_text("utf-8")
