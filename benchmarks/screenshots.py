"""The pictures of the map in README.md, taken in a real browser.

    python benchmarks/screenshots.py [TEXT]     # the text of the other benchmarks by default

Trains a model on either half of the text, draws the maps with ``fastw2v map``, opens them in
Chromium, and writes `NAMES` beside the other results. Needs playwright, Pillow and a browser.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from fastw2v import WordVectors, train
from fastw2v.mapping import draw_map

RESULTS = Path(__file__).parent / "results"
NAMES = ("map-words.png", "map-click.png", "map-two.png")
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
WORDS, WORDS_OF_TWO = 5000, 2000
CLICKED = "music"
WIDE, HIGH = 1280, 800
COLOURS = 128  # of the palette of a .png: half the bytes, and no difference to be seen
LARGEST = 200_000  # bytes of a picture


def main(arguments: list[str]) -> None:
    text = Path(arguments[0] if arguments else "../shared/corpora/wiki17m.txt")
    with tempfile.TemporaryDirectory() as folder:
        models = [_trained(half) for half in _halves(text, Path(folder))]
        pages = [Path(folder) / "one.html", Path(folder) / "two.html"]
        draw_map(models[0], pages[0], number=WORDS)
        named = dict(zip(("first half", "second half"), models, strict=True))
        drift = draw_map(named, pages[1], number=WORDS_OF_TWO)
        changed = drift.words[drift.drift.words[0]]
        _take([(pages[0], None), (pages[0], CLICKED), (pages[1], changed)])


def _halves(text: Path, folder: Path) -> list[Path]:
    content = text.read_bytes()
    middle = content.rindex(b" ", 0, len(content) // 2)
    parts = [folder / "first.txt", folder / "second.txt"]
    parts[0].write_bytes(content[:middle])
    parts[1].write_bytes(content[middle + 1 :])
    return parts


def _trained(text: Path) -> WordVectors:
    return train(text, model="skipgram", epochs=2, min_count=10)


def _take(views: list[tuple[Path, str | None]]) -> None:
    """A picture of each page with a word chosen."""
    from PIL import Image
    from playwright.sync_api import sync_playwright

    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        sys.exit("no browser: apt-get install chromium")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=browser_path, args=["--disable-gpu"])
        context = browser.new_context(
            viewport={"width": WIDE, "height": HIGH}, reduced_motion="reduce"
        )
        for name, (address, chosen) in zip(NAMES, views, strict=True):
            page = context.new_page()
            page.goto(address.as_uri())
            if chosen is not None:
                page.evaluate("word => fastw2vMap.choose(word)", chosen)
            page.wait_for_timeout(500)
            path = RESULTS / name
            page.screenshot(path=path)
            Image.open(path).convert("RGB").quantize(COLOURS).save(path, optimize=True)
            if path.stat().st_size > LARGEST:
                sys.exit(f"{path} has more than {LARGEST:,} bytes: use fewer colours")
            print(path)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
