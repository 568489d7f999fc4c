"""Vectors of sentences, written out number by number in float64: the twin of `embed`."""

import numpy as np


def naive_means(matrix, index, sentences, weight=lambda word: 1.0):
    """(N, D) float64: sum of weight * vector / number of known words; zeros without any."""
    rows = []
    for sentence in sentences:
        total, known = [0.0] * matrix.shape[1], 0
        for word in sentence:
            if word in index and all(np.isfinite(matrix[index[word]])):
                known += 1
                for column, number in enumerate(matrix[index[word]]):
                    total[column] += weight(word) * float(number)
        rows.append([number / max(known, 1) for number in total])
    return np.array(rows).reshape(len(rows), matrix.shape[1])


def naive_sif(matrix, index, sentences, counts, smoothing=1e-3, remove=1):
    """(N, D) float64: algorithm 1 of Arora, Liang, Ma 2017, by a singular value decomposition."""
    total = sum(count for word, count in counts.items() if word != "</s>")

    def weight(word):
        return smoothing / (smoothing + counts.get(word, 0) / total)

    means = naive_means(matrix, index, sentences, weight)
    _, _, directions = np.linalg.svd(means)
    for direction in directions[:remove]:
        means = means - np.outer(means @ direction, direction)
    return means
