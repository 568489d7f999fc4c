"""``word-analogy``: A is to B as C is to what? Queries from standard input."""

from fastw2v.c_tools.queries import (
    CANDIDATES,
    print_positions,
    print_table,
    read_queries,
    round_as_c,
)
from fastw2v.errors import FormatError
from fastw2v.standard_streams import write
from fastw2v.vectors.loading import load_vectors

USAGE = """word-analogy: A is to B as C is to what? By fastw2v.

Usage: word-analogy <FILE>

FILE: word vectors as word2vec binary or text, GloVe text or .npy, optionally compressed.
Queries, three words A B C, are read from standard input, one per line, until EXIT or end of input.
"""
_LOWEST = 0.0  # only cosines above are printed


def run(arguments: list[str]) -> None:
    """Answer queries with the vectors of the first argument. Raises `FastW2VError`.

    As in C, words after the third must be known and are excluded from the answers. In C the first
    word of the file counts as unknown; here it does not.
    """
    vectors = load_vectors(arguments[0])
    for words in read_queries("Enter three words (EXIT to break): "):
        if len(words) < 3:
            write(
                f"Only {len(words)} words were entered.. "
                "three words are needed at the input to perform the calculation\n"
            )
        elif print_positions(vectors, words, unknown=0):
            print_table("Distance", _answers(vectors, words), _LOWEST)


def _answers(vectors, words: list[str]) -> list[tuple[str, float]]:
    from fastw2v.vectors.c_rounding import unit_rows

    asked, others = words[:3], words[3:]
    try:
        found = vectors.analogy(*asked, CANDIDATES + len(others), rule="add")
    except FormatError:  # NaN in the vector of a query: no answers
        return []
    a, b, c = unit_rows(vectors[asked])
    return round_as_c(vectors, b - a + c, [pair for pair in found if pair[0] not in others])
