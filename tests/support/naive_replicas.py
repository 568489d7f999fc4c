"""Merging again, plain and in float64: the specification of `fastw2v.kernels.merging` and
`curvature`. Nothing here is shared with the package."""

import math

import numpy as np

SLOPE = 0.2


def factor(steepness: float, visitors: float) -> float:
    """What the sum of changes is scaled by along one direction."""
    if steepness == 0:
        return 1.0
    return (1 - math.exp(-steepness)) / (visitors * (1 - math.exp(-steepness / visitors)))


def merged_row(base, copies, visits: float, rate: float, curvature):
    """The row after merging; base: (D,), copies: (R, D), visits: of all workers together.

    curvature: orthonormal directions (k, D), their curvatures, and that of all other directions.
    """
    directions, values, rest = curvature
    workers = len(copies)
    visitors = max(1.0, workers * (1 - math.exp(-visits / workers)))
    change = (np.asarray(copies, np.float64) - base).sum(axis=0)
    moved = np.zeros_like(change)
    left = change.copy()
    for direction, value in zip(directions, values, strict=True):
        along = (direction @ change) * direction
        moved += factor(SLOPE * rate * value * visits, visitors) * along
        left -= along
    return base + moved + factor(SLOPE * rate * rest * visits, visitors) * left


def level_of_detail(visits: float) -> float:
    """Visits in a window as the package knows them: to an eighth of an octave."""
    return 2.0 ** (-round(-8 * math.log2(visits)) / 8)


def input_curvature(matrices, frequencies):
    """(D, D): of an input row in a window. matrices: of output rows; frequencies: how often each is
    trained in a window."""
    size = matrices[0].shape[1]
    total = np.zeros((size, size))
    for matrix, often in zip(matrices, frequencies, strict=True):
        for row, times in zip(matrix.astype(np.float64), often, strict=True):
            total += times * np.outer(row, row)
    return total


def output_curvature(inputs, shares, context: float, inverse: float, cbow: bool):
    """(D, D): of an output row in a visit. shares: each word's of the context words; context: their
    mean number; inverse: the mean of one over it."""
    second = np.zeros((inputs.shape[1],) * 2)
    for row, share in zip(inputs.astype(np.float64), shares, strict=True):
        second += share * np.outer(row, row)
    if not cbow:
        return context * second
    mean = shares @ inputs.astype(np.float64)
    return inverse * second + (1 - inverse) * np.outer(mean, mean)


def trained_share(depth: int, levels: int) -> float:
    """How likely a node at a depth is trained when its path is: all ways to skip, one by one."""
    skipped, probability, found = levels, 1.0, 0.0
    while skipped > 0:
        probability /= 2
        found += probability * (depth >= skipped)
        skipped -= 2
    return found + probability
