"""Shared by ``distance`` and ``word-analogy``: reading queries and printing tables."""

from collections.abc import Iterator

from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.prompts import END, edits, typed_lines
from fastw2v.standard_streams import read_line, write

NEIGHBOURS = 40
CANDIDATES = NEIGHBOURS + 10  # rounding as in C may change the order at the end
_WIDTH = 50  # bytes of the column of words


def read_queries(prompt: str) -> Iterator[list[str]]:
    """The words of each line of standard input, to its end or ``EXIT``.

    Words are separated by spaces. An empty line yields one empty word.
    """
    for text in typed_lines(prompt) if edits() else _lines_after(prompt):
        yield [word for word in text.split(" ") if word] or [""]


def _lines_after(prompt: str) -> Iterator[str]:
    """Lines to the end or ``EXIT``, each after the prompt on standard output, as in C."""
    while True:
        write(prompt)
        line = read_line()
        text = to_word(line.rstrip(b"\r\n"))
        if not line or text == END:
            return
        yield text


def print_positions(vectors, words: list[str], unknown: int) -> bool:
    """Print the row of each word up to the first unknown one. Return whether all are known.

    unknown: printed as the row of an unknown word.
    """
    for word in words:
        row = vectors.index.get(word, unknown)
        write(f"\nWord: {word}  Position in vocabulary: {row}\n")
        if word not in vectors:
            write("Out of dictionary word!\n")
            return False
    return True


def round_as_c(vectors, query, found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """``found`` with the cosines of the C program's strict build, in its order.

    query: (D,) float32, of any norm, the vector whose neighbours are ``found``.
    """
    import numpy as np

    from fastw2v.vectors.c_rounding import sums, unit_rows

    if not found:
        return []
    rows = np.array([vectors.index[word] for word, _ in found], np.int64)
    with np.errstate(all="ignore"):  # zero vectors give NaN, which is never printed
        cosines = sums(unit_rows(vectors.matrix[rows]) * unit_rows(query[None]))
    order = np.lexsort((rows, -cosines))
    return [(found[i][0], float(cosines[i])) for i in order]


def print_table(heading: str, found: list[tuple[str, float]], lowest: float) -> None:
    """Print the words ``found`` with cosines above ``lowest`` in 40 lines.

    As in C, remaining lines have no word, and ``lowest`` as cosine.
    """
    above = [(word, cosine) for word, cosine in found if cosine > lowest][:NEIGHBOURS]
    above += [("", lowest)] * (NEIGHBOURS - len(above))
    lines = [f"\n{'Word':>{_WIDTH}}{heading:>22}\n".encode(), b"-" * 72 + b"\n"]
    lines += [b"%b\t\t%f\n" % (to_bytes(word).rjust(_WIDTH), cosine) for word, cosine in above]
    write(to_word(b"".join(lines)))
