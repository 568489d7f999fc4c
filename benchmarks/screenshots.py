"""The pictures of pages in README.md, taken in a real browser.

    python benchmarks/screenshots.py [TEXT]     # the text of the other benchmarks by default
    python benchmarks/screenshots.py --watch    # only that of `fastw2v watch`, which needs no text

Trains a model on either half of the text, draws the maps with ``fastw2v map`` and a training with
``fastw2v watch``, opens them in Chromium, and writes `NAMES` and `WATCH` beside the other results.
Needs playwright, Pillow and a browser.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from fastw2v import WordVectors, train
from fastw2v.mapping import draw_map
from fastw2v.watching.watch_page import write_page
from fastw2v.watching.watch_settings import WatchSettings

RESULTS = Path(__file__).parent / "results"
NAMES = ("map-words.png", "map-click.png", "map-two.png")
WATCH, STEPS = "watch.png", 6001
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WORDS, WORDS_OF_TWO = 5000, 2000
CLICKED = "music"
WIDE, HIGHER = 1280, 1360
COLOURS = 128  # of the palette of a .png: half the bytes, and no difference to be seen
LARGEST = 200_000  # bytes of a picture


class View(NamedTuple):
    """A picture: its name, the page, and an expression of JavaScript that makes the page ready."""

    name: str
    page: Path
    action: str
    height: int = 800


def main(arguments: list[str]) -> None:
    only_watch = "--watch" in arguments
    paths = [each for each in arguments if each != "--watch"]
    text = Path(paths[0] if paths else "../shared/corpora/wiki17m.txt")
    with tempfile.TemporaryDirectory() as folder:
        views = [_watched(Path(folder))]
        if not only_watch:
            views += _maps(text, Path(folder))
        _take(views)


def _watched(folder: Path) -> View:
    """The training that `fastw2v watch` shows, on one of the page's own texts."""
    (folder / "text.txt").write_text("king queen\n")
    write_page(folder / "text.txt", folder / "watch.html", WatchSettings(alpha=0.1))
    chosen = (
        "byId('text').value = '1'; chooseText();"
        "fastw2vWatch.start({ layer: 'hierarchical-softmax', alpha: 0.1 });"
        f"fastw2vWatch.step({STEPS})"
    )
    return View(WATCH, folder / "watch.html", chosen, HIGHER)


def _maps(text: Path, folder: Path) -> list[View]:
    models = [_trained(half) for half in _halves(text, folder)]
    one, two = folder / "one.html", folder / "two.html"
    draw_map(models[0], one, number=WORDS)
    named = dict(zip(("first half", "second half"), models, strict=True))
    drift = draw_map(named, two, number=WORDS_OF_TWO)
    changed = drift.words[drift.drift.words[0]]
    choices = [(one, None), (one, CLICKED), (two, changed)]
    return [
        View(name, page, "" if word is None else f"fastw2vMap.choose({json.dumps(word)})")
        for name, (page, word) in zip(NAMES, choices, strict=True)
    ]


def _halves(text: Path, folder: Path) -> list[Path]:
    content = text.read_bytes()
    middle = content.rindex(b" ", 0, len(content) // 2)
    parts = [folder / "first.txt", folder / "second.txt"]
    parts[0].write_bytes(content[:middle])
    parts[1].write_bytes(content[middle + 1 :])
    return parts


def _trained(text: Path) -> WordVectors:
    return train(text, model="skipgram", epochs=2, min_count=10)


def _take(views: list[View]) -> None:
    """A picture of each page."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("no browser: apt-get install chromium")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=browser_path, args=["--disable-gpu"])
        context = browser.new_context(reduced_motion="reduce")
        for view in views:
            page = context.new_page()
            page.set_viewport_size({"width": WIDE, "height": view.height})
            page.goto(view.page.as_uri())
            if view.action:
                page.evaluate(f"() => {{ {view.action}; }}")
            page.wait_for_timeout(500)
            path = RESULTS / view.name
            page.screenshot(path=path)
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            if path.stat().st_size > LARGEST:
                sys.exit(f"{path} has more than {LARGEST:,} bytes: use fewer colours")
            print(path)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
