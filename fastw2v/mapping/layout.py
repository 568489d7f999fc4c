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
    """

    words: list[str]
    panels: list[Panel]
    groups: Groups
    order: np.ndarray
    drift: Drift | None = None

    @property
    def title(self) -> str:
        return f"{len(self.words):,} words"

    @property
    def caption(self) -> str:
        """One line that describes the map."""
        if len(self.panels) == 1:
            models = f"{len(self.words):,} of {_sizes(self.panels[0])}"
        else:
            models = f"{len(self.words):,} words that all have; " + "; ".join(
                f"{panel.name}: {_sizes(panel)}" for panel in self.panels
            )
        return f"{models}; {self.panels[0].projection}"

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
) -> WordMap:
    """Project the words of these rows; see `fastw2v.mapping.projection.project`.

    vectors: of one model, or of several by name, which all have these words. rows: of the words in
    the first model.
    """
    named = {"": vectors} if isinstance(vectors, WordVectors) else dict(vectors)
    models = list(named.values())
    words = [models[0].words[row] for row in rows]
    compared = compared_neighbours(len(words)) if len(models) > 1 else 0
    panels: list[Panel] = []
    near: list[np.ndarray] = []
    for name, model in named.items():
        if name:
            progress.message(f"projecting the words of {name}")
        places = rows if not panels else model.rows(words)
        unit = WordVectors(words, model.matrix[places]).unit_rows()
        start = panels[0].points if panels else None  # so that its words have similar places
        points, settings = project(unit, projection, seed, start, progress)
        found, cosines = nearest_among(unit, max(NEIGHBOURS, compared))
        near.append(found[:, :compared])
        panels.append(
            Panel(
                name=name,
                points=_fitted(points if start is None else _turned(points, start)),
                neighbours=found[:, :NEIGHBOURS],
                cosines=cosines[:, :NEIGHBOURS],
                rows=np.array(places, np.int64),
                vocab_size=len(model),
                size=unit.shape[1],
                projection=settings,
            )
        )
    first = WordVectors(words, models[0].matrix[rows]).unit_rows()
    content = content_words(models[0], rows)
    groups = group_words(first, panels[0].points, content, seed)
    drift = None
    if len(models) > 1:
        turned = aligned_cosines(models[0], models[-1], words)
        drift = measure_drift(near[0], near[-1], turned, content)
    return WordMap(words, panels, groups, groups.label_order(content), drift)


def _turned(points: np.ndarray, other: np.ndarray) -> np.ndarray:
    """The points rotated, and mirrored if need be, to be closest to those of another map."""
    points = points - points.mean(axis=0)
    left, _, right = np.linalg.svd(points.T @ (other - other.mean(axis=0)))
    return points @ (left @ right)


def _fitted(points: np.ndarray) -> np.ndarray:
    """The points shifted and uniformly scaled to the range -1 to 1."""
    low, high = points.min(axis=0), points.max(axis=0)
    half = (high - low).max() / 2
    return (points - (low + high) / 2) / (half if half > 0 else 1)
