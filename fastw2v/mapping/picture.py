"""The map as an image, by matplotlib: .svg, with words as text, or .png."""

import os
import warnings
from importlib.util import find_spec

import numpy as np

from fastw2v.errors import OutputError
from fastw2v.mapping.layout import Panel, WordMap
from fastw2v.pages.escape import escape_unprintable

_WIDTH, _HEIGHT, _DPI = 14.0, 10.5, 150  # inches, and dots per inch of a .png
_MARGIN = 0.06  # fraction of the image around the points
_GAP = 3.0  # points (1/72 inch) between a dot and its label
_TIERS = ((0.02, 11.0), (0.12, 9.0), (1.0, 7.5))  # fraction of the words, size of their labels
_COLOURS = (  # of groups, as on the page
    *("#cc6677", "#332288", "#117733", "#88ccee"),
    *("#882255", "#999933", "#44aa99", "#aa4499"),
)
_RIGHT, _LEFT = 1, -1
_INK, _MUTED = "#1d2330", "#6b7280"


def check_available(output) -> None:
    """Raise OutputError if matplotlib is not installed."""
    if find_spec("matplotlib") is None:
        raise OutputError(
            f"cannot write {os.fspath(output)}: images need matplotlib: "
            "pip install 'fastw2v[map]', or use .html"
        )


def write(file, word_map: WordMap, form: str) -> None:
    """Write the image to a binary file.

    form: "svg" or "png". In a .png, characters missing from matplotlib's font are boxes; an .svg
    and the web page leave fonts to the viewer.
    """
    import matplotlib

    # Keep words as text; make the bytes reproducible.
    settings = {"svg.fonttype": "none", "svg.hashsalt": "fastw2v"}
    metadata = {"Date": None} if form == "svg" else None
    with matplotlib.rc_context(settings), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing")
        _drawn(word_map).savefig(file, format=form, metadata=metadata)


def _drawn(word_map: WordMap):
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    panels = word_map.panels
    figure = Figure(figsize=(_WIDTH * len(panels), _HEIGHT), dpi=_DPI)
    renderer = FigureCanvasAgg(figure).get_renderer()
    for number, panel in enumerate(panels):
        axes = figure.add_axes((number / len(panels), 0, 1 / len(panels), 1))
        axes.set_axis_off()
        axes.set(xlim=(0, 72 * _WIDTH), ylim=(0, 72 * _HEIGHT))
        _draw_panel(axes, word_map, panel, renderer)
    caption = escape_unprintable(word_map.caption)
    figure.text(0.01, 0.01, caption, fontsize=8, color=_MUTED, parse_math=False)
    return figure


def _draw_panel(axes, word_map: WordMap, panel: Panel, renderer) -> None:
    places = _on_paper(panel.points)
    colours = np.array(_COLOURS)[word_map.groups.colours[word_map.groups.of_word]]
    axes.scatter(*places.T, s=9, c=colours, alpha=0.85, linewidths=0)
    labels = word_map.labels
    for number, size, side in _labelled(labels, word_map.order.tolist(), places, renderer):
        axes.text(
            places[number, 0] + side * _GAP,
            places[number, 1],
            labels[number],
            fontsize=size,
            color=_INK,
            ha="left" if side == _RIGHT else "right",
            va="center_baseline",
            parse_math=False,  # a dollar sign is literal
        )
    if panel.name:
        corner, name = (0.02 * 72 * _WIDTH, 0.97 * 72 * _HEIGHT), escape_unprintable(panel.name)
        axes.text(*corner, name, fontsize=14, color=_INK, parse_math=False)


def _on_paper(points: np.ndarray) -> np.ndarray:
    """(n, 2) float64, in units of 1/72 inch: the points scaled to fill the image."""
    paper = 72 * np.array([_WIDTH, _HEIGHT])
    low, high = points.min(axis=0), points.max(axis=0)
    spans = np.maximum(high - low, 1e-9)
    scale = (paper * (1 - 2 * _MARGIN) / spans).min()
    return (points - (low + high) / 2) * scale + paper / 2


def _labelled(
    labels: list[str], order: list[int], places: np.ndarray, renderer
) -> list[tuple[int, float, int]]:
    """``(index, font size, side of the dot)`` of labels, placed greedily without overlaps.

    order: the indices of the words by decreasing priority.
    """
    from matplotlib.font_manager import FontProperties

    fonts = {size: FontProperties(size=size) for _, size in _TIERS}
    boxes = np.empty((len(labels), 4))  # left, bottom, right, top
    chosen: list[tuple[int, float, int]] = []
    for place, number in enumerate(order):
        x, y = places[number]
        size = next(size for share, size in _TIERS if place < share * len(labels))
        width, _, _ = renderer.get_text_width_height_descent(labels[number], fonts[size], False)
        reach = 2 * _GAP + width * 72 / _DPI
        half = 0.62 * size  # a line is some 1.2 times as high as its letters' size
        for side, left in ((_RIGHT, x), (_LEFT, x - reach)):
            box = (left, y - half, left + reach, y + half)
            if 0 <= left < 72 * _WIDTH - reach and _is_free(box, boxes[: len(chosen)]):
                boxes[len(chosen)] = box
                chosen.append((number, size, side))
                break
    return chosen


def _is_free(box: tuple[float, float, float, float], taken: np.ndarray) -> bool:
    left, bottom, right, top = box
    beside = (taken[:, 2] < left) | (taken[:, 0] > right)
    apart = (taken[:, 3] < bottom) | (taken[:, 1] > top)
    return bool((beside | apart).all())
