"""The twin of the neural language models: plain loops in float64, from the formulas."""

import math

import numpy as np


def log_probabilities(settings, arrays, paths, ids):
    """Log-probabilities of a whole text, from parameters by name, any float type.

    paths: start, nodes and codes of the Huffman tree; None with the full softmax.
    """
    inputs, hidden = (np.asarray(arrays[name], np.float64) for name in ("inputs", "hidden"))
    state, logs = np.zeros(settings.units), []
    for place, word in enumerate(ids):
        context = context_of(ids, place, settings.context)
        if settings.is_recurrent:
            if context[0] == 0:
                state = np.zeros(settings.units)
            vector = inputs[context[0], : settings.units]
            state = np.tanh(vector + hidden[:, :-1] @ state + hidden[:, -1])
            features = [*state, 1.0]
        else:
            x = np.concatenate([inputs[each] for each in context])
            units = np.tanh(hidden[:, :-1] @ x + hidden[:, -1])
            features = [*units, *(x if settings.direct else ()), 1.0]
        logs.append(log_probability(arrays, paths, np.array(features), word))
    return logs


def context_of(ids, place, size):
    """The last words of the sentence, the nearest first; before them, sentence ends."""
    found = []
    while len(found) < size and place > 0 and ids[place - 1] != 0:
        place -= 1
        found.append(ids[place])
    return found + [0] * (size - len(found))


def log_probability(arrays, paths, features, word):
    if paths is None:
        scores = np.asarray(arrays["outputs"], np.float64)[:, : len(features)] @ features
        return scores[word] - math.log(sum(math.exp(score) for score in scores))
    start, nodes, codes = paths
    total = 0.0
    for place in range(start[word], start[word + 1]):
        row = np.asarray(arrays["nodes"][nodes[place]], np.float64)
        score = float(row[: len(features)] @ features)
        total -= math.log(1 + math.exp(-score if codes[place] == 0 else score))
    return total


def numerical_gradient(loss, arrays, name, step=1e-5):
    """Central differences of ``loss(arrays)`` by each number of one of the arrays, float64."""
    changed = {key: np.array(array, np.float64) for key, array in arrays.items()}
    array = changed[name]
    found = np.zeros(array.shape)
    for place in np.ndindex(array.shape):
        before, ends = array[place], []
        for side in (step, -step):
            array[place] = before + side
            ends.append(loss(changed))
        array[place] = before
        found[place] = (ends[0] - ends[1]) / (2 * step)
    return found
