"""Evaluation files: analogy questions, and pairs of words with human scores of similarity."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.formats.parsing import parse_number
from fastw2v.formats.reading import open_stream
from fastw2v.io.encoding import to_word
from fastw2v.io.files import LongLineError, StrPath, lines_of
from fastw2v.matrix.arrays import Array

Source = StrPath | BinaryIO
"""A path, of a file that may be compressed, or a file open for reading bytes."""

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_CHUNK = 1 << 20  # bytes read at once
_MAX_LINE_BYTES = 1 << 20  # a file with longer lines is not a file of questions


class Part(NamedTuple):
    """A section of a file of analogies.

    number: from 1 for the first section with a heading; 0 for questions before any heading.
    where: its questions, a slice of `Questions.asked`.
    """

    name: str
    number: int
    where: slice


@dataclass(frozen=True)
class Questions:
    """Analogy questions as in their file.

    words: the N distinct words.
    asked: (n, 4) int32, the questions: numbers of the words a, b, c and of the answer d.
    parts: the sections in the order of the file.
    """

    words: list[str]
    asked: Array
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Pairs:
    """Pairs of words and their human scores.

    words: the N distinct words.
    asked: (n, 2) int32, the pairs: numbers of their words.
    scores: (n,) float64.
    """

    words: list[str]
    asked: Array
    scores: Array


def read_questions(source: Source) -> Questions:
    """Read a file of analogies: a question is a line ``a b c d``, a section starts with ``: name``.

    Words are separated by spaces or tabs. Empty lines are ignored.

    source: a path, of a file that may be compressed, or a binary file object.

    Raises FormatError for an invalid line, with its number, and for a file without questions.
    """
    numbers: dict[bytes, int] = {}
    asked: list[list[int]] = []
    begun: list[tuple[str, int, int]] = []  # name, number, first question of each section
    for number, line in text_lines(source):
        fields = line.split()
        if _is_heading(fields):
            follows = begun[-1][1] + 1 if begun else 1
            begun.append((to_word(line.strip()[1:].strip()), follows, len(asked)))
        elif len(fields) == 4:
            if not begun:
                begun.append(("", 0, 0))
            asked.append([numbers.setdefault(word, len(numbers)) for word in fields])
        else:
            raise FormatError(
                f"{_name(source)}: line {number} has {len(fields)} words; a question needs four, "
                "and a section starts with ': name'"
            )
    if not asked:
        raise FormatError(
            f"{_name(source)}: no questions in it; a question is a line of four words"
        )
    ends = [start for _, _, start in begun[1:]] + [len(asked)]
    parts = tuple(
        Part(name, number, slice(start, end))
        for (name, number, start), end in zip(begun, ends, strict=True)
    )
    return Questions([to_word(word) for word in numbers], np.array(asked, np.int32), parts)


def read_pairs(source: Source) -> Pairs:
    """Read a file of pairs: lines ``word<TAB>word<TAB>score``.

    Further columns are ignored. Lines without a tab are split at spaces. One heading line may come
    first. Empty lines and those that start with ``#`` are ignored.

    source: a path, of a file that may be compressed, or a binary file object.

    Raises FormatError for an invalid line, with its number, and for a file without pairs.
    """
    numbers: dict[bytes, int] = {}
    asked: list[list[int]] = []
    scores: list[float] = []
    headings = 0
    for number, line in text_lines(source):
        if line.startswith(b"#"):
            continue
        pair = _pair(line)
        if pair is None:
            if asked or headings:
                raise FormatError(
                    f"{_name(source)}: line {number} is not two words and a score separated by tabs"
                )
            headings = 1
            continue
        first, second, score = pair
        asked.append([numbers.setdefault(word, len(numbers)) for word in (first, second)])
        scores.append(score)
    if not asked:
        raise FormatError(
            f"{_name(source)}: no pairs in it; a pair is a line with two words and a score"
        )
    words = [to_word(word) for word in numbers]
    return Pairs(words, np.array(asked, np.int32), np.array(scores, np.float64))


def _is_heading(fields: list[bytes]) -> bool:
    """A colon starts a heading, alone or with a name, except in a line of four words."""
    return fields[0] == b":" or (fields[0].startswith(b":") and len(fields) != 4)


def _pair(line: bytes) -> tuple[bytes, bytes, float] | None:
    """The words and the score of a line; None if it is invalid."""
    fields = line.split(b"\t") if b"\t" in line else line.split()
    try:
        pair = fields[0].strip(), fields[1].strip(), parse_number(fields[2])
    except (IndexError, ValueError):
        return None
    return pair if math.isfinite(pair[2]) else None


def text_lines(source: Source) -> Iterator[tuple[int, bytes]]:
    """Line numbers, from 1, and lines of a text, without empty ones."""
    number = 0
    try:
        for lines in lines_of(_chunks(source), _MAX_LINE_BYTES):
            if number == 0 and lines[0].startswith(_UTF16_MARKS):
                raise FormatError(f"{_name(source)}: text in UTF-16; save it as UTF-8")
            for line in lines:
                number += 1
                yield from _checked(source, number, line)
    except LongLineError as error:
        raise FormatError(
            f"{_name(source)}: line {error.number} is longer than {_MAX_LINE_BYTES:,} bytes; "
            "use a text file of questions"
        ) from error


def _checked(source: Source, number: int, line: bytes) -> Iterator[tuple[int, bytes]]:
    if b"\0" in line:
        raise FormatError(
            f"{_name(source)}: line {number} has a zero byte: not a text file; "
            "use a text file of questions in UTF-8"
        )
    if number == 1:
        line = line.removeprefix(_UTF8_MARK)
    if line.strip():
        yield number, line


def _chunks(source: Source) -> Iterator[bytes]:
    if not isinstance(source, (str, os.PathLike)):
        yield from iter(lambda: source.read(_CHUNK), b"")
        return
    with open_stream(os.fspath(source)) as stream:
        yield from stream.chunks()


def _name(source: Source) -> str:
    if isinstance(source, (str, os.PathLike)):
        return str(source)
    return str(getattr(source, "name", "questions"))
