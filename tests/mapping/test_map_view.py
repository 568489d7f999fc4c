"""The map's view in a real browser: zoom, move, labels, colours, sizes of window and map."""

import math

import numpy as np
import pytest

from fastw2v.mapping.groups import Groups
from fastw2v.mapping.layout import Panel, WordMap
from fastw2v.mapping.page import write
from tests.support.map_browser import chosen, free_word, labelled, picture, position, settled, wait

# Its fixtures: browser, map_vectors, map_folder, open_map, page.
pytest_plugins = ["tests.support.map_browsing"]


class TestView:
    def test_wheel_zooms_where_the_pointer_is(self, page):
        place = position(page, "word7")
        pointer = tuple(map(int, place))  # a browser tells whole pixels
        page.mouse.move(*pointer)
        before = page.evaluate("fastw2vMap.labels().length")
        page.mouse.wheel(0, -600)
        wait(page, "fastw2vMap.zoomed() > 2")
        zoomed = page.evaluate("fastw2vMap.zoomed()")
        expected = [at + zoomed * (x - at) for at, x in zip(pointer, place, strict=True)]
        assert position(page, "word7") == pytest.approx(tuple(expected), abs=0.01)
        page.mouse.wheel(0, 600)
        wait(page, "fastw2vMap.zoomed() < 1.01")
        settled(page)
        assert page.evaluate("fastw2vMap.labels().length") == before

    def test_drag_moves_and_does_not_choose(self, page):
        x, y = position(page, free_word(page))
        before = position(page, "word7")
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y - 30, steps=4)
        page.mouse.up()
        after = position(page, "word7")
        assert after == pytest.approx((before[0] + 40, before[1] - 30), abs=0.01)
        assert chosen(page) is None

    def test_keys(self, page):
        view = page.evaluate("fastw2vMap.view()")
        page.locator("#map").focus()
        page.keyboard.press("+")
        assert page.evaluate("fastw2vMap.zoomed()") == pytest.approx(1.4)
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
        moved = page.evaluate("fastw2vMap.view()")
        assert moved["x"] > view["x"]
        assert moved["y"] > view["y"]
        places = {word: position(page, word) for word in page.evaluate("fastw2vMap.words")}
        frame = page.locator("#map").bounding_box()
        middle = (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2)
        page.keyboard.press("Enter")
        nearest = places[chosen(page)]
        assert all(math.dist(nearest, middle) <= math.dist(p, middle) for p in places.values())
        page.keyboard.press("0")
        assert page.evaluate("fastw2vMap.view()") == view

    def test_buttons(self, page):
        page.get_by_role("button", name="Zoom in").click()
        assert page.evaluate("fastw2vMap.zoomed()") == pytest.approx(1.6)
        page.get_by_role("button", name="Zoom out").click()
        page.get_by_role("button", name="Zoom out").click()
        assert page.evaluate("fastw2vMap.zoomed()") == pytest.approx(1 / 1.6)
        page.get_by_role("button", name="Show all words").click()
        assert page.evaluate("fastw2vMap.zoomed()") == 1

    def test_pinch_and_tap(self, open_map):
        page = open_map(has_touch=True)
        wire = page.context.new_cdp_session(page)

        def touch(kind, *points):
            places = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})

        touch("touchStart", (600, 400))
        touch("touchStart", (600, 400), (700, 400))
        for step in range(1, 6):
            touch("touchMove", (600 - 10 * step, 400), (700 + 10 * step, 400))
        touch("touchEnd")
        wait(page, "fastw2vMap.zoomed() > 1.9")
        assert page.evaluate("fastw2vMap.zoomed()") == pytest.approx(2, rel=0.02)
        assert chosen(page) is None
        page.get_by_role("button", name="Show all words").click()
        settled(page)
        word = free_word(page)
        page.touchscreen.tap(*position(page, word))
        assert chosen(page) == word

    def test_labels_do_not_overlap_and_all_words_lie_on_the_canvas(self, page):
        boxes = page.evaluate("fastw2vMap.labels()")
        assert len(boxes) > 10
        for place, one in enumerate(boxes):
            for other in boxes[:place]:
                assert (
                    one["left"] >= other["right"]
                    or one["right"] <= other["left"]
                    or one["top"] >= other["bottom"]
                    or one["bottom"] <= other["top"]
                )
        frame = page.locator("#map").bounding_box()
        for number in range(40):
            x, y = position(page, f"word{number}")
            assert frame["x"] < x < frame["x"] + frame["width"]
            assert frame["y"] < y < frame["y"] + frame["height"]

    def test_dark_and_light(self, page):
        light = picture(page)
        page.emulate_media(color_scheme="dark")
        dark = picture(page)
        assert dark != light
        page.emulate_media(color_scheme="light")
        assert picture(page) == light

    def test_small_window(self, page):
        page.set_viewport_size({"width": 390, "height": 760})
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        word = free_word(page)
        page.mouse.click(*position(page, word))
        assert chosen(page) == word
        assert page.locator("#map").bounding_box()["height"] > 300


def test_maps_of_many_words_are_drawn(open_map, tmp_path):
    count, chance = 10_000, np.random.default_rng(9)
    panel = Panel(
        name="",
        points=chance.uniform(-1, 1, (count, 2)),
        neighbours=(np.arange(count)[:, None] + np.arange(1, 11)) % count,
        cosines=np.full((count, 10), 0.5, np.float32),
        rows=np.arange(count),
        vocab_size=count,
        size=7,
        projection="none",
    )
    groups = Groups(np.arange(count) % 3, [[0], [1], [2]], np.arange(3), np.ones(3, bool))
    words = [f"word{number}" for number in range(count)]
    crowd = WordMap(words, [panel], groups, np.arange(count))
    with open(tmp_path / "big.html", "wb") as file:
        write(file, crowd)
    page = open_map((tmp_path / "big.html").as_uri())
    first = set(labelled(page))
    assert 100 < len(first) < 700
    assert "word0" in first
    page.mouse.move(700, 400)
    page.mouse.wheel(0, -1200)
    wait(page, "fastw2vMap.zoomed() > 5")
    settled(page)
    second = set(labelled(page))
    assert len(second - first) > 20  # zooming brings labels for which there was no room
    page.locator("#query").fill("word9876")
    page.keyboard.press("Enter")
    settled(page)
    assert "word9876" in labelled(page)
