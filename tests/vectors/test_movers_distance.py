"""The word mover's distance: equal to gensim's, which needs POT."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

from fastw2v.vectors.word_vectors import WordVectors
from tests.support.gensim_cases import in_gensim, some_vectors
from tests.support.paths import ROOT

TEXTS = [
    (["New", "word7"], ["word8", "naïve"]),
    (["New", "word7", "word7", "word7"], ["word8", "naïve", "New"]),
    (["New"], ["word8"]),
    (["New", "missing"], ["missing", "word8", "other"]),
    (["New", "New"], ["New"]),
    (["New", "word7"], ["word7", "New"]),
    (["missing"], ["New"]),
    (["New"], []),
]


@pytest.fixture(scope="module")
def both():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own, about back ends
        pytest.importorskip("ot")
    ours = some_vectors()
    return ours, in_gensim(ours)


@pytest.mark.parametrize("norm", [True, False])
def test_equals_gensim(both, norm):
    chance = np.random.default_rng(6)
    texts = [*TEXTS]
    for size in (5, 30, 80):
        texts.append(tuple(chance.choice(both[0].words, size + extra) for extra in (0, 7)))
    for first, second in texts:
        first, second = list(map(str, first)), list(map(str, second))
        ours, theirs = (v.wmdistance(first, second, norm=norm) for v in both)
        assert ours == pytest.approx(theirs, abs=1e-6, rel=1e-5), (first, second)
        assert both[0].wmdistance(second, first, norm=norm) == pytest.approx(ours)


def test_different_words_of_equal_vectors(both):
    """Infinity, as in gensim, though the distance is 0."""
    vectors = WordVectors(["a", "b", "c"], [[1, 2], [1, 2], [2, 1]])
    for each in (vectors, in_gensim(vectors)):
        assert each.wmdistance(["a"], ["b"]) == np.inf
        assert each.wmdistance(["a", "c"], ["b"]) == pytest.approx(0.31622777)


def test_integers_are_items():
    vectors = WordVectors([10, 20, 30], np.eye(3))
    assert vectors.wmdistance([10, 20], [30]) == vectors.wmdistance(["10", "20"], ["30"])


WITHOUT = """
import sys
sys.modules["scipy"] = None
import importlib.util
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == "scipy" else found(name, *rest)
from fastw2v.vectors.word_vectors import WordVectors
vectors = WordVectors(["a", "b"], [[1, 2], [2, 1]])
for ask in (lambda: vectors.wmdistance(["a"], ["b"]), lambda: vectors.evaluate_word_pairs("none")):
    try:
        ask()
    except Exception as error:
        print(type(error).__name__, error)
print(vectors.n_similarity(["a"], ["b"]) > 0, "ot" in sys.modules)
"""


def test_without_scipy():
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, cwd=ROOT, timeout=100
    )
    assert done.stdout.splitlines() == [
        "SettingsError wmdistance needs SciPy: pip install 'fastw2v[scipy]'",
        "SettingsError evaluate_word_pairs needs SciPy: pip install 'fastw2v[scipy]'",
        "True False",
    ], done.stderr
