"""Random words and vectors for tests of vector files, and how to compare them."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

FLOATS = st.floats(width=32, allow_nan=False)
LETTERS = st.characters(exclude_categories=["Cs"]) | st.sampled_from("0.- \t\v\f\u00a0\u3000\udcff")
WORDS = st.lists(st.text(LETTERS, max_size=6), min_size=1, max_size=9, unique=True)


def matrix_for(words, dimensions=5):
    """(V, D) float32 of distinct numbers with many digits."""
    return np.random.default_rng(7).normal(size=(len(words), dimensions)).astype(np.float32)


def same_bits(first, second):
    return first.dtype == second.dtype == np.float32 and first.tobytes() == second.tobytes()


def as_decoded(word):
    """Consecutive surrogates may be the bytes of a valid character, and are read as such."""
    return word.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


@st.composite
def vectors(draw, least_dimensions=1):
    """Distinct words, as they are read back, and a matrix."""
    words = list(dict.fromkeys(as_decoded(word) for word in draw(WORDS)))
    shape = (len(words), draw(st.integers(least_dimensions, 7)))
    return words, draw(hnp.arrays(np.float32, shape, elements=FLOATS))


@st.composite
def vectors_for(draw, word_problem):
    """As `vectors`, but only words that the format can express."""
    words, matrix = draw(vectors())
    kept = [
        row
        for row, word in enumerate(words)
        if not word_problem(word.encode("utf-8", "surrogateescape"))
    ]
    return [words[row] for row in kept], matrix[kept]
