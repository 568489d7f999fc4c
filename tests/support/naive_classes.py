"""Classes once more, one number at a time: the C program's k-means in float32 scalars, and one
round of spherical k-means in float64."""

import math

import numpy as np

ROUNDS = 10


def noise(words: int, size: int, seed: int = 5) -> np.ndarray:
    """(words, size) float32, numbers without any order."""
    return np.random.default_rng(seed).normal(size=(words, size)).astype(np.float32)


def c_classes(matrix, n: int) -> list[int]:
    """What the C program's ``-classes n`` gives; every step rounds to float32."""
    with np.errstate(all="ignore"):
        classes = [word_id % n for word_id in range(len(matrix))]
        for _ in range(ROUNDS):
            centroids = [_c_centroid(matrix, classes, one) for one in range(n)]
            classes = [_c_best(vector, centroids) for vector in matrix]
    return classes


def _c_centroid(matrix, classes, one):
    sums = [np.float32(0)] * matrix.shape[1]
    count = 1  # one more than there are
    for vector, its_class in zip(matrix, classes, strict=True):
        if its_class == one:
            sums = [total + number for total, number in zip(sums, vector, strict=True)]
            count += 1
    means = [total / np.float32(count) for total in sums]
    squares = np.float32(0)
    for mean in means:
        squares += mean * mean
    length = np.float32(math.sqrt(squares)) if squares >= 0 else np.float32(np.nan)
    return [mean / length for mean in means]


def _c_best(vector, centroids):
    best, closest = 0, np.float32(-10)
    for candidate, centroid in enumerate(centroids):
        score = np.float32(0)
        for weight, number in zip(centroid, vector, strict=True):
            score += weight * number
        if score > closest:
            best, closest = candidate, score
    return best


def unit(vector) -> list[float]:
    """``vector`` at length 1, in float64; zeros stay zeros."""
    length = math.sqrt(sum(float(number) ** 2 for number in vector))
    return [float(number) / length if length else 0.0 for number in vector]


def spherical_cosines(matrix, centroids) -> list[list[float]]:
    """The cosine of each row to each centroid of length 1."""
    return [
        [
            sum(u * float(c) for u, c in zip(unit(vector), centroid, strict=True))
            for centroid in centroids
        ]
        for vector in matrix
    ]


def class_sums(matrix, classes, n: int) -> list[list[float]]:
    """The sum of the directions in each class."""
    sums = [[0.0] * matrix.shape[1] for _ in range(n)]
    for vector, its_class in zip(matrix, classes, strict=True):
        direction = unit(vector)
        sums[its_class] = [s + u for s, u in zip(sums[its_class], direction, strict=True)]
    return sums
