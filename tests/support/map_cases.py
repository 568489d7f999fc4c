"""Shared by the tests of maps: words that try to inject markup, and a parser of pages."""

import json
import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from fastw2v import WordVectors

HOSTILE = [
    "</s>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]>",
    "<b>bold</b>",
    "<img src=x onerror=alert(2)>",
    "\"both'",
    "back\\slash",
    "&amp;",
    "line\u2028end",
    "na\udcffve",
    "bell\x07",
    "\u00a0",
    "$x^2$",
    "${title}",
    "with blank",
    "\N{GRINNING FACE}",
    "ಕನ್ನಡ",
    "עברית",
    "constructor",
    "__proto__",
]


def some_vectors(count: int = 61, size: int = 7) -> WordVectors:
    """The hostile words, and ordinary ones before and after them, around five directions."""
    tame = [f"word{number}" for number in range(count - len(HOSTILE))]
    chance = np.random.default_rng(5)
    directions = chance.normal(size=(5, size))
    which = chance.integers(0, 5, count)
    matrix = directions[which] + chance.normal(scale=0.4, size=(count, size))
    return WordVectors([*tame[:3], *HOSTILE, *tame[3:]], matrix.astype(np.float32))


@dataclass
class Page:
    """A parsed page."""

    tags: list[tuple[str, dict]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    text: str = ""  # outside of scripts and styles

    @property
    def data(self) -> dict:
        return json.loads(self.scripts[0])

    @property
    def policy(self) -> dict[str, str]:
        (content,) = [
            attributes["content"]
            for _, attributes in self.tags
            if attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        return dict(rule.strip().split(" ", 1) for rule in content.split(";"))


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.page = Page()
        self.inside = ""

    def handle_starttag(self, tag, attrs):
        self.page.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag == "script":
            self.page.scripts.append("")
        if tag == "style":
            self.page.styles.append("")

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "script":
            self.page.scripts[-1] += data
        elif self.inside == "style":
            self.page.styles[-1] += data
        else:
            self.page.text += data


def read_page(path) -> Page:
    """Parse a page, which must be valid UTF-8."""
    reader = _Reader()
    reader.feed(Path(path).read_bytes().decode("utf-8"))
    reader.close()
    return reader.page


def hide(monkeypatch, *modules):
    """Make these modules look as if they were not installed."""
    for module in modules:
        monkeypatch.setitem(sys.modules, module, None)
