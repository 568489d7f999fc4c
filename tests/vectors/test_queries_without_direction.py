"""Queries with NaN or infinity are refused: they are near to nothing, not to the first word."""

import numpy as np
import pytest

from fastw2v.errors import FormatError
from fastw2v.vectors.word_vectors import WordVectors

BAD = [np.array([np.nan, 1.0]), np.array([1.0, np.inf]), np.full(2, np.nan, np.float32)]


@pytest.fixture
def vectors():
    return WordVectors(["</s>", "king", "queen"], [[0, 1], [3, 1], [3, 2]])


@pytest.mark.parametrize("query", BAD)
def test_vectors_are_refused(vectors, query):
    calls = (
        lambda: vectors.most_similar(query),
        lambda: vectors.most_similar([query, "king"]),
        lambda: vectors.most_similar(positive=["king"], negative=[query]),
        lambda: vectors.most_similar([(query, 0.5)]),
        lambda: vectors.most_similar(query, topn=None),
        lambda: vectors.most_similar_cosmul([query]),
        lambda: vectors.similar_by_vector(query),
        lambda: vectors.similarity("king", query),
        lambda: vectors.distance(query, "king"),
        lambda: vectors.distances(query),
    )
    for call in calls:
        with pytest.raises(FormatError, match="query vector has NaN or infinity"):
            call()


def test_weights_and_sums_are_refused(vectors):
    for weight in (np.nan, np.inf):
        with pytest.raises(FormatError, match="NaN or infinity"):
            vectors.most_similar([("king", weight)])
    with pytest.raises(FormatError, match="NaN or infinity"):
        vectors.most_similar([np.full(2, 1e308), np.full(2, 1e308)])


def test_a_zero_vector_is_as_near_to_all(vectors):
    assert [score for _, score in vectors.most_similar(np.zeros(2))] == [0.0] * 3
