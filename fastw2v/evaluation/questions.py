"""Files of analogy questions: lines of four words, or pairs of words as in BATS.

BATS: Gladkova, Drozd, Matsuoka 2016, "Analogy-based detection of morphological and semantic
relations with word embeddings: what works and what doesn't", section 3.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.evaluation.text import SEPARATORS, Source, is_comment, lines, name_of, split
from fastw2v.io.encoding import to_word
from fastw2v.io.files import is_member
from fastw2v.matrix.arrays import Array

_MOST_QUESTIONS = 5_000_000  # that pairs of words make
_ANSWERS = re.compile(rb"[/,]")
_BATS_NAME = re.compile(r"([IDEL])\d\d(?!\d)")  # inflection, derivation, encyclopedia, lexicography
_FORMS = {
    4: "a question needs four, and a section starts with ': name'",
    2: "as in line {first}, a line needs two: a word and its answers, separated by a tab",
}
_Line = tuple[int, ...]  # numbers of words: a, b, c, d; or a word and its answers


class Part(NamedTuple):
    """A section of a file of analogies.

    number: from 1 for the first section with a heading; 0 for questions before any heading.
    where: its questions, a slice of `Questions.asked`.
    syntactic: None: depends on the rule of evaluation.
    """

    name: str
    number: int
    where: slice
    syntactic: bool | None = None


@dataclass(frozen=True)
class Questions:
    """Analogy questions as in their file.

    words: the N distinct words.
    asked: (n, 4) int32, the questions: numbers of the words a, b, c and of the answer d.
    parts: the sections in the order of the file.
    others: (n, K) int32, numbers of further words that are right answers; -1 for none.

        >>> fastw2v.evaluation.read_questions("questions.txt").asked.shape
        (2, 4)
    """

    words: list[str]
    asked: Array
    parts: tuple[Part, ...]
    others: Array = field(default_factory=lambda: np.empty((0, 0), np.int32))

    def answers(self) -> Array:
        """(n, 1 + K) int32: the right answers of each question; -1 for none."""
        if not len(self.others):
            return self.asked[:, 3:]
        return np.column_stack((self.asked[:, 3], self.others))


def read_questions(source: Source) -> Questions:
    """Read a file of analogies: a question is a line ``a b c d``, a section starts with ``: name``.

    Lines of two fields are pairs, as in BATS: a word, and its answers, separated by slashes or
    commas. Each pair of pairs of a section makes a question: a and the first answer of one, c of
    the other, of which any answer is right.

    Words are separated by spaces, tabs, commas or semicolons, and may be quoted. Empty lines and
    those that start with ``#`` are ignored.

    source: a path, of a file that may be compressed, or of a folder, whose ``.txt``, ``.tsv`` and
        ``.csv`` files, also in folders in it, become sections in the order of their names; or a
        binary file object.

    Raises FormatError for an invalid line, with its number, and for a file without questions.

    >>> import io
    >>> len(read_questions(io.BytesIO(b"cup cups mug mugs")).asked)
    1
    """
    reader = _Reader()
    if isinstance(source, (str, os.PathLike)) and os.path.isdir(source):
        for path in _members(source):
            reader.read(path, path.name.rsplit(".", 1)[0])
    else:
        reader.read(source)
    found = reader.questions()
    if not len(found.asked):
        hint = "a question is a line of four words"
        if reader.pairs:
            hint = "each section needs two pairs of words at least"
        raise FormatError(f"{name_of(source)}: no questions in it; {hint}")
    return found


def _members(folder: str | os.PathLike[str]) -> list[Path]:
    """The files of a folder of analogies."""
    found = [
        Path(parent, name)
        for parent, folders, names in os.walk(folder)
        for name in names
        if is_member(name) and name.lower().endswith((".txt", ".tsv", ".csv"))
    ]
    if not found:
        raise FormatError(
            f"{os.fspath(folder)}: no file of analogies in this folder; their names end in .txt, "
            ".tsv or .csv"
        )
    return sorted(found)


class _Reader:
    """Collects the questions of one or several files."""

    def __init__(self) -> None:
        self.pairs = 0
        self._made = 0  # questions that the pairs make
        self._numbers: dict[bytes, int] = {}
        self._parts: list[tuple[str, int, list[_Line]]] = []  # name, number, lines

    def read(self, source: Source, name: str | None = None) -> None:
        """name: of the section before any heading, numbered if it is given."""
        begun = False  # a section of this file
        first, expected = 0, 0  # line with the first question, and its number of fields
        for number, line in lines(source):
            asked = (expected,) if expected else tuple(_FORMS)
            if is_comment(line.split(), asked):
                continue
            if _is_heading(line.split(), asked):
                self._begin(to_word(line.strip()[1:].strip()))
                begun = True
                continue
            fields = _fields(line, asked)
            if len(fields) not in asked:
                form = _FORMS[expected or 4].format(first=first)
                raise FormatError(
                    f"{name_of(source)}: line {number} has {len(fields)} words; {form}"
                )
            if not begun:
                self._begin(name)
            begun, first, expected = True, first or number, len(fields)
            self._add(fields)
            if self._made > _MOST_QUESTIONS:
                raise FormatError(
                    f"{name_of(source)}: its pairs of words make more than {_MOST_QUESTIONS:,} "
                    "questions; divide it into sections that start with ': name'"
                )

    def questions(self) -> Questions:
        """All questions that were read."""
        asked: list[_Line] = []
        others: list[_Line] = []
        parts = []
        for name, number, found in self._parts:
            start = len(asked)
            for question in _asked(found):
                asked.append(question[:4])
                others.append(question[4:])
            where = slice(start, len(asked))
            parts.append(Part(name, number, where, _syntactic(name) if self.pairs else None))
        return Questions(
            [to_word(word) for word in self._numbers],
            np.array(asked, np.int32).reshape(-1, 4),
            tuple(parts),
            _padded(others) if self.pairs else np.empty((0, 0), np.int32),
        )

    def _begin(self, name: str | None) -> None:
        number = 0 if name is None else 1 + sum(1 for part in self._parts if part[1])
        self._parts.append((name or "", number, []))

    def _add(self, fields: list[bytes]) -> None:
        words = fields
        if len(fields) == 2:
            words = [fields[0], *filter(None, map(bytes.strip, _ANSWERS.split(fields[1])))]
            words = words if len(words) > 1 else fields  # the answer is a slash
            self.pairs += 1
            self._made += 2 * len(self._parts[-1][2])
        numbers = [self._numbers.setdefault(word, len(self._numbers)) for word in words]
        self._parts[-1][2].append(tuple(numbers) if len(fields) == 4 else (-1, *numbers))


def _asked(found: list[_Line]) -> Iterator[_Line]:
    """The questions of a section: a, b, c, d, and further answers. Lines of pairs start with -1."""
    for line in found:
        if line[0] >= 0:
            yield line
            continue
        for other in found:
            if other is not line:
                yield (*line[1:3], *other[1:])


def _padded(lists: list[_Line]) -> Array:
    """(n, K) int32, with -1 after the end of each list."""
    padded = np.full((len(lists), max(map(len, lists), default=0)), -1, np.int32)
    for row, numbers in enumerate(lists):
        padded[row, : len(numbers)] = numbers
    return padded


def _syntactic(name: str) -> bool | None:
    """Whether a section of BATS is; None if the name does not tell."""
    match = _BATS_NAME.match(name)
    return None if match is None else match[1] in "ID"


def _fields(line: bytes, asked: tuple[int, ...]) -> list[bytes]:
    """The words of a line: by the separator that gives a valid number, if there is one."""
    blanks = line.split()
    candidates = [blanks, *(split(line, each) for each in SEPARATORS)]
    ends = {word[-1:] for word in blanks[:-1]}
    if len(ends) == 1 and ends < {*SEPARATORS}:  # "a, b, c, d"
        candidates.insert(0, split(line, ends.pop()))
    for number in asked:
        for fields in candidates:
            if len(fields) == number and all(fields):
                return fields
    return blanks


def _is_heading(fields: list[bytes], asked: tuple[int, ...]) -> bool:
    """A colon starts a heading, alone or with a name, except in a line of four words."""
    return fields[0] == b":" or (fields[0].startswith(b":") and len(fields) not in {4} & {*asked})
