"""Fixtures, loaded as a plugin, for tests of the map's page in a real browser."""

import shutil

import pytest

from fastw2v.mapping import draw_map
from tests.support.map_browser import NOTED, wait
from tests.support.map_cases import some_vectors

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="no playwright: pip install playwright"
    )
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no browser: apt-get install chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def map_vectors():
    return some_vectors()


@pytest.fixture(scope="module")
def map_folder(map_vectors, tmp_path_factory):
    path = tmp_path_factory.mktemp("browser")
    draw_map(map_vectors, path / "map.html", projection="pca")
    return path


@pytest.fixture
def open_map(browser, map_folder):
    """A function that opens the map; at the end no page may have logged an error."""
    contexts, asked, said = [], [], []

    def open_one(address=None, **options):
        context = browser.new_context(
            viewport={"width": 1201, "height": 803}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.add_init_script(NOTED)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(address or (map_folder / "map.html").as_uri())
        wait(page, "fastw2vMap.labels().length > 0")
        return page

    open_one.asked, open_one.said = asked, said
    yield open_one
    for context in contexts:
        for page in context.pages:
            said += page.evaluate("window.noted")
        context.close()
    assert said == []
    assert [
        url for url in asked if not url.startswith(("file:", "http://127.0.0.1:", "data:"))
    ] == []


@pytest.fixture
def page(open_map):
    return open_map()
