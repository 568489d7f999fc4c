"""`evaluate_word_analogies` and `evaluate_word_pairs` of gensim's ``KeyedVectors``.

They count by the rule "gensim" of `fastw2v.evaluation.rules`, with gensim's arguments and results.
"""

import dataclasses
import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.evaluation.answers import judge
from fastw2v.evaluation.correlation import cosines_of, finite_pairs
from fastw2v.evaluation.questions import read_questions
from fastw2v.evaluation.rules import RULES, Rule, find_spellings, known_rows
from fastw2v.evaluation.text import Source, lines, name_of
from fastw2v.matrix.arrays import Array
from fastw2v.vectors.movers_distance import check_available
from fastw2v.vectors.word_vectors import WordVectors

Section = dict[str, Any]


def evaluate_word_analogies(
    vectors: WordVectors,
    analogies: Source,
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> tuple[float, list[Section]]:
    """The fraction of analogies answered correctly, 0 if none was, and what was answered how.

    analogies: a path or binary file, as for `fastw2v.evaluation.read_questions`.
    restrict_vocab: use only so many first words; None for all.
    case_insensitive: compare words in upper case.
    dummy4unknown: questions with unknown words count as answered wrongly; otherwise not at all.

    Returns a section for each of the file and one for all, with ``section``, its name, and lists of
    questions, ``correct`` and ``incorrect``, as tuples of four words as compared.

        score, sections = evaluate_word_analogies(vectors, "questions-words.txt")
    """
    counting = _rule(case_insensitive)
    questions = read_questions(analogies)
    _, seen, right = judge(vectors, questions, restrict_vocab, counting)
    words = [counting.spelling(word) for word in questions.words]
    asked = [tuple(words[number] for number in each) for each in questions.asked[:, :4].tolist()]
    sections = []
    for part in questions.parts:
        where = part.where
        answered = zip(asked[where], seen[where].tolist(), right[where].tolist(), strict=True)
        section: Section = {"section": part.name, "correct": [], "incorrect": []}
        for question, known, correct in answered:
            if known or dummy4unknown:
                section["correct" if correct else "incorrect"].append(question)
        sections.append(section)
    total: Section = {"section": "Total accuracy"}
    for kind in ("correct", "incorrect"):
        total[kind] = [question for section in sections for question in section[kind]]
    counted = len(total["correct"]) + len(total["incorrect"])
    return (len(total["correct"]) / counted if counted else 0.0), [*sections, total]


def evaluate_word_pairs(
    vectors: WordVectors,
    pairs: Source,
    delimiter: str = "\t",
    encoding: str = "utf8",
    restrict_vocab: int | None = 300_000,
    case_insensitive: bool = True,
    dummy4unknown: bool = False,
) -> tuple[Any, Any, float]:
    """Pearson's and Spearman's correlation of cosines with human scores, and unknown pairs.

    pairs: a path or binary file of lines ``word, word, score`` with ``delimiter`` between. Others
        are ignored, and those that start with ``#``.
    restrict_vocab, case_insensitive: as of `evaluate_word_analogies`.
    dummy4unknown: pairs with unknown words have cosine 0; otherwise they are left out.

    Returns SciPy's two results, each of a correlation and its two-sided p-value, and the percentage
    of pairs with unknown words. Raises FormatError if there is no pair to compare, SettingsError if
    SciPy is missing.

        pearson, spearman, unknown = evaluate_word_pairs(vectors, "wordsim353.tsv")
    """
    check_available("evaluate_word_pairs")
    from scipy import stats

    counting = _rule(case_insensitive)
    rows = known_rows(len(vectors), restrict_vocab, counting.limit)
    judged_pairs = list(_pairs(pairs, delimiter, encoding))
    spellings = find_spellings(
        vectors.words[:rows], [word for *both, _ in judged_pairs for word in both], counting
    )
    asked = spellings.first_row[spellings.of_word.reshape(-1, 2)]
    known: Array = np.asarray((asked >= 0).all(axis=1))
    known[known] = finite_pairs(vectors.matrix, asked[known])
    cosines = np.zeros(len(asked))
    cosines[known] = cosines_of(vectors.matrix, asked[known])
    scores = np.array([score for *_, score in judged_pairs])
    if not dummy4unknown:
        cosines, scores = cosines[known], scores[known]
    if len(scores) < 2:
        raise FormatError(
            f"{name_of(pairs)}: {len(scores)} of {len(asked)} pairs can be compared; use a file of "
            f"lines of two known words and a score, separated by {delimiter!r}"
        )
    unknown = 100 * float((~known).sum()) / len(asked)
    return stats.pearsonr(scores, cosines), stats.spearmanr(scores, cosines), unknown


def _rule(case_insensitive: bool) -> Rule:
    rule = RULES["gensim"]
    return rule if case_insensitive else dataclasses.replace(rule, spelling=str)


def _pairs(source: Source, delimiter: str, encoding: str) -> Iterator[tuple[str, str, float]]:
    """The valid lines, by gensim's rules: three fields, of which the last is a number."""
    for _, line in lines(source):
        try:
            fields = line.decode(encoding).rstrip("\r").split(delimiter)
        except UnicodeDecodeError as error:
            raise FormatError(
                f"{name_of(source)}: not {encoding} ({error.reason}); use another "
                f"{parameter('encoding')}"
            ) from None
        except (LookupError, ValueError, TypeError) as error:
            raise SettingsError(
                f"{parameter('encoding')} is {encoding!r}, {parameter('delimiter')} {delimiter!r}: "
                f"{error}"
            ) from None
        if len(fields) == 3 and not fields[0].startswith("#"):
            score = _number(fields[2])
            if score is not None:
                yield fields[0], fields[1], score


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
