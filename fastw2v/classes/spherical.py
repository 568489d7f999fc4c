"""Spherical k-means: assign words by cosine, move centroids to the mean direction."""

import numpy as np

from fastw2v.classes.directions import Directions, add_by_class, mean_cosine
from fastw2v.classes.seeding import EQUAL_WITHIN, seed_centroids
from fastw2v.matrix.norms import to_unit
from fastw2v.progress import Progress

# Classes are settled if fewer than one word in SETTLED_BELOW changed class. Waiting for the last
# words would double the rounds and gain less than another seed.
SETTLED_BELOW = 200


def cluster(directions: Directions, n: int, seed: int, rounds: int, progress: Progress):
    """``(classes, centroids, report)`` as of `fastw2v.classes.assign_classes`; rows without a
    direction are in class 0."""
    centroids = seed_centroids(directions, n, np.random.default_rng(seed))
    return refine(directions, centroids, rounds, progress)


def refine(directions: Directions, centroids: np.ndarray, rounds: int, progress: Progress):
    """Iterate from these centroids, (n, D) float32 of norm 1 or 0. Returns as `cluster`."""
    classes = np.full(len(directions), -1, np.int32)
    cosines: list[float] = []
    refilled, settled = 0, False
    with progress.stage("Grouping words", rounds) as stage:
        while not settled and len(cosines) < rounds:
            found, similarities, sums = assign(directions, centroids)
            refilled += refill(found, similarities, sums, directions)
            settled = SETTLED_BELOW * int((found != classes).sum()) < max(1, len(classes))
            classes = found
            centroids = to_unit(sums, np.float64).astype(np.float32)
            cosines.append(mean_cosine(directions, sums))
            stage.update(len(cosines), f"mean cosine {cosines[-1]:.4f}")
    report = {
        "rounds": len(cosines),
        "settled": settled,
        "refilled": refilled,
        "cosines": cosines,
    }
    return classes, centroids, report


def assign(directions: Directions, centroids: np.ndarray):
    """Assign each word to the class of the best cosine, ties to the lowest number.

    centroids: (n, D) float32.

    Returns classes (V,) int32, their cosines (V,) float32, and the sums (n, D)
    float64 of the directions in each class.
    """
    classes = np.empty(len(directions), np.int32)
    similarities = np.empty(len(directions), np.float32)
    sums = np.zeros(centroids.shape)
    for rows in directions.blocks(beside=len(centroids)):
        unit = directions[rows]
        cosines = unit @ centroids.T
        best = cosines.argmax(axis=1)
        classes[rows] = best
        similarities[rows] = cosines[np.arange(len(best)), best]
        add_by_class(sums, unit, best)
    return classes, similarities, sums


def refill(
    classes: np.ndarray, similarities: np.ndarray, sums: np.ndarray, directions: Directions
) -> int:
    """Move to each empty class one of the words with the lowest cosines. Returns the number moved.

    Changes ``classes`` and ``sums``, which are as of `assign`. The mean cosine cannot decrease: a
    class loses at most 1 with its word, and that word alone has cosine 1.

    A class keeps its last word, and words with cosine 1: with fewer distinct directions than
    classes, some must stay empty.
    """
    sizes = np.bincount(classes[directions.has_direction], minlength=len(sums))
    empty = np.flatnonzero(sizes == 0)
    if not len(empty):
        return 0
    misfits = np.flatnonzero(directions.has_direction & (similarities < 1 - EQUAL_WITHIN))
    misfits = misfits[np.argsort(similarities[misfits], kind="stable")]
    filled = 0
    for row in misfits.tolist():
        if filled == len(empty):
            break
        if sizes[classes[row]] > 1:
            (unit,) = directions[[row]]
            sums[classes[row]] -= unit
            sizes[classes[row]] -= 1
            classes[row] = empty[filled]
            sums[classes[row]] = unit
            filled += 1
    return filled
