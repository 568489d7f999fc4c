"""Initial centroids of spherical k-means: words far from one another (k-means++)."""

import math

import numpy as np

from fastw2v.classes.directions import Directions

MAX_SAMPLE = 10_000  # candidates, drawn uniformly if there are more words,
MAX_SAMPLE_PER_CLASS = 30  # or this many per class if more
EQUAL_WITHIN = 1e-5  # a cosine this close to 1 counts as 1


def seed_centroids(directions: Directions, n: int, generator: np.random.Generator) -> np.ndarray:
    """(n, D) float32: directions of ``n`` words; last rows are zeros if fewer are distinct.

    k-means++ (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", SODA
    2007), in its greedy form: words are drawn with a probability proportional to their squared
    distance to the nearest centroid so far; of several words drawn, the one that minimises the sum
    of these distances is chosen. The squared distance of directions is 2 (1 - cosine).
    """
    centroids = np.zeros((n, directions.matrix.shape[1]), np.float32)
    rows = np.flatnonzero(directions.has_direction)
    most = max(MAX_SAMPLE, MAX_SAMPLE_PER_CLASS * n)
    if len(rows) > most:
        rows = np.sort(generator.choice(rows, most, replace=False))
    sample = directions[rows]
    draws = 2 + int(math.log(n))
    gaps = np.full(
        len(rows), 2, np.float32
    )  # 1 - cosine to the nearest centroid, initially the maximum
    for centroid in centroids:
        ends = np.cumsum(gaps, dtype=np.float64)
        if len(ends) == 0 or ends[-1] == 0:
            break
        drawn = np.searchsorted(ends, generator.random(draws) * ends[-1], side="right")
        drawn = drawn.clip(max=len(rows) - 1)
        left = np.minimum(gaps, _gaps(sample[drawn], sample))
        best = left.sum(axis=1, dtype=np.float64).argmin()
        gaps = left[best]
        centroid[:] = sample[drawn[best]]
    return centroids


def _gaps(candidates: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """(candidates, words) float32: 1 - cosine, set to 0 within rounding."""
    gaps = 1 - candidates @ sample.T
    gaps[gaps < EQUAL_WITHIN] = 0
    return gaps
