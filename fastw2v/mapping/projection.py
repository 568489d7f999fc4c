"""Projection to a plane: t-SNE and PCA by this package, UMAP by umap-learn.

The input are unit vectors, whose squared Euclidean distance is 2 - 2 cosine.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.progress import SILENT, Progress

# Standard deviations of initial points.
_NEW = 1e-4  # of t-SNE from principal components
_FINISHED = 20.0  # of t-SNE from another map: about that of the result, so that places are kept
_UMAP = 3.0


def check_available(method: str) -> None:
    """Raise SettingsError for an unknown method, or one whose library is not installed."""
    if method not in _METHODS:
        raise SettingsError(
            f"{parameter('projection')} is {method!r}; it must be one of: {', '.join(_METHODS)}"
        )
    library = _METHODS[method].library
    if library is not None and find_spec(_METHODS[method].module) is None:
        raise SettingsError(
            f"{parameter('projection', method)} needs {library}: pip install 'fastw2v[map]', or "
            f"use {parameter('projection', 'tsne')}, which needs nothing else"
        )


def project(
    unit: np.ndarray,
    method: str,
    seed: int,
    start: np.ndarray | None = None,
    progress: Progress = SILENT,
    follow: bool = False,
) -> tuple[np.ndarray, str]:
    """Points on the plane, and a description of the projection.

    unit: (n, D) float32, rows of norm 1 or 0.
    method: "tsne", "umap" or "pca".
    seed: 0 to 2**32 - 1.
    start: (n, 2), a similar map of the same words, from which t-SNE and UMAP begin. None: principal
        components.
    follow: whether ``start`` is the result for similar vectors, from which points should move no
        farther than these changed; only t-SNE makes a difference.

    Returns (n, 2) float64, and a description such as ``t-SNE, perplexity 30, seed 1``. Raises
    SettingsError as `check_available`, for a seed out of range, and for too few words.
    """
    check_available(method)
    if not 0 <= seed < 2**32:
        raise SettingsError(f"{parameter('seed')} is {seed}; it must be from 0 to {2**32 - 1}")
    fewest = _METHODS[method].fewest
    if len(unit) < fewest:
        other = f", or use {parameter('projection', 'pca')} for {_METHODS['pca'].fewest} or more"
        raise SettingsError(
            f"{parameter('projection', method)} needs at least {fewest} words, but got "
            f"{len(unit)}; select more{'' if method == 'pca' else other}"
        )
    begin = _Start(start, seed, follow)
    points, settings = _METHODS[method].project(unit, begin, progress)
    return np.asarray(points, np.float64), settings


def principal_components(unit: np.ndarray) -> tuple[np.ndarray, float]:
    """The first two principal components, and their fraction of the variance.

    Pearson (1901), by singular value decomposition of the centred rows. The sign of a component is
    arbitrary: the largest number of its direction is made positive.

    unit: (n, D). Returns (n, 2) float64, zeros without a second component; 0 to 1.
    """
    centred = unit.astype(np.float64)
    centred -= centred.mean(axis=0)
    left, strengths, directions = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(unit), 2))
    for component in range(min(2, len(strengths))):
        direction = directions[component]
        sign = np.sign(direction[np.abs(direction).argmax()])
        points[:, component] = sign * strengths[component] * left[:, component]
    variance = strengths**2
    total = variance.sum()
    return points, float(variance[:2].sum() / total) if total > 0 else 1.0


@dataclass(frozen=True)
class _Start:
    points: np.ndarray | None
    seed: int
    follow: bool


def _project_pca(unit: np.ndarray, start: _Start, progress: Progress) -> tuple[np.ndarray, str]:
    points, share = principal_components(unit)
    return points, f"PCA, {share:.0%} of the variance"


def _project_tsne(unit: np.ndarray, start: _Start, progress: Progress) -> tuple[np.ndarray, str]:
    from fastw2v.mapping.tsne import embed

    if start.follow and start.points is not None:
        initial = start.points.astype(np.float32)
    else:
        initial = _initial_points(unit, start, _NEW if start.points is None else _FINISHED)
    points, perplexity = embed(unit, initial, progress, follow=start.follow)
    return points, f"t-SNE, perplexity {perplexity:.3g}, seed {start.seed}"


def _project_umap(unit: np.ndarray, start: _Start, progress: Progress) -> tuple[np.ndarray, str]:
    """McInnes, Healy and Melville (2018)."""
    with warnings.catch_warnings():  # about optional parts that are not needed
        warnings.simplefilter("ignore")
        from umap import UMAP

        neighbours = min(15, len(unit) - 1)
        # With a seed UMAP uses one thread; without n_jobs=1 it warns.
        umap = UMAP(
            n_neighbors=neighbours,
            init=_initial_points(unit, start, _UMAP),
            random_state=start.seed,
            n_jobs=1,
        )
        points = umap.fit_transform(unit)
    return points, f"UMAP, {neighbours} neighbours, seed {start.seed}"


def _initial_points(unit: np.ndarray, start: _Start, spread: float) -> np.ndarray:
    """(n, 2) float32: those of ``start``, or else the principal components, scaled to ``spread``.

    Principal components preserve the global structure of the vectors (Kobak and Berens, 2019).
    Noise of a tenth of the spread separates words with equal vectors.
    """
    points = principal_components(unit)[0] if start.points is None else start.points
    width = points[:, 0].std()
    if width > 0:
        points = points * (spread / width)
    noise = np.random.default_rng(start.seed).normal(0, spread / 10, points.shape)
    return (points + noise).astype(np.float32)


@dataclass(frozen=True)
class _Method:
    project: Callable[[np.ndarray, _Start, Progress], tuple[np.ndarray, str]]
    fewest: int  # words
    library: str | None = None  # for pip
    module: str = ""  # for import


_METHODS = {
    "tsne": _Method(_project_tsne, 5),
    "umap": _Method(_project_umap, 5, "umap-learn", "umap"),
    "pca": _Method(_project_pca, 2),
}

PROJECTIONS = tuple(_METHODS)
