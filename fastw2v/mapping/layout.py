"""The content of a map: words, their groups, and for each model their points and neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from fastw2v.mapping.alignment import aligned_cosines
from fastw2v.mapping.drift import Drift, compared_neighbours, measure_drift
from fastw2v.mapping.groups import Groups, group_words
from fastw2v.mapping.neighbours import nearest_among
from fastw2v.mapping.projection import project
from fastw2v.mapping.stop_words import content_words
from fastw2v.pages.escape import escape_unprintable
from fastw2v.progress import SILENT, Progress
from fastw2v.vectors.word_vectors import WordVectors

NEIGHBOURS = 10


@dataclass(frozen=True)
class Panel:
    """The n words of a map in one model.

    name: of the model; "" for a single one.
    points: (n, 2) float64, from -1 to 1; the longer side spans this range.
    neighbours: (n, k) int64, for each word the indices of its k nearest ones, nearest first; k is
        10, or n - 1 if that is less.
    cosines: (n, k) float32, of the neighbours.
    rows: (n,) int64, the row of each word in the vectors.
    vocab_size, size: V and D of the vectors.
    projection: description of the projection.
    """

    name: str
    points: np.ndarray
    neighbours: np.ndarray
    cosines: np.ndarray
    rows: np.ndarray
    vocab_size: int
    size: int
    projection: str


@dataclass(frozen=True)
class WordMap:
    """n words, in one model or several.

    words: list of n str, in order of their rows in the first model.
    panels: one for each model.
    groups: of the words, by their vectors in the first model.
    order: (n,) int64, the indices of the words by decreasing priority of their labels: those that
        name groups, other content words, stop words.
    drift: between the first model and the last; None for a single one.
    slider: whether the panels are moments of one map, from the first to the last.
    """

    words: list[str]
    panels: list[Panel]
    groups: Groups
    order: np.ndarray
    drift: Drift | None = None
    slider: bool = False

    @property
    def title(self) -> str:
        return f"{len(self.words):,} words"

    @property
    def caption(self) -> str:
        """One line that describes the map."""
        if len(self.panels) == 1:
            models = f"{len(self.words):,} of {_sizes(self.panels[0])}"
        else:
            shown = self.panels if len(self.panels) <= 2 else [self.panels[0], self.panels[-1]]
            models = f"{len(self.words):,} words that all have; " + "; ".join(
                f"{panel.name}: {_sizes(panel)}" for panel in shown
            )
            if len(shown) < len(self.panels):
                models = f"{len(self.panels):,} models, {models}"
        return f"{models}; {self.panels[-1].projection}"

    @property
    def labels(self) -> list[str]:
        """The words with unprintable characters escaped."""
        return [escape_unprintable(word) for word in self.words]


def _sizes(panel: Panel) -> str:
    return f"{panel.vocab_size:,} words, {panel.size:,} dimensions"


def lay_out(
    vectors: WordVectors | Mapping[str, WordVectors],
    rows: list[int],
    projection: str,
    seed: int,
    progress: Progress = SILENT,
    *,
    slider: bool = False,
) -> WordMap:
    """Project the words of these rows; see `fastw2v.mapping.projection.project`.

    vectors: of one model, or of several by name, which all have these words. rows: of the words in
    the first model. slider: whether the models are moments of one map, in which points move, and
    not maps beside one another.
    """
    named = {"": vectors} if isinstance(vectors, WordVectors) else dict(vectors)
    models = list(named.values())
    words = [models[0].words[row] for row in rows]
    places = [rows, *(model.rows(words) for model in models[1:])]
    units = [
        WordVectors(words, model.matrix[place]).unit_rows()
        for model, place in zip(models, places, strict=True)
    ]
    drawn = _moments if slider else _side_by_side
    points, settings = drawn(dict(zip(named, units, strict=True)), projection, seed, progress)
    compared = compared_neighbours(len(words)) if len(models) > 1 else 0
    panels: list[Panel] = []
    near: list[np.ndarray] = []
    for place, (name, model) in enumerate(named.items()):
        found, cosines = nearest_among(units[place], max(NEIGHBOURS, compared))
        near.append(found[:, :compared])
        panels.append(
            Panel(
                name=name,
                points=points[place],
                neighbours=found[:, :NEIGHBOURS],
                cosines=cosines[:, :NEIGHBOURS],
                rows=np.array(places[place], np.int64),
                vocab_size=len(model),
                size=units[place].shape[1],
                projection=settings[place],
            )
        )
    content = content_words(models[0], rows)
    grouped = -1 if slider else 0  # what a training has learned is in the last one
    groups = group_words(units[grouped], panels[grouped].points, content, seed)
    drift = None
    if len(models) > 1:
        turned = aligned_cosines(models[0], models[-1], words)
        drift = measure_drift(near[0], near[-1], turned, content)
    return WordMap(words, panels, groups, groups.label_order(content), drift, slider)


Laid = tuple[list[np.ndarray], list[str]]
"""For each model: (n, 2) points, and a description of the projection."""


def _side_by_side(
    units: Mapping[str, np.ndarray], projection: str, seed: int, progress: Progress
) -> Laid:
    """Each model by itself, fitted to its own map; the later ones similar to the first."""
    laid: list[np.ndarray] = []
    settings: list[str] = []
    start = None  # so that its words have similar places
    for name, unit in units.items():
        if name:
            progress.message(f"projecting the words of {name}")
        points, described = project(unit, projection, seed, start, progress)
        laid.append(_fitted(points if start is None else turned_onto(points, start)))
        settings.append(described)
        start = laid[0]
    return laid, settings


def _moments(
    units: Mapping[str, np.ndarray], projection: str, seed: int, progress: Progress
) -> Laid:
    """All models in one frame, from the last to the first, each as close to the one after it as
    rotating can bring it (Procrustes): points move as far as their vectors do.

    With "pca" the vectors are rotated, and seen in the plane of the last ones. The other methods
    begin with the points of the model after, and their points are rotated.
    """
    backwards = list(units.items())[::-1]
    laid: list[np.ndarray] = []
    settings: list[str] = []
    directions, after = None, None
    for name, unit in backwards:
        progress.message(f"projecting the words of {name}")
        if projection == "pca":
            after = unit - unit.mean(axis=0) if after is None else turned_onto(unit, after)
            if directions is None:
                points, described = project(unit, projection, seed, None, progress)
                directions = np.linalg.lstsq(after, points, rcond=None)[0]
                described += " of the last"
            points = after @ directions
        else:
            start = laid[-1] if laid else None
            follow = start is not None
            points, described = project(unit, projection, seed, start, progress, follow)
            points = points - points.mean(axis=0)
            if start is not None:
                points = turned_onto(points, start)
        laid.append(points)
        settings.append(described)
    together = _fitted(np.concatenate(laid[::-1]))
    return np.split(together, len(laid)), settings[::-1]


def turned_onto(points: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(n, E) float64: the points, (n, D), rotated, and mirrored if need be, to be closest to the
    ``other`` ones, (n, E), both around their means.

    Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem". Directions in
    which either has no points do not matter, so that fewer points than dimensions are enough.
    """
    points = points - points.mean(axis=0, dtype=np.float64)
    left, _, right = np.linalg.svd(
        points.T @ (other - other.mean(axis=0, dtype=np.float64)), full_matrices=False
    )
    return points @ (left @ right)


def _fitted(points: np.ndarray) -> np.ndarray:
    """The points shifted and uniformly scaled to the range -1 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = (high - low).max() / 2
    return (points - (low + high) / 2) / (half if half > 0 else 1)
