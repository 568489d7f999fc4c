"""The map's page in a real browser: what a reader does, and that it asks nothing of any network."""

import http.server
import threading

import pytest

from tests.support.map_browser import (
    chosen,
    expected_neighbours,
    free_word,
    linked,
    position,
    settled,
    shown_neighbours,
)
from tests.support.map_cases import HOSTILE

# Its fixtures: browser, map_vectors, map_folder, open_map, page.
pytest_plugins = ["tests.support.map_browsing"]


class TestSelection:
    def test_click_shows_the_nearest_neighbours(self, page, map_vectors):
        word = free_word(page)
        page.mouse.click(*position(page, word))
        assert chosen(page) == word
        assert page.locator("#word").inner_text() == word
        row = map_vectors.row(word) + 1
        assert page.locator("#place").inner_text() == f"word {row} of 61 in the file"
        assert shown_neighbours(page) == expected_neighbours(map_vectors, word)

    def test_click_on_a_label_selects_its_word(self, page):
        box = page.evaluate("fastw2vMap.labels().find(({ word }) => word === 'word0')")
        frame = page.locator("#map").bounding_box()
        x, y = box["right"] - 6, (box["top"] + box["bottom"]) / 2
        page.mouse.click(frame["x"] + x, frame["y"] + y)
        assert chosen(page) == "word0"

    def test_click_on_the_background_and_escape_clear_the_selection(self, page):
        for leave in (lambda: page.mouse.click(320, 20), lambda: page.keyboard.press("Escape")):
            page.mouse.click(*position(page, free_word(page)))
            assert chosen(page) is not None
            leave()
            assert chosen(page) is None
            assert page.locator("#panel").is_hidden()

    def test_links_lead_to_the_neighbours(self, page):
        word = free_word(page)
        page.mouse.click(*position(page, word))
        near = [name for name, _ in shown_neighbours(page) if name.startswith("word")]
        strangers = [f"word{n}" for n in range(40) if f"word{n}" not in [word, *near]]
        settled(page)
        assert len(near) >= 3
        found = set(linked(page, word, near + strangers))
        assert len(found & set(near)) > 0.6 * len(near)
        assert len(found & set(strangers)) < 0.4 * len(strangers)

    def test_neighbours_of_neighbours_can_be_followed(self, page, map_vectors):
        word = free_word(page)
        page.mouse.click(*position(page, word))
        second = page.locator(".neighbours button").nth(1)
        name = second.locator("b").inner_text()
        second.click()
        assert page.locator("#word").inner_text() == name
        assert shown_neighbours(page)[0][0] != name

    def test_pointer_over_a_word_shows_it(self, page):
        word = free_word(page)
        page.mouse.move(*position(page, word))
        assert page.locator("#tip strong").inner_text() == word
        page.mouse.move(310, 10)
        assert page.locator("#tip").is_hidden()


class TestSearch:
    def test_enter_shows_the_word_with_all_its_neighbours(self, page):
        page.keyboard.press("/")
        page.keyboard.type("word1")
        listed = page.locator("#matches li").all_inner_texts()
        assert listed == ["word1", *(f"word{number}" for number in range(10, 20))]
        page.keyboard.press("Enter")
        assert chosen(page) == "word1"
        settled(page)
        assert page.evaluate("fastw2vMap.labels()[0].word") == "word1"
        assert page.locator("#matches").is_hidden()

    def test_arrows_walk_through_the_list(self, page):
        page.locator("#query").fill("word2")
        for key in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
            page.keyboard.press(key)
        active = page.locator("#query").get_attribute("aria-activedescendant")
        last = page.locator("#matches li").last
        assert last.get_attribute("id") == active
        assert last.get_attribute("aria-selected") == "true"
        name = last.inner_text()
        page.keyboard.press("Enter")
        assert chosen(page) == name

    def test_click_on_a_match(self, page):
        page.locator("#query").fill("WORD3")  # upper case finds lower case
        page.locator("#matches li").nth(2).click()
        assert chosen(page) == "word31"

    def test_any_word_is_found_as_text(self, page):
        for word in HOSTILE:
            if "\udcff" in word:  # see below
                continue
            # A control character cannot be typed; the form in which it is shown can.
            page.locator("#query").fill({"bell\x07": r"bell\u0007"}.get(word, word))
            page.keyboard.press("Enter")
            assert chosen(page) == word
            assert len(shown_neighbours(page)) == 10
            assert page.locator("#panel script, #panel img, #matches b").count() == 0

    def test_odd_bytes_are_found_as_shown(self, page):
        page.locator("#query").fill(r"na\xff")
        page.keyboard.press("Enter")
        assert page.locator("#word").inner_text() == r"na\xffve"
        # A lone surrogate does not come over the wire, hence compared there.
        assert page.evaluate(r"fastw2vMap.chosen() === 'na\udcffve'")

    def test_no_match_is_reported(self, page):
        page.locator("#query").fill("<i>zz")
        assert page.locator("#missing").inner_text() == "no word here begins with “<i>zz”"
        page.keyboard.press("Enter")
        assert chosen(page) is None


class TestNetwork:
    @pytest.fixture
    def server(self, map_folder):
        """A server on this machine; ``asked`` are the paths that anybody asked for."""
        asked = []

        class Handler(http.server.SimpleHTTPRequestHandler):
            def __init__(self, *arguments):
                super().__init__(*arguments, directory=str(map_folder))

            def log_message(self, format, *arguments):
                asked.append(self.path)

        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            server.asked = asked
            server.address = f"http://127.0.0.1:{server.server_port}"
            thread = threading.Thread(target=server.serve_forever)
            thread.start()
            yield server
            server.shutdown()
            thread.join()

    def test_the_page_is_the_only_request(self, open_map, server):
        page = open_map(f"{server.address}/map.html")
        page.locator("#query").fill("word5")
        page.keyboard.press("Enter")
        page.locator(".neighbours button").first.click()
        settled(page)
        assert server.asked == ["/map.html"]
        assert [url for url in open_map.asked if not url.startswith("data:")] == [
            f"{server.address}/map.html"
        ]

    def test_the_policy_is_in_force(self, open_map, server):
        page = open_map(f"{server.address}/map.html")
        page.evaluate("""() => {
            const image = document.createElement("img");
            image.src = "/spy.png";
            const script = document.createElement("script");
            script.textContent = "window.spied = true";
            document.body.append(image, script);
        }""")
        refused = page.evaluate("fetch('/spy').then(() => 'answered', () => 'refused')")
        assert refused == "refused"
        assert page.evaluate("window.spied") is None
        noted = page.evaluate("noted.splice(0)")
        directives = sorted(line.split(":")[0] for line in noted)
        assert directives == ["connect-src", "img-src", "script-src-elem"]
        assert len(open_map.said) >= 3  # the browser's own words on it
        open_map.said.clear()
        assert server.asked == ["/map.html"]
