"""What ``distance`` and ``word-analogy`` share: they ask for words and show a table."""

import sys
from collections.abc import Iterator

import click

from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.io.standard_output import write

NEIGHBOURS = 40
CANDIDATES = NEIGHBOURS + 10  # asked for, since rounding as in C may change places at the end
_END = "EXIT"
_WIDTH = 50  # bytes, of the column of words


def read_queries(prompt: str) -> Iterator[list[str]]:
    """The words of one line of standard input after the other, to its end or ``EXIT``.

    Blanks part the words. Of an empty line one empty word is given.
    """
    while True:
        write(prompt)
        line = sys.stdin.buffer.readline()
        text = to_word(line.rstrip(b"\r\n"))
        if not line or text == _END:
            return
        yield [word for word in text.split(" ") if word] or [""]


def print_positions(vectors, words: list[str], unknown: int) -> bool:
    """Print in which row each word stands, up to one that is ``unknown``; whether all are known."""
    for word in words:
        row = vectors.index.get(word, unknown)
        write(f"\nWord: {word}  Position in vocabulary: {row}\n")
        if word not in vectors:
            write("Out of dictionary word!\n")
            return False
    return True


def round_as_c(vectors, query, found: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """``found`` with the cosines that the C program's strict build prints, and in its order.

    query: (D,) float32, of any length, the vector whose neighbours were ``found``.
    """
    import numpy as np

    from fastw2v.vectors.c_rounding import sums, unit_rows

    if not found:
        return []
    rows = np.array([vectors.index[word] for word, _ in found], np.int64)
    with np.errstate(all="ignore"):  # vectors without a length: NaN, which is never shown
        cosines = sums(unit_rows(vectors.matrix[rows]) * unit_rows(query[None]))
    order = np.lexsort((rows, -cosines))
    return [(found[i][0], float(cosines[i])) for i in order]


def print_table(heading: str, found: list[tuple[str, float]], lowest: float) -> None:
    """Print the words ``found`` and their cosines, those above ``lowest``, in 40 lines.

    As in C: lines that are left over have no word, and ``lowest``.
    """
    above = [(word, cosine) for word, cosine in found if cosine > lowest][:NEIGHBOURS]
    above += [("", lowest)] * (NEIGHBOURS - len(above))
    lines = [f"\n{'Word':>{_WIDTH}}{heading:>22}\n".encode(), b"-" * 72 + b"\n"]
    lines += [b"%b\t\t%f\n" % (to_bytes(word).rjust(_WIDTH), cosine) for word, cosine in above]
    click.echo(b"".join(lines), nl=False)
