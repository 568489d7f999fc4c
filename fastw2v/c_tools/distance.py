"""``distance``: the nearest neighbours of words, asked for on standard input."""

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

FILE holds word vectors: word2vec binary or text, GloVe text or .npy, compressed or not.
Queries are read from standard input, one a line, until EXIT or its end.
"""
_LOWEST = -1.0  # cosines down to this are shown


def run(arguments: list[str]) -> None:
    """Answer queries from the file that is the first argument. Raises `FastW2VError`."""
    vectors = load_vectors(arguments[0])
    for words in read_queries("Enter word or sentence (EXIT to break): "):
        if print_positions(vectors, words, unknown=-1):
            print_table("Cosine distance", _neighbours(vectors, words), _LOWEST)


def _neighbours(vectors, words: list[str]) -> list[tuple[str, float]]:
    from fastw2v.vectors.c_rounding import unit_rows

    try:
        found = vectors.similar(words, CANDIDATES)
    except FormatError:  # NaN in a vector that was asked for: nothing compares with it
        return []
    query = unit_rows(vectors[words]).cumsum(axis=0)[-1]
    return round_as_c(vectors, query, found)
