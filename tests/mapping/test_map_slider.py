"""Several models as moments of one map: where points are, what is refused, and the slider itself
in a real browser."""

from itertools import pairwise

import numpy as np
import pytest

from fastw2v import WordVectors
from fastw2v.commands.map import _by_number
from fastw2v.errors import OutputError, SettingsError
from fastw2v.mapping import draw_map, tsne
from fastw2v.mapping.layout import turned_onto
from fastw2v.mapping.page import GRID
from tests.mapping.test_drift import turned
from tests.support.commands import error_line, run_command
from tests.support.map_browser import settled, shown_neighbours, wait
from tests.support.map_cases import read_page, some_vectors

# Its fixtures: browser, map_vectors, map_folder, open_map.
pytest_plugins = ["tests.support.map_browsing"]


def epochs(count=4):
    """A training: directions that it learns, plus ever less noise; each model in axes of its own,
    as independent trainings have them."""
    last = some_vectors()
    chance = np.random.default_rng(8)
    noise = chance.normal(size=last.matrix.shape)
    found = {}
    for epoch in range(1, count + 1):
        matrix = last.matrix + noise * (count - epoch) / count
        axes = np.linalg.qr(chance.normal(size=(7, 7)))[0]
        found[f"epoch-{epoch}"] = WordVectors(last.words, (matrix @ axes).astype(np.float32))
    return found


def places(path):
    data = read_page(path).data
    return [np.array([panel["x"], panel["y"]]).T / GRID for panel in data["panels"]]


@pytest.mark.parametrize("projection", ["pca", "tsne"])
def test_points_move_no_farther_than_vectors_do(tmp_path, monkeypatch, projection):
    monkeypatch.setattr(tsne, "ROUNDS_OF_SMALL", 300)
    path = tmp_path / "m.html"
    models = epochs()
    drawn = draw_map(models, path, projection=projection)
    assert drawn.caption.startswith("4 models, 61 words that all have; epoch-1: 61 words, 7 dim")
    assert read_page(path).data["slider"] is True
    found = places(path)
    assert max(np.abs(each).max() for each in found) == pytest.approx(1, abs=1e-4)
    steps = [np.linalg.norm(a - b, axis=1).mean() for a, b in pairwise(found)]
    spread = np.linalg.norm(found[-1], axis=1).mean()
    assert max(steps) < 0.5 * spread
    last = models["epoch-4"]
    again = draw_map({"a": last, "b": turned(last), "c": last}, path, projection=projection)
    still = places(path)
    assert len(again.panels) == 3
    limit = 1e-3 if projection == "pca" else 0.1
    for one, other in pairwise(still):  # only rotated: nothing moves
        assert np.linalg.norm(one - other, axis=1).mean() < limit


def test_turned_onto_undoes_a_rotation_with_fewer_points_than_dimensions():
    chance = np.random.default_rng(2)
    points = chance.normal(size=(4, 9))
    axes = np.linalg.qr(chance.normal(size=(9, 9)))[0]
    found = turned_onto(points @ axes + 5, points)
    np.testing.assert_allclose(found, points - points.mean(axis=0), atol=1e-12)


def test_models_of_different_sizes_move_too(tmp_path):
    first = some_vectors()
    second = WordVectors(first.words, first.matrix[:, :4])
    draw_map({"a": second, "b": first, "c": second}, tmp_path / "m.html", projection="pca")
    assert len(places(tmp_path / "m.html")) == 3


def test_two_models_with_a_slider_and_what_is_refused(tmp_path):
    vectors, path = some_vectors(), tmp_path / "m.html"
    two = {"a": vectors, "b": vectors}
    assert draw_map(two, path, projection="pca").slider is False
    assert draw_map(two, path, projection="pca", slider=True).slider is True
    with pytest.raises(SettingsError, match="needs two models or more, but got one"):
        draw_map(vectors, path, slider=True)
    with pytest.raises(SettingsError, match="one or two models, but got 3"):
        draw_map({**two, "c": vectors}, path, slider=False)
    with pytest.raises(SettingsError, match="1 to 200 models, but got 201"):
        draw_map(dict.fromkeys(map(str, range(201)), vectors), path)
    for name in ("m.svg", "m.png"):
        with pytest.raises(OutputError, match=r"an image cannot move; use the extension \.html"):
            draw_map({**two, "c": vectors}, tmp_path / name)
    assert [each.name for each in tmp_path.iterdir()] == ["m.html"]


@pytest.mark.parametrize(
    ("given", "ordered"),
    [
        (
            "v.epoch-1 v.epoch-10 v.epoch-2 v.epoch-9 v",
            "v.epoch-1 v.epoch-2 v.epoch-9 v.epoch-10 v",
        ),
        ("a/10/v a/9/v", "a/9/v a/10/v"),
        ("2000.bin 1900.bin 1950.bin", "2000.bin 1900.bin 1950.bin"),  # as the user wants it
        ("new old", "new old"),
        ("v1 w10 v2", "v1 w10 v2"),
        ("same same", "same same"),
        ("v007 v01 v1", "v01 v1 v007"),
    ],
)
def test_files_that_a_pattern_sorted_as_text_are_sorted_by_number(given, ordered):
    assert " ".join(_by_number(given.split())) == ordered


def test_the_command_reads_epochs_in_order(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    models = epochs(10)
    for name, model in models.items():
        model.save(f"v.{name}.txt")
    paths = sorted(path.name for path in tmp_path.iterdir())
    assert paths[1] == "v.epoch-10.txt"
    done = run_command("map", *paths, "-o", "m.html", "--projection", "pca", "-n", 30)
    assert done.exit_code == 0, done.stderr
    names = [panel["name"] for panel in read_page("m.html").data["panels"]]
    assert names == [f"v.epoch-{number}.txt" for number in range(1, 11)]
    line = error_line(run_command("map", paths[0], "-o", "n.html", "--slider"))
    assert "--slider needs two models or more" in line
    line = error_line(run_command("map", *paths, "-o", "n.svg"))
    assert "an image cannot move" in line


def test_the_slider_moves_words_and_changes_neighbours(open_map, map_folder):
    models = epochs()
    draw_map(models, map_folder / "slider.html", projection="pca")
    found = places(map_folder / "slider.html")
    page = open_map((map_folder / "slider.html").as_uri())  # without motion
    assert page.locator("canvas").count() == 1
    assert page.locator("#momentname").inner_text() == "epoch-4"
    page.evaluate("fastw2vMap.choose('word9')")
    before, neighbours = page.evaluate("fastw2vMap.position('word9')"), shown_neighbours(page)
    page.locator("#moment").fill("0")
    settled(page)
    assert page.evaluate("fastw2vMap.moment()") == 0
    assert page.locator("#momentname").inner_text() == "epoch-1"
    assert "epoch-1: word" in page.locator("#place").inner_text()
    assert shown_neighbours(page) != neighbours
    number = models["epoch-1"].row("word9")
    xs, ys = page.evaluate("[[...panels[0].xs], [...panels[0].ys]]")
    np.testing.assert_allclose(np.array([xs, np.negative(ys)]).T, found[0], atol=1e-6)
    assert page.evaluate("fastw2vMap.position('word9')") != before
    x, y = page.evaluate("number => placeAt(0.5, number)", number)
    np.testing.assert_allclose([x, -y], (found[0][number] + found[1][number]) / 2, atol=1e-6)
    page.locator("#playtime").click()
    wait(page, "fastw2vMap.moment() === 3 && !time.playing")
    assert shown_neighbours(page) == neighbours
    assert page.locator("#playtime").inner_text() == "Play"
    strip = page.locator("#time").bounding_box()["y"]
    assert all(box["bottom"] <= strip for box in page.evaluate("fastw2vMap.labels()"))
