"""``distance``: nearest neighbours of words from standard input."""

from fastw2v.c_tools.queries import (
    CANDIDATES,
    print_positions,
    print_table,
    read_queries,
    round_as_c,
)
from fastw2v.errors import FormatError
from fastw2v.vectors.loading import load_vectors

USAGE = """distance: the nearest neighbours of a word, or of several together, by fastw2v.

Usage: distance <FILE>

FILE: word vectors as word2vec binary or text, GloVe text or .npy, optionally compressed.
Queries are read from standard input, one per line, until EXIT or end of input.
"""
_LOWEST = -1.0  # only cosines above are printed


def run(arguments: list[str]) -> None:
    """Answer queries with the vectors of the first argument. Raises `FastW2VError`."""
    vectors = load_vectors(arguments[0])
    for words in read_queries("Enter word or sentence (EXIT to break): "):
        if print_positions(vectors, words, unknown=-1):
            print_table("Cosine distance", _neighbours(vectors, words), _LOWEST)


def _neighbours(vectors, words: list[str]) -> list[tuple[str, float]]:
    from fastw2v.vectors.c_rounding import unit_rows

    try:
        found = vectors.similar(words, CANDIDATES)
    except FormatError:  # NaN in the vector of a query: no neighbours
        return []
    query = unit_rows(vectors[words]).cumsum(axis=0)[-1]
    return round_as_c(vectors, query, found)
