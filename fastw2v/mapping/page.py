"""The map as one self-contained web page, without network access or libraries."""

import numpy as np

from fastw2v.mapping.drift import Drift
from fastw2v.mapping.layout import Panel, WordMap
from fastw2v.pages.assembly import PageParts, assemble
from fastw2v.pages.escape import escape_unprintable

GRID = 32767
"""Points are stored in the page as integers from -GRID to GRID."""
COSINES = 10_000
"""Cosines are stored in the page as integers from -COSINES to COSINES."""

_PARTS = PageParts(
    "fastw2v.mapping",
    "page.html",
    "page.css",
    ("data.js", "labels.js", "panel.js", "aside.js", "slider.js", "page.js"),
)


def check_available(output) -> None:
    """A page can always be written."""


def write(file, word_map: WordMap, form: str = "html") -> None:
    """Write the page to a binary file, UTF-8."""
    file.write(page(word_map).encode("utf-8"))


def page(word_map: WordMap) -> str:
    """The whole page. Words are only in its data and are never interpreted as HTML."""
    return assemble(
        _PARTS, word_map.title, escape_unprintable(word_map.caption), page_data(word_map)
    )


def page_data(word_map: WordMap) -> dict:
    """The data for the script of the page.

    words; labels: {index: text} for words that need escapes; order: indices by decreasing priority
    of labels; groups: of each word; names: of each group, indices of its typical words; colours: of
    each group; panels: for each model see `_panel_data`; drift: words, changes in percent, cosines
    in percent or null, the number of neighbours compared; or null. slider: whether the panels are
    moments of one map.
    """
    pairs = enumerate(zip(word_map.words, word_map.labels, strict=True))
    groups = word_map.groups
    return {
        "words": word_map.words,
        "labels": {number: label for number, (word, label) in pairs if label != word},
        "order": word_map.order.tolist(),
        "groups": groups.of_word.tolist(),
        "names": groups.names,
        "colours": groups.colours.tolist(),
        "panels": [_panel_data(panel) for panel in word_map.panels],
        "drift": None if word_map.drift is None else _drift_data(word_map.drift),
        "slider": word_map.slider,
    }


def _panel_data(panel: Panel) -> dict:
    """One model: its name; x and y (upwards), in units of 1 / GRID; rows; neighbours: k indices for
    each word; cosines: of the neighbours, in units of 1 / COSINES; total: words in the file."""
    x, y = np.rint(panel.points.T * GRID).astype(int).tolist()
    return {
        "name": escape_unprintable(panel.name) if panel.name else "",
        "x": x,
        "y": y,
        "rows": panel.rows.tolist(),
        "neighbours": panel.neighbours.tolist(),
        "cosines": np.rint(panel.cosines * COSINES).astype(int).tolist(),
        "total": panel.vocab_size,
    }


def _drift_data(drift: Drift) -> dict:
    cosines = None if drift.cosines is None else np.rint(100 * drift.cosines).astype(int).tolist()
    return {
        "words": drift.words.tolist(),
        "changes": np.rint(100 * drift.changes).astype(int).tolist(),
        "cosines": cosines,
        "compared": drift.compared,
    }
