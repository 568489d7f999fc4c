"""``word-analogy``: A is to B as C is to what? Asked on standard input."""

from fastw2v.c_tools.queries import (
    CANDIDATES,
    print_positions,
    print_table,
    read_queries,
    round_as_c,
)
from fastw2v.errors import FormatError
from fastw2v.io.standard_output import write
from fastw2v.vectors.loading import load_vectors

USAGE = """word-analogy: A is to B as C is to what? By fastw2v.

Usage: word-analogy <FILE>

FILE holds word vectors: word2vec binary or text, GloVe text or .npy, compressed or not.
Queries, three words A B C, are read from standard input, one a line, until EXIT or its end.
"""
_LOWEST = 0.0  # only cosines above are shown


def run(arguments: list[str]) -> None:
    """Answer queries from the file that is the first argument. Raises `FastW2VError`.

    Words behind the third must be known and are no answer; that is all they do, as in C. There
    the file's first word counts as unknown; here it does not.
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
    except FormatError:  # NaN in a vector that was asked for: nothing compares with it
        return []
    a, b, c = unit_rows(vectors[asked])
    return round_as_c(vectors, b - a + c, [pair for pair in found if pair[0] not in others])
