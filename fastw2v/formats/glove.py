"""GloVe text: a line of a word and D numbers for each word, without header.

Since only the number of fields determines where a word ends, a word must be one field. Such files
are read by `fastw2v.formats.word2vec_text`, which accepts spaces in words where unambiguous.
"""

import numpy as np

from fastw2v.formats import numpy_pair
from fastw2v.formats.decimals import row_texts
from fastw2v.formats.lines import write_lines
from fastw2v.formats.reading import parse_header
from fastw2v.io.sniff import looks_like_other_format


def word_problem(word: bytes) -> str | None:
    """Why the format cannot express ``word``, or None."""
    if b"\n" in word:
        return "a newline ends the row in a text file; replace it"
    if not word or b" " in word or b"\t" in word:
        return (
            "GloVe text has no header, so a word must be one field; save as word2vec text (.txt), "
            "or join its parts with _"
        )
    return None


def first_word_problem(word: bytes) -> str | None:
    """Why ``word`` cannot be the first word of the file, or None."""
    if looks_like_other_format(word, (numpy_pair.MAGIC,)):
        return "at the start of a file its bytes look like another format; save as word2vec text"
    return None


def matrix_problem(matrix: np.ndarray) -> str | None:
    """Why the format cannot express ``matrix``, (V, D) float32, or None."""
    if len(matrix) == 0:
        return "GloVe text has no header, so an empty file loses the dimensions; use word2vec text"
    return None


def write(file, words: list[bytes], matrix: np.ndarray) -> None:
    """Write to ``file``. matrix: (V, D) float32; its numbers are read back bit for bit."""
    numbers = row_texts(matrix)
    first = words[0] + next(numbers)
    if parse_header(first + b"\n") is not None:  # a word and a number that look like a header
        first += b".0"
    rest = (word + text for word, text in zip(words[1:], numbers, strict=True))
    write_lines(file, [first])
    write_lines(file, rest)
