"""Vectors onto a plane: PCA with NumPy alone, t-SNE by scikit-learn, UMAP by umap-learn.

All see unit vectors, whose squared Euclidean distance is 2 - 2 cosine.
"""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from fastw2v.errors import SettingsError


def check_available(method: str) -> None:
    """Raise SettingsError for an unknown method, or one whose library is not installed."""
    if method not in _METHODS:
        raise SettingsError(f"no projection {method!r}; there are: {', '.join(_METHODS)}")
    library = _METHODS[method].library
    if library is not None and find_spec(_METHODS[method].module) is None:
        raise SettingsError(
            f"projection {method} needs {library}: pip install 'fastw2v[map]', or take "
            "projection pca, which needs nothing more"
        )


def project(unit: np.ndarray, method: str, seed: int) -> tuple[np.ndarray, str]:
    """Places on the plane, and one line on how they were found.

    unit: (n, D) float32, rows of length 1 or 0.
    method: "tsne", "umap" or "pca".
    seed: 0 to 2**32 - 1.

    Returns (n, 2) float64, and words for people such as ``t-SNE, perplexity 30, seed 1``.
    Raises SettingsError for what `check_available` refuses, a seed out of range, too few words.
    """
    check_available(method)
    if not 0 <= seed < 2**32:
        raise SettingsError(f"seed is {seed}; it must be from 0 to {2**32 - 1}")
    fewest = _METHODS[method].fewest
    if len(unit) < fewest:
        other = f", or projection pca for {_METHODS['pca'].fewest} and more"
        raise SettingsError(
            f"projection {method} needs at least {fewest} words, and here are {len(unit)}; "
            f"ask for more{'' if method == 'pca' else other}"
        )
    points, settings = _METHODS[method].place(unit, seed)
    return np.asarray(points, np.float64), settings


def principal_components(unit: np.ndarray) -> tuple[np.ndarray, float]:
    """The two principal components, and the share of the variance that they hold.

    Pearson (1901), by the singular values of the centred rows. A component's sign is free: here
    the direction's largest number is positive.

    unit: (n, D). Returns (n, 2) float64, zeros where there is no second direction; 0 to 1.
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


def _place_pca(unit: np.ndarray, seed: int) -> tuple[np.ndarray, str]:
    points, share = principal_components(unit)
    return points, f"PCA, {share:.0%} of the variance"


def _place_tsne(unit: np.ndarray, seed: int) -> tuple[np.ndarray, str]:
    """Van der Maaten and Hinton (2008), by trees as in van der Maaten (2014)."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    perplexity = min(30.0, (len(unit) - 1) / 3)
    # Sums over threads end in no fixed order, and t-SNE magnifies the last bit.
    with threadpool_limits(1, user_api="openmp"):
        tsne = TSNE(perplexity=perplexity, init=_start(unit, 1e-4, seed), random_state=seed)
        points = tsne.fit_transform(unit)
    return points, f"t-SNE, perplexity {perplexity:.3g}, seed {seed}"


def _place_umap(unit: np.ndarray, seed: int) -> tuple[np.ndarray, str]:
    """McInnes, Healy and Melville (2018)."""
    with warnings.catch_warnings():  # on parts of it that are not installed and not needed
        warnings.simplefilter("ignore")
        from umap import UMAP

        neighbours = min(15, len(unit) - 1)
        # A seed makes it work in one thread; said here, else it warns.
        umap = UMAP(n_neighbors=neighbours, init=_start(unit, 3, seed), random_state=seed, n_jobs=1)
        points = umap.fit_transform(unit)
    return points, f"UMAP, {neighbours} neighbours, seed {seed}"


def _start(unit: np.ndarray, spread: float, seed: int) -> np.ndarray:
    """(n, 2) float32: where to begin, the principal components scaled to ``spread``.

    From there the large shapes are those of the vectors, not of chance (Kobak and Berens, 2019).
    A tenth of it is noise, which parts words with equal vectors.
    """
    points, _ = principal_components(unit)
    width = points[:, 0].std()
    if width > 0:
        points *= spread / width
    noise = np.random.default_rng(seed).normal(0, spread / 10, points.shape)
    return (points + noise).astype(np.float32)


@dataclass(frozen=True)
class _Method:
    place: Callable[[np.ndarray, int], tuple[np.ndarray, str]]
    fewest: int  # words
    library: str | None = None  # its name for pip
    module: str = ""  # and for Python


_METHODS = {
    "tsne": _Method(_place_tsne, 5, "scikit-learn", "sklearn"),
    "umap": _Method(_place_umap, 5, "umap-learn", "umap"),
    "pca": _Method(_place_pca, 2),
}

PROJECTIONS = tuple(_METHODS)
