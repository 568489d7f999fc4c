"""Analogies: a is to b as c is to d, if d is nearest to b - a + c."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.evaluation.coverage import answer_spellings, are_known
from fastw2v.evaluation.questions import Questions, read_questions
from fastw2v.evaluation.rules import (
    USUAL,
    Rule,
    Spellings,
    find_spellings,
    get_rule,
    known_rows,
)
from fastw2v.evaluation.search import Excluded, margin, nearest
from fastw2v.evaluation.text import Source
from fastw2v.evaluation.ties import Known, Ties, resolve_as_c, resolve_as_gensim
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import blocks, row_norms
from fastw2v.vectors.sparse_vectors import AnyRows, AnyVectors, SparseRows

_RESOLVE_TIES = {"c": resolve_as_c, "gensim": resolve_as_gensim}
_MANY_VARIANTS = 5  # rows spelled like a, b or c: they may fill the list that gensim checks


@dataclass(frozen=True)
class Section:
    """Analogy questions of one kind.

    >>> (section,) = fastw2v.evaluation.analogies(vectors, "questions.txt").sections
    >>> section.name, section.accuracy
    ('family', 1.0)
    """

    name: str
    correct: int
    seen: int  # questions whose four words are known
    total: int
    syntactic: bool | None = None  # None: mixed

    @property
    def skipped(self) -> int:
        """Questions with an unknown word."""
        return self.total - self.seen

    @property
    def accuracy(self) -> float:
        """Fraction of the seen questions answered correctly, 0 to 1; NaN if none was seen."""
        return self.correct / self.seen if self.seen else math.nan


@dataclass(frozen=True)
class AnalogyResult:
    """The sections in the order of the file, and their totals.

    >>> result = fastw2v.evaluation.analogies(vectors, "questions.txt")
    >>> [section.name for section in result.sections]
    ['family']
    """

    sections: tuple[Section, ...]

    @property
    def total(self) -> Section:
        return _added("total", self.sections, None)

    @property
    def semantic(self) -> Section:
        return _added("semantic", [part for part in self.sections if not part.syntactic], False)

    @property
    def syntactic(self) -> Section:
        return _added("syntactic", [part for part in self.sections if part.syntactic], True)


class Judged(NamedTuple):
    """Results, and for each of n questions whether it was seen and whether answered correctly."""

    result: AnalogyResult
    seen: Array  # (n,) bool
    right: Array  # (n,) bool


def analogies(
    vectors: AnyVectors,
    questions: Questions | Source,
    limit: int | str | None = USUAL,
    rule: str = "c",
) -> AnalogyResult:
    """Answer analogy questions ``a b c d``: is d nearest to b - a + c, of unit vectors?

    questions: a path, or the result of `read_questions`, to read them only once. Any of several
        answers is right.
    limit: use only the first ``limit`` rows; 0 or None for all. "usual" is 30,000, with rule
        "gensim" 300,000.
    rule: "c" counts as the C program's compute-accuracy does. Words are compared with ASCII letters
        in upper case, those of 50 bytes or more are unknown; the rows of a, b and c cannot be the
        answer; the best score must be above 0; the first five sections are semantic.
        "gensim" counts as gensim 4 does: with all letters in upper case; a row spelled like a, b
        or c is skipped; the sections named ``gram...`` are syntactic.

    With both rules, a word is the first row of its spelling, any row of the spelling of d is a
    correct answer, and a question with an unknown word is skipped. A zero vector, or one with NaN
    or infinity, is never the answer, and a question about one counts as answered wrongly.

    Needs less than 200 MB of memory besides the vectors, for up to 1,000 dimensions, and about as
    much for `fastw2v.vectors.sparse_vectors.SparseVectors`; among these ties go to the lower row.

    Raises FormatError for a file without questions, SettingsError for a limit below 0 or an
    unknown rule.

        >>> result = fastw2v.evaluation.analogies(vectors, "questions.txt")
        >>> result.total.accuracy, result.total.correct
        (1.0, 2)
    """
    return judge(vectors, questions, limit, get_rule(rule)).result


def judge(
    vectors: AnyVectors, questions: Questions | Source, limit: int | str | None, counting: Rule
) -> Judged:
    """As `analogies`, with what became of each question."""
    rows = known_rows(len(vectors), limit, counting.limit)
    if not isinstance(questions, Questions):
        questions = read_questions(questions)
    spellings = find_spellings(vectors.words[:rows], questions.words, counting)
    spelled = spellings.of_word[questions.asked]  # (n, 4)
    asked = spellings.first_row[spelled]
    seen = are_known(spellings, questions)
    answerable = seen.copy()
    answerable[seen] = _have_directions(vectors.matrix, asked[seen, :3])
    known = Known(vectors.matrix, rows, spellings.of_row)
    answers = _answers(known, spellings, asked[answerable, :3], spelled[answerable, :3], counting)
    right = np.zeros(len(asked), bool)
    correct = answer_spellings(spellings, questions)[answerable]
    right[answerable] = ((correct == answers[:, None]) & (correct >= 0)).any(axis=1)
    sections = [
        Section(
            name,
            correct=int(right[where].sum()),
            seen=int(seen[where].sum()),
            total=where.stop - where.start,
            syntactic=counting.is_syntactic(name, number) if syntactic is None else syntactic,
        )
        for name, number, where, syntactic in questions.parts
    ]
    return Judged(AnalogyResult(tuple(sections)), seen, right)


def _added(name: str, sections: Iterable[Section], syntactic: bool | None) -> Section:
    return Section(
        name,
        sum(section.correct for section in sections),
        sum(section.seen for section in sections),
        sum(section.total for section in sections),
        syntactic,
    )


def _have_directions(matrix: AnyRows, asked: Array) -> Array:
    """(n,) bool: whether all rows of a question have a norm above 0. asked: (n, 3)."""
    rows, which = np.unique(asked, return_inverse=True)
    have = np.empty(len(rows), bool)
    for start, stop in blocks(len(rows), matrix.shape[1]):
        have[start:stop] = row_norms(matrix[rows[start:stop]]) > 0
    return np.asarray(have[which].reshape(asked.shape).all(axis=1))


def _answers(
    known: Known, spellings: Spellings, asked: Array, spelled: Array, counting: Rule
) -> Array:
    """(n,) int64: the spellings of the answers; -1 for a spelling not in the questions.

    asked, spelled: (n, 3) rows of a, b and c, and numbers of their spellings.
    """
    excluded = _excluded(spellings, spelled, counting)
    found = nearest(known.matrix, known.rows, asked, excluded)
    answers = np.where(found.row >= 0, known.spellings[found.row], -1)
    near = margin(known.matrix.shape[1])
    close = found.second >= found.score - near
    if counting.requires_positive:
        answers[found.score <= 0] = -1
        close |= abs(found.score) <= near
    if counting.excludes_variants:
        close |= np.diff(excluded.starts) >= 3 + _MANY_VARIANTS
    # No other program evaluates sparse rows: there is no arithmetic to agree with.
    if close.any() and not isinstance(known.matrix, SparseRows):
        ties = Ties(asked[close], spelled[close], found.score[close] - np.float32(near))
        answers[close] = _RESOLVE_TIES[counting.name](known, ties)
    return answers


def _excluded(spellings: Spellings, spelled: Array, counting: Rule) -> Excluded:
    """The rows excluded for each question. spelled: (n, 3)."""
    rows = spellings.first_row[:-1]
    rows = rows[rows >= 0]
    if counting.excludes_variants:
        rows = np.flatnonzero(spellings.of_row >= 0)
    owners = spellings.of_row[rows]
    rows = rows[np.argsort(owners, kind="stable")]  # grouped by spelling
    sizes = np.bincount(owners, minlength=len(spellings.first_row))
    starts = np.cumsum(sizes) - sizes
    taken = sizes[spelled].ravel()
    ends = np.cumsum(taken)
    places = np.arange(taken.sum()) - np.repeat(ends - taken, taken)
    questions = np.repeat(np.repeat(np.arange(len(spelled)), 3), taken)
    return Excluded(
        starts=np.append(0, ends.reshape(-1, 3)[:, -1]),
        questions=questions,
        rows=rows[np.repeat(starts[spelled].ravel(), taken) + places],
    )
