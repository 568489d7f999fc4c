"""The page that trains, in a real browser: its arithmetic is the twins', and its controls work.

One page is open for all tests: each starts a training of its own.
"""

import numpy as np
import pytest

from fastw2v.watching.watch_page import write_page
from fastw2v.watching.watch_settings import WatchSettings
from tests.support.map_browser import NOTED, wait
from tests.support.map_cases import HOSTILE
from tests.support.naive_watch import WatchTwin

# Its fixture: browser.
pytest_plugins = ["tests.support.map_browsing"]

HARMLESS = [word for word in HOSTILE if word != "</s>" and not {*word} & set(" \udcff")]
TEXT = "\n".join(
    ["b a c a", "", "lonely", "a b d c b a", " ".join(HARMLESS), "c d\td b", "a a a", "e a"]
)
LAYERS = ("negative-sampling", "hierarchical-softmax", "softmax")
TOLERANCE = 1e-10


@pytest.fixture(scope="module")
def page(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("watch")
    (folder / "text.txt").write_bytes(TEXT.encode())
    write_page(folder / "text.txt", folder / "page.html", WatchSettings(seed=5))
    context = browser.new_context(viewport={"width": 1300, "height": 850})
    page, said, asked = context.new_page(), [], []
    page.add_init_script(NOTED)
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / "page.html").as_uri())
    yield page
    assert said + page.evaluate("window.noted") == []
    assert [url for url in asked if not url.startswith("data:")] == [page.url]
    context.close()


@pytest.fixture
def start(page):
    """A function that starts a training on the text of the command."""

    def begin(**settings):
        page.locator("#text").select_option("0")
        given = {"model": "skipgram", "layer": LAYERS[0], "size": 5, "window": 2, "negative": 3}
        given |= {"alpha": 0.2, "seed": 5, "corrected": False} | settings
        page.evaluate("settings => fastw2vWatch.start(settings)", given)
        return given

    return begin


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize(
    "variant",
    [{"model": "skipgram"}, {"model": "cbow"}, {"model": "cbow", "corrected": True}],
    ids=["skipgram", "cbow", "corrected"],
)
def test_200_steps_give_the_matrices_of_the_twin(page, start, layer, variant):
    settings = start(layer=layer, size=7, window=3, negative=6, alpha=0.3, **variant)
    page.evaluate("fastw2vWatch.step(200)")
    sentences, counts = page.evaluate("[fastw2vWatch.sentences(), fastw2vWatch.counts()]")
    twin = WatchTwin(sentences, counts, **settings)
    before = twin.inputs[1:].copy()
    for _ in range(200):
        twin.step()
    inputs, outputs = twin.matrices()
    assert np.abs(inputs - before).max() > 0.1
    np.testing.assert_allclose(page.evaluate("fastw2vWatch.inputs()"), inputs, atol=TOLERANCE)
    np.testing.assert_allclose(page.evaluate("fastw2vWatch.outputs()"), outputs, atol=TOLERANCE)
    assert page.evaluate("fastw2vWatch.last().loss") == pytest.approx(twin.losses[-1])
    passes = page.evaluate("fastw2vWatch.losses()")
    steps = page.evaluate("page.training.walk.total")
    means = [np.mean(twin.losses[first : first + steps]) for first in range(0, 201 - steps, steps)]
    assert len(passes) >= 1
    np.testing.assert_allclose(passes, means)


def test_the_step_in_hand_is_the_change_of_the_matrices(page, start):
    start(layer="softmax", alpha=0.5)
    page.evaluate("fastw2vWatch.step(40)")
    before = [np.array(page.evaluate(f"fastw2vWatch.{name}()")) for name in ("inputs", "outputs")]
    page.evaluate("fastw2vWatch.step(1)")
    moves = page.evaluate(
        "fastw2vWatch.last().moves.map((move) => ({ ...move, change: [...move.change] }))"
    )
    for move in moves:
        before[move["matrix"] == "output"][move["row"]] += move["change"]
    for name, matrix in zip(("inputs", "outputs"), before, strict=True):
        np.testing.assert_allclose(page.evaluate(f"fastw2vWatch.{name}()"), matrix, atol=1e-12)
    rows = page.locator("#moves tr")
    assert rows.count() == 14
    pulled = page.evaluate("fastw2vWatch.last()")
    words = page.evaluate("fastw2vWatch.words()")
    assert rows.first.locator("td").first.inner_text() == f"{words[pulled['inputs'][0]]}input"
    assert rows.nth(1).locator("td").nth(5).inner_text() in ("to hidden", "from hidden")
    assert page.locator("#sentence .centre").inner_text() == words[pulled["centre"]]


def test_the_plane_has_the_largest_variances_and_follows(page, start):
    start(alpha=0.5)
    page.evaluate("fastw2vWatch.step(300)")
    vectors = np.array(page.evaluate("fastw2vWatch.inputs()"))
    plane = page.evaluate("fastw2vWatch.plane()")
    points = np.array(plane["points"])
    sizes = np.linalg.svd(vectors - vectors.mean(axis=0), compute_uv=False)
    found = np.linalg.svd(points, compute_uv=False)
    np.testing.assert_allclose(found, sizes[:2], rtol=1e-9)
    assert plane["share"] == pytest.approx((sizes[:2] ** 2).sum() / (sizes**2).sum())
    page.evaluate("fastw2vWatch.step(1)")
    later = np.array(page.evaluate("fastw2vWatch.plane().points"))
    assert np.abs(later - points).max() < 0.3 * np.abs(points).max()


def test_the_page_reads_the_text_as_the_command_does(page, start):
    start()
    of_command = page.evaluate("[fastw2vWatch.words(), fastw2vWatch.sentences()]")
    assert {*HARMLESS} < {*of_command[0]}
    page.locator("#text").select_option("3")
    page.locator("#typed").fill(TEXT)
    page.locator("#use").click()
    assert page.locator("#problem").inner_text() == ""
    assert page.evaluate("[fastw2vWatch.words(), fastw2vWatch.sentences()]") == of_command
    assert page.locator("main script, main b, main img").count() == 0


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "no words"),
        (" \n\t\r\n </s>", "no words"),
        ("one one", "one word only"),
        ("one\ntwo </s> three", "no word has a context"),
        (" ".join(f"w{number}" for number in range(201)), "201 different words; use up to 200"),
        ("a b " * 50_001, "100,002 words; use up to 100,000"),
    ],
    ids=["empty", "spaces", "one word", "no context", "many words", "long"],
)
def test_unusable_texts_are_refused_and_the_one_before_stays(page, start, typed, problem):
    start()
    page.locator("#text").select_option("3")
    page.evaluate("typed => { byId('typed').value = typed; }", typed)
    page.locator("#use").click()
    assert problem in page.locator("#problem").inner_text()
    page.locator("#step").click()
    assert page.evaluate("fastw2vWatch.steps()") == 1


def test_presets_and_controls(page, start):
    start()
    page.locator("#text").select_option("1")
    assert {"king", "queen"} < {*page.evaluate("fastw2vWatch.words()")}
    assert page.locator("#treecard").is_hidden()
    page.locator("#layer").select_option("hierarchical-softmax")
    assert page.locator("#treecard").is_visible()
    assert page.locator("#negative").is_disabled()
    page.locator("#size").fill("99")  # beyond what the form accepts: the command's value
    page.locator("#size").press("Tab")
    assert page.locator("#size").input_value() == "5"
    page.locator("#step").click()
    page.locator("#step").click()
    assert page.locator("#progress").inner_text() == "2 steps; pass 1: 2 of 128"
    page.evaluate("byId('speed').value = 100")
    page.locator("#play").click()
    wait(page, "fastw2vWatch.steps() > 300")
    page.locator("#play").click()
    stopped = page.evaluate("fastw2vWatch.steps()")
    page.wait_for_timeout(100)
    assert page.evaluate("fastw2vWatch.steps()") == stopped
    page.locator("h1").click()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("fastw2vWatch.steps()") == stopped + 1
    first, *_, last = page.evaluate("fastw2vWatch.losses()")
    assert last < first
    page.locator("#restart").click()
    assert page.evaluate("fastw2vWatch.steps()") == 0


INK = """(id) => { // how many different colours a canvas has
    const canvas = document.getElementById(id), copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const pen = copy.getContext("2d", { willReadFrequently: true });
    pen.drawImage(canvas, 0, 0);
    const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""


@pytest.mark.parametrize(
    ("width", "scheme"), [(1300, "light"), (390, "dark")], ids=["wide", "narrow"]
)
def test_everything_is_drawn_in_any_window(page, start, width, scheme):
    page.set_viewport_size({"width": width, "height": 850})
    page.emulate_media(color_scheme=scheme)
    start(layer="hierarchical-softmax")
    page.evaluate("fastw2vWatch.step(60)")
    wait(page, "byId('network').width <= byId('network').clientWidth * devicePixelRatio")
    for name in ("network", "plane", "loss", "tree", "inputs", "outputs"):
        assert page.evaluate(INK, name) > 20, name
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1300, "height": 850})
    page.emulate_media(color_scheme="light")
