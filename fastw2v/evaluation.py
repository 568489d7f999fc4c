"""How good word vectors are: analogies, and the agreement with human scores of similarity."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.vectors import WordVectors

_BLOCK = 512  # questions answered together


@dataclass(frozen=True)
class Section:
    """Analogy questions of one kind."""

    name: str
    correct: int
    seen: int  # questions whose four words are all known
    total: int

    @property
    def skipped(self) -> int:
        """Questions with an unknown word."""
        return self.total - self.seen

    @property
    def syntactic(self) -> bool:
        """Google's sections on grammar are named ``gram1-...`` to ``gram9-...``."""
        return self.name.startswith("gram")

    @property
    def accuracy(self) -> float:
        """Share of the seen questions answered correctly, 0 to 1; NaN if none was seen."""
        return self.correct / self.seen if self.seen else math.nan


@dataclass(frozen=True)
class AnalogyResult:
    """The sections in the order of the file, and what they add up to."""

    sections: tuple[Section, ...]

    @property
    def total(self) -> Section:
        return _added("total", self.sections)

    @property
    def semantic(self) -> Section:
        return _added("semantic", [part for part in self.sections if not part.syntactic])

    @property
    def syntactic(self) -> Section:
        return _added("syntactic", [part for part in self.sections if part.syntactic])


@dataclass(frozen=True)
class SimilarityResult:
    """Correlations of cosines with human scores; NaN with fewer than two pairs or no spread."""

    spearman: float
    pearson: float
    covered: int  # pairs whose words are both known
    total: int


def analogies(vectors: WordVectors, path, limit: int | None = 30000) -> AnalogyResult:
    """Answer the analogy questions of a file: ``a b c d``, is d the nearest to b - a + c?

    By the rule of the C program's compute-accuracy: only the first ``limit`` rows (None or 0: all)
    are known and searched; words are compared with ASCII letters in upper case, and the first row
    that fits is the word; the rows of a, b and c cannot be the answer; the best cosine must be
    above 0. A question with an unknown word is skipped. A row with NaN or infinity is never the
    answer, and a question that asks for one is answered wrongly.

    path: text; lines ``: name`` start a section.

    Raises FormatError that names the line that is neither.
    """
    rows_of_fold, fold_of_row = _folds(vectors, limit or None)
    unit = vectors.unit_rows(len(fold_of_row))
    sections = []
    for name, questions in _read_questions(path):
        known = [[rows_of_fold.get(word, -1) for word in question] for question in questions]
        rows = np.array([row for row in known if min(row) >= 0], np.int64).reshape(-1, 4)
        sound = vectors.sound[rows].all(axis=1)
        correct = sum(
            _count_correct(unit, fold_of_row, rows[sound][start : start + _BLOCK])
            for start in range(0, int(sound.sum()), _BLOCK)
        )
        sections.append(Section(name, correct, len(rows), len(questions)))
    return AnalogyResult(tuple(sections))


def similarity(vectors: WordVectors, path, limit: int | None = None) -> SimilarityResult:
    """Correlate cosines with human scores over the pairs of a file.

    Words are compared with ASCII letters in upper case, and the first row that fits is the word.
    Pairs with a word that is unknown, or whose vector holds NaN or infinity, are not covered.

    path: text of lines ``word<TAB>word<TAB>score``; a heading line is passed over.
    limit: only the first so many rows are known; None or 0 for all.

    Raises FormatError that names the line that is no such line.
    """
    rows_of_fold, fold_of_row = _folds(vectors, limit or None)
    pairs = _read_pairs(path)
    covered = []
    for first, second, score in pairs:
        rows = rows_of_fold.get(first), rows_of_fold.get(second)
        if None not in rows and vectors.sound[list(rows)].all():
            covered.append((*rows, score))
    unit = vectors.unit_rows(len(fold_of_row)).astype(np.float64)
    firsts, seconds, scores = np.array(covered, np.float64).reshape(-1, 3).T
    cosines = (unit[firsts.astype(int)] * unit[seconds.astype(int)]).sum(axis=1)
    return SimilarityResult(
        spearman=_correlation(average_ranks(cosines), average_ranks(scores)),
        pearson=_correlation(cosines, scores),
        covered=len(covered),
        total=len(pairs),
    )


def average_ranks(values: np.ndarray) -> np.ndarray:
    """(n,) float64: ranks from 1 for the smallest; equal values share the mean of their ranks."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[which]


def _correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Pearson's; NaN where either has no spread."""
    if len(first) < 2:
        return math.nan
    first, second = first - first.mean(), second - second.mean()
    spread = math.sqrt((first @ first) * (second @ second))
    return float(first @ second) / spread if spread > 0 else math.nan


def _added(name: str, sections) -> Section:
    return Section(
        name,
        sum(section.correct for section in sections),
        sum(section.seen for section in sections),
        sum(section.total for section in sections),
    )


def _fold(word: bytes) -> bytes:
    return word.upper()  # of bytes: ASCII letters only


def _folds(vectors: WordVectors, limit: int | None) -> tuple[dict[bytes, int], np.ndarray]:
    """Upper-cased word -> its first row; and for each row the first row of its spelling."""
    first_row: dict[bytes, int] = {}
    fold_of_row = [
        first_row.setdefault(_fold(word.encode("utf-8", "surrogateescape")), row)
        for row, word in enumerate(vectors.words[:limit])
    ]
    return first_row, np.array(fold_of_row, np.int64)


def _count_correct(unit: np.ndarray, fold_of_row: np.ndarray, rows: np.ndarray) -> int:
    """unit: (V, D) float32; fold_of_row: (V,); rows: (n, 4) of questions a, b, c and answer d."""
    a, b, c, answer = rows.T
    scores = (unit[b] - unit[a] + unit[c]) @ unit.T  # (n, V)
    questions = np.arange(len(rows))
    scores[questions[:, None], rows[:, :3]] = -np.inf
    best = scores.argmax(axis=1)  # of equals the lowest row, as in the C program
    right = (fold_of_row[best] == answer) & (scores[questions, best] > 0)
    return int(right.sum())


def _read_questions(path) -> list[tuple[str, list[list[bytes]]]]:
    """Sections in order: name, and questions of four upper-cased words."""
    sections: list[tuple[str, list[list[bytes]]]] = []
    for number, line in _lines(path):
        fields = line.split()
        if fields[0].startswith(b":"):
            name = line.strip()[1:].strip().decode("utf-8", "replace")
            sections.append((name, []))
        elif len(fields) == 4:
            if not sections:
                sections.append(("", []))
            sections[-1][1].append([_fold(word) for word in fields])
        else:
            raise FormatError(
                f"{path}: line {number} has {len(fields)} words; an analogy has four, "
                "and a section starts with ': name'"
            )
    return sections


def _read_pairs(path) -> list[tuple[bytes, bytes, float]]:
    pairs = []
    for number, line in _lines(path):
        fields = line.split(b"\t") if b"\t" in line else line.split()
        try:
            first, second, score = fields[0], fields[1], float(fields[2])
        except (IndexError, ValueError):
            if number == 1:  # a heading
                continue
            raise FormatError(
                f"{path}: line {number} is not word, word, score with tabs between"
            ) from None
        pairs.append((_fold(first.strip()), _fold(second.strip()), score))
    return pairs


def _lines(path) -> Iterator[tuple[int, bytes]]:
    """Line numbers and lines of a file, without those that are empty."""
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: cannot be read: {error.strerror or error}") from error
    for number, line in enumerate(content.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            yield number, line
