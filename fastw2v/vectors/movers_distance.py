"""The word mover's distance of two texts, an optimal transport solved by SciPy.

Kusner, Sun, Kolkin, Weinberger 2015, "From word embeddings to document distances", section 4: the
words of a text share its weight equally, and the weight of one text is moved to the words of the
other at the least cost.
"""

from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from fastw2v.errors import SettingsError
from fastw2v.matrix.arrays import Array

_NONE = 1e-8  # costs that add up to less are none, as in gensim


def movers_distance(
    first: list[str], second: list[str], vectors: Callable[[list[str]], Array]
) -> float:
    """The distance of two lists of known words; infinity if one is empty.

    vectors: from n distinct words to (n, D) float64. Raises SettingsError if SciPy is missing.

        movers_distance(["a", "b"], ["a", "c"], lambda words: table[words])
    """
    check_available("wmdistance")
    if not first or not second:
        return float("inf")
    weights = [Counter(text) for text in (first, second)]
    if len(weights[0] | weights[1]) == 1:
        return 0.0
    costs = _distances(*(vectors(list(counted)) for counted in weights))
    if costs.sum() < _NONE:
        return float("inf")
    shares = [np.array(list(each.values())) / sum(each.values()) for each in weights]
    return _transport(costs, *shares)


def check_available(method: str) -> None:
    """Raise SettingsError, which names ``method``, if SciPy is not installed."""
    if find_spec("scipy") is None:
        raise SettingsError(f"{method} needs SciPy: pip install 'fastw2v[scipy]'")


def _distances(first: Array, second: Array) -> Array:
    """(n, m) float64: Euclidean distances; 0 for equal vectors. first: (n, D), second: (m, D)."""
    distances = np.empty((len(first), len(second)))
    for row, vector in enumerate(first):  # differences, which lose nothing to rounding
        distances[row] = np.sqrt(((second - vector) ** 2).sum(axis=1))
    return distances


def _transport(costs: Array, supply: Array, demand: Array) -> float:
    """The least cost to move ``supply`` to ``demand``. costs: (n, m); the others: (n,), (m,)."""
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    n, m = costs.shape
    flows = np.arange(n * m)
    places = np.concatenate([flows // m, n + flows % m]), np.concatenate([flows, flows])
    sums = coo_array((np.ones(2 * n * m), places), shape=(n + m, n * m)).tocsr()
    # The last equation follows from the others: both sides add up to 1.
    wanted = np.concatenate([supply, demand])[:-1]
    solved = linprog(costs.ravel(), A_eq=sums[:-1], b_eq=wanted, bounds=(0, None), method="highs")
    if solved.status != 0:
        raise SettingsError(f"the word mover's distance was not found: {solved.message}")
    return float(solved.fun)
