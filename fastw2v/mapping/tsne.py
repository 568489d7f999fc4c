"""t-SNE (van der Maaten and Hinton, "Visualizing data using t-SNE", JMLR 9, 2008).

The similarities of the vectors are restricted to nearest neighbours, as in van der Maaten
("Accelerating t-SNE using tree-based algorithms", JMLR 15, 2014, section 4.1). The repulsion is
summed over all pairs of points, which takes less time than trees for as many words as fit on a map,
and gives the same result with any number of threads (`fastw2v.mapping.forces`).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from fastw2v.mapping.forces import attract, repel
from fastw2v.mapping.neighbours import nearest_among
from fastw2v.progress import Progress
from fastw2v.system.cores import usable_cores

PERPLEXITY = 30.0
ROUNDS, SMALL, ROUNDS_OF_SMALL = 500, 2000, 750  # maps of up to SMALL words settle more slowly
EXAGGERATED = 3  # attraction is exaggerated in the first of this many parts of the rounds
EXAGGERATION = 12.0
ROUNDS_OF_FOLLOWING = 250
LOYALTY = 0.01
"""How strongly points that follow are drawn to where they were, for each unit of distance."""
_BISECTIONS = 40
_LEAST_GAIN = 0.01
_EPSILON = 1e-12


class Similarities(NamedTuple):
    """Joint probabilities of E ordered pairs of neighbours, grouped by their first point."""

    starts: np.ndarray  # (n + 1,) int64: the pairs of point i are starts[i]:starts[i + 1]
    others: np.ndarray  # (E,) int32
    weights: np.ndarray  # (E,) float32, sum 1


def embed(
    unit: np.ndarray,
    start: np.ndarray,
    progress: Progress,
    label: str = "Projecting",
    follow: bool = False,
) -> tuple[np.ndarray, float]:
    """Points on a plane, and the perplexity used: 30, or less for fewer than 91 words.

    unit: (n, D) float32, rows of norm 1 or 0. start: (n, 2), initial points, with a standard
    deviation much below 1. follow: ``start`` is the result for similar vectors: move from there,
    without the exaggerated attraction that arranges points from scratch, and with a penalty on the
    squared distance (Rauber, Falcão and Telea, "Visualizing time-dependent data using dynamic
    t-SNE", EuroVis 2016, section 3). Returns (n, 2) float64.

    Gradient descent with momentum, gains, and the learning rate n / 12 of Belkina et al.
    ("Automated optimized parameters for t-SNE", Nature Communications 10, 2019), who define it for
    a quarter of the gradient.
    """
    perplexity = min(PERPLEXITY, (len(unit) - 1) / 3)
    with progress.stage(f"{label}: neighbours", len(unit)) as stage:
        found = nearest_among(unit, int(3 * perplexity), stage.update)
    pairs = joint(*found, perplexity)
    points = np.array(start, np.float32)
    home, loyalty = points.copy(), np.float32(LOYALTY / len(unit) if follow else 0)
    step, gains = np.zeros_like(points), np.ones_like(points)
    rate = np.float32(max(len(unit) / EXAGGERATION / 4, 50.0))
    rounds = ROUNDS_OF_SMALL if len(unit) <= SMALL else ROUNDS
    exaggerated = rounds // EXAGGERATED
    if follow:
        rounds, exaggerated = ROUNDS_OF_FOLLOWING, 0
    with progress.stage(label, rounds) as stage, _threads(len(unit)) as gradient:
        for done in range(rounds):
            early = done < exaggerated
            slope = gradient(points, pairs, EXAGGERATION if early else 1.0)
            slope += loyalty * (points - home)
            same = (slope > 0) == (step > 0)
            gains = np.maximum(np.where(same, gains * 0.8, gains + 0.2), _LEAST_GAIN)
            step = np.float32(0.5 if early else 0.8) * step - rate * gains * slope
            points += step
            points -= points.mean(axis=0)
            stage.update(done + 1)
    return points.astype(np.float64), perplexity


def joint(neighbours: np.ndarray, cosines: np.ndarray, perplexity: float) -> Similarities:
    """Joint probabilities of neighbours: Gaussian with a width of its own for each point, so that
    each has the given perplexity (2008, section 2), symmetrised (section 3.1).

    neighbours: (n, k) int64; cosines: (n, k) float32, of unit vectors.
    """
    count, k = neighbours.shape
    squares = 2 - 2 * cosines.astype(np.float64)
    squares -= squares[:, :1]  # the same probabilities, without underflow
    low, high = np.zeros(count), np.full(count, np.inf)
    beta = np.ones(count)  # 1 / (2 variance)
    wanted = np.log(min(perplexity, k))
    for _ in range(_BISECTIONS):
        shares = np.exp(-squares * beta[:, None])
        sums = shares.sum(axis=1)
        entropy = np.log(sums) + beta * (squares * shares).sum(axis=1) / sums
        wide = entropy > wanted
        low, high = np.where(wide, beta, low), np.where(wide, high, beta)
        beta = np.where(np.isinf(high), beta * 2, (low + high) / 2)
    shares /= sums[:, None]
    ones = np.repeat(np.arange(count, dtype=np.int32), k)
    others = neighbours.astype(np.int32).ravel()
    first, second = np.concatenate([ones, others]), np.concatenate([others, ones])
    order = np.argsort(first, kind="stable")
    weights = np.tile(shares.ravel() / (2 * count), 2)
    starts = np.searchsorted(first[order], np.arange(count + 1))
    return Similarities(starts, second[order], weights[order].astype(np.float32))


@contextmanager
def _threads(count: int) -> Iterator:
    """A function that computes the gradient in threads; each point's is computed by one."""
    threads = max(1, min(usable_cores(), count // 256))
    bounds = [count * part // threads for part in range(threads + 1)]
    with ThreadPoolExecutor(threads) as pool:

        def gradient(points: np.ndarray, pairs: Similarities, exaggeration: float) -> np.ndarray:
            pulled, pushed = np.empty_like(points), np.empty_like(points)
            norms = np.empty(count)

            def part(first: int, end: int) -> None:
                attract(first, end, points, *pairs, pulled)
                repel(first, end, x, y, pushed, norms)

            x, y = (np.ascontiguousarray(column) for column in points.T)
            list(pool.map(part, *zip(*pairwise(bounds), strict=True)))
            total = np.float32(max(norms.sum() - count, _EPSILON))  # without each point itself
            return 4 * (np.float32(exaggeration) * pulled - pushed / total)

        yield gradient
