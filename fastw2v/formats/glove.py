"""GloVe's text: a line of a word and D numbers for each word, and no header before them.

Only the number of fields tells where a word ends, so a word must be one field. Such files are
read by `fastw2v.formats.word2vec_text`, with blanks in words where that can be made out.
"""

import numpy as np

from fastw2v.formats import numpy_pair
from fastw2v.formats.decimals import row_texts
from fastw2v.formats.lines import write_lines
from fastw2v.formats.reading import parse_header
from fastw2v.formats.sniff import looks_like_other_format


def word_problem(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b"\n" in word:
        return "in a text file a newline ends the row; replace it"
    if not word or b" " in word or b"\t" in word:
        return (
            "GloVe's form has no header, so that a word must be one field; save as word2vec text "
            "(.txt), or join its parts by _"
        )
    return None


def first_word_problem(word: bytes) -> str | None:
    """Why ``word`` cannot be the first of the file, or None."""
    if looks_like_other_format(word, (numpy_pair.MAGIC,)):
        return "its bytes at the start of a file tell of another kind; save as word2vec text"
    return None


def matrix_problem(matrix: np.ndarray) -> str | None:
    """Why the format cannot express ``matrix``, (V, D) float32, or None."""
    if len(matrix) == 0:
        return "GloVe's form has no header, so that a file without words would tell nothing"
    return None


def write(file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write to ``file``. matrix: (V, D) float32; its numbers are read back bit for bit."""
    numbers = row_texts(matrix)
    first = words[0] + next(numbers)
    if parse_header(first + b"\n") is not None:  # two whole numbers
        first += b".0"
    rest = (word + text for word, text in zip(words[1:], numbers, strict=True))
    write_lines(file, [first])
    write_lines(file, rest)
