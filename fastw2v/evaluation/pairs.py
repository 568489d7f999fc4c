"""Files of pairs of words with human scores of similarity, in the published forms."""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.evaluation.text import SEPARATORS, Source, lines, name_of, separator_name, split
from fastw2v.formats.parsing import parse_number
from fastw2v.io.encoding import to_word
from fastw2v.matrix.arrays import Array

_Pair = tuple[bytes, bytes, float]


@dataclass(frozen=True)
class Pairs:
    """Pairs of words and their human scores.

    words: the N distinct words.
    asked: (n, 2) int32, the pairs: numbers of their words.
    scores: (n,) float64.

        >>> fastw2v.evaluation.read_pairs("pairs.tsv").scores.tolist()
        [9.0, 7.0, 1.0]
    """

    words: list[str]
    asked: Array
    scores: Array


@dataclass(frozen=True)
class _Form:
    """How the pairs of a file are written.

    score: the column of the score, from 0; the words are in the first two other columns.
    """

    separator: bytes
    score: int

    def pair(self, line: bytes) -> _Pair | None:
        """The words and the score of a line; None if it is invalid."""
        fields = split(line, self.separator)
        if len(fields) < 3 or self.score >= len(fields):
            return None
        score = _number(fields.pop(self.score), self.separator)
        return None if score is None or not all(fields[:2]) else (fields[0], fields[1], score)

    def __str__(self) -> str:
        place = "" if self.score == 2 else f" in column {self.score + 1}"
        return f"two words and a score{place} separated by {separator_name(self.separator)}"


def read_pairs(source: Source, score_column: int | None = None) -> Pairs:
    """Read a file of pairs: lines ``word<TAB>word<TAB>score``.

    Fields are separated by tabs, semicolons, commas or spaces, as in the first line with a pair,
    and may be quoted. Further columns are ignored. One heading line may come first. Empty lines
    and those that start with ``#`` are ignored. Decimal commas are read if semicolons or tabs
    separate the fields.

    source: a path, of a file that may be compressed, or a binary file object.
    score_column: the column of the score, from 1; None for the first after the two words that is
        a number in the first line with a pair. The words are in the first two other columns.

    Raises FormatError for an invalid line, with its number, and for a file without pairs,
    SettingsError for a column below 1.

    >>> import io
    >>> read_pairs(io.BytesIO(b"cup,mug,N,9.5")).scores
    array([9.5])
    """
    if score_column is not None and score_column < 1:
        raise SettingsError(f"{parameter('score_column')} is {score_column}; columns start at 1")
    numbers: dict[bytes, int] = {}
    asked: list[list[int]] = []
    scores: list[float] = []
    found = (each for each in lines(source) if not each[1].startswith(b"#"))
    first = list(itertools.islice(found, 2))
    form, headings = _form_of_file([line for _, line in first], score_column)
    for number, line in itertools.chain(first[headings:], found):
        pair = form.pair(line) if form else None
        if pair is None:
            raise _invalid(source, number, form, score_column)
        asked.append([numbers.setdefault(word, len(numbers)) for word in pair[:2]])
        scores.append(pair[2])
    if not asked:
        raise FormatError(
            f"{name_of(source)}: no pairs in it; a pair is a line with two words and a score"
        )
    words = [to_word(word) for word in numbers]
    return Pairs(words, np.array(asked, np.int32), np.array(scores, np.float64))


def _form_of_file(first: list[bytes], score_column: int | None) -> tuple[_Form | None, int]:
    """The form of the pairs, and the number of heading lines, 0 or 1. first: one line or two."""
    forms = [_form_of(line, score_column) for line in first]
    if len(forms) < 2:
        return (forms[0], 0) if forms and forms[0] else (None, len(forms))
    heading, form = forms
    if heading is None:
        return form, 1
    if form is not None and form.separator != heading.separator:
        # "Word 1, Word 2, Mean": a heading with numbers, if it is split at spaces.
        columns = {len(split(line, form.separator)) for line in first}
        if len(columns) == 1:
            return form, 1
    return heading, 0


def _form_of(line: bytes, score_column: int | None) -> _Form | None:
    """The form of a file whose first pair is ``line``; None if it is no pair."""
    # Spaces last: words between commas or semicolons may have some.
    for separator in SEPARATORS if b"\t" in line else (*SEPARATORS[1:], SEPARATORS[0]):
        fields = split(line, separator)
        columns = range(2, len(fields)) if score_column is None else [score_column - 1]
        for column in columns:
            form = _Form(separator, column)
            if form.pair(line) is not None:
                return form
    return None


def _number(field: bytes, separator: bytes) -> float | None:
    """The number in a field; None if it is none, or not finite."""
    if separator != b"," and field.count(b",") == 1 and b"." not in field:
        field = field.replace(b",", b".")
    try:
        number = float(parse_number(field))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _invalid(
    source: Source, number: int, form: _Form | None, score_column: int | None
) -> FormatError:
    if form is not None:
        remedy = (
            "correct the line, mark it as a comment with #, or choose the column of the score with "
            f"{parameter('score_column')}"
        )
        return FormatError(f"{name_of(source)}: line {number} is not {form}; {remedy}")
    where = "" if score_column is None else f" in column {score_column}"
    remedy = f"choose the column of the score with {parameter('score_column')}"
    return FormatError(
        f"{name_of(source)}: line {number} is not two words and a score{where}, separated by tabs, "
        f"spaces, commas or semicolons; {remedy}"
    )
