"""The map's page in a real browser: groups, neighbours in view, two models side by side."""

import pytest

from fastw2v.mapping import draw_map
from tests.mapping.test_drift import turned
from tests.support.map_browser import chosen, free_word, picture, position, settled
from tests.support.map_cases import some_vectors

# Its fixtures: browser, map_vectors, map_folder, open_map, page.
pytest_plugins = ["tests.support.map_browsing"]


@pytest.fixture(scope="module")
def two(map_folder):
    vectors = some_vectors()
    path = map_folder / "two.html"
    both = {"old.bin": vectors, "<i>new": turned(vectors, ("word8", "word9"))}
    draw_map(both, path, projection="pca")
    return path.as_uri()


def check_neighbours(page, word, panel=0):
    """All neighbours of the chosen word are in view, and have labels that do not overlap."""
    settled(page)
    canvas = "map" if panel == 0 else f"map-{panel + 1}"
    frame = page.locator(f"#{canvas}").bounding_box()
    near = page.evaluate(
        "([word, panel]) => panels[panel].own.neighbours[data.words.indexOf(word)]", [word, panel]
    )
    boxes = page.evaluate("panel => fastw2vMap.labels(panel)", panel)
    labelled = {box["number"]: box for box in boxes}
    assert len(near) == 10
    for number in near:
        box = labelled[number]
        assert 0 <= box["left"] < box["right"] <= frame["width"]
        assert 0 <= box["top"] < box["bottom"] <= frame["height"]
        x, y = page.evaluate("([n, p]) => [panels[p].x(n), panels[p].y(n)]", [number, panel])
        assert 0 < x < frame["width"]
        assert 0 < y < frame["height"]
    for place, one in enumerate(boxes):
        for other in boxes[:place]:
            assert (
                one["left"] >= other["right"]
                or one["right"] <= other["left"]
                or one["top"] >= other["bottom"]
                or one["bottom"] <= other["top"]
            )


class TestNeighbours:
    @pytest.mark.parametrize("size", [(1201, 803), (390, 760), (700, 420)])
    def test_all_are_labelled_and_in_view(self, page, size):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        settled(page)
        for word in ("word0", "word17", "<b>bold</b>", "עברית"):
            page.evaluate("word => fastw2vMap.choose(word)", word)
            check_neighbours(page, word)

    def test_also_of_a_click_into_a_small_part_of_the_map(self, page):
        page.mouse.move(700, 400)
        page.mouse.wheel(0, -2500)
        settled(page)
        page.locator("#query").fill("word5")
        page.keyboard.press("Enter")
        check_neighbours(page, "word5")


class TestGroups:
    def test_a_group_can_be_looked_at_alone(self, page):
        whole = picture(page)
        first = page.locator("#grouplist button").first
        first.click()
        assert first.get_attribute("aria-pressed") == "true"
        assert picture(page) != whole
        groups = page.evaluate("fastw2vMap.labels().map(({ number }) => data.groups[number])")
        assert set(groups) == {0}
        page.keyboard.press("Escape")
        assert first.get_attribute("aria-pressed") == "false"

    def test_names_are_words_of_the_group(self, page):
        shown = page.locator("#grouplist b").all_inner_texts()
        assert shown == page.evaluate("data.names.map((_, group) => groupName(group))")
        sizes = [int(text) for text in page.locator("#grouplist span").all_inner_texts()]
        assert sum(sizes) == 61

    def test_no_sentence_end_among_the_large_labels(self, page):
        tiers = page.evaluate("[tierOf(data.words.indexOf('</s>')), TIERS.length]")
        assert tiers[0] == tiers[1] - 1


class TestTwoModels:
    def test_a_click_in_one_selects_in_both(self, open_map, two):
        page = open_map(two)
        assert page.locator(".frame h2").all_inner_texts() == ["old.bin", "<i>new"]
        word = free_word(page)
        page.mouse.click(*position(page, word))
        assert chosen(page) == word
        lists = page.locator(".neighbours")
        assert lists.count() == 2
        assert page.locator("#columns h4").all_inner_texts() == ["old.bin", "<i>new"]
        for panel in (0, 1):
            check_neighbours(page, word, panel)
        assert page.locator(".neighbours .shared").count() > 8

    def test_hover_in_one_is_seen_in_the_other(self, open_map, two):
        page = open_map(two)
        before = page.evaluate("document.getElementById('map-2').toDataURL()")
        page.mouse.move(*position(page, free_word(page)))
        settled(page)
        assert page.evaluate("fastw2vMap.hovered()") is not None
        assert page.evaluate("document.getElementById('map-2').toDataURL()") != before

    def test_words_that_changed_are_listed_with_scores(self, open_map, two):
        page = open_map(two)
        words = page.locator("#driftlist b").all_inner_texts()
        assert {"word8", "word9"} <= set(words)
        scores = page.locator("#driftlist span").all_inner_texts()
        percent = [int(score.split("%")[0]) for score in scores]
        assert percent == sorted(percent, reverse=True)
        page.locator("#driftlist button").first.click()
        assert chosen(page) == words[0]

    def test_narrow_window(self, open_map, two):
        page = open_map(two)
        page.set_viewport_size({"width": 390, "height": 900})
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        boxes = [page.locator(f"#{name}").bounding_box() for name in ("map", "map-2")]
        assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]
        assert min(box["height"] for box in boxes) > 200
