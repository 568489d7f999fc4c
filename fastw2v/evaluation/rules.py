"""The two supported ways to count, in which evaluation programs differ.

``c``: the C program's compute-accuracy.
``gensim``: gensim 4, `KeyedVectors.evaluate_word_analogies` and `evaluate_word_pairs`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.io.encoding import to_bytes
from fastw2v.matrix.arrays import Array

USUAL = "usual"  # the default or customary limit of the rule's program
_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_C_BYTES = 50  # buffer of the C program for a word, including the final NUL
_C_SEMANTIC = 5  # number of semantic sections


@dataclass(frozen=True)
class Rule:
    """One way to count, that of the program ``name``.

    spelling: function from a word to the string that is compared; None for a word that is never
        found.
    limit, pair_limit: usual limit of rows for analogies and for pairs; 0: all.
    excludes_variants: no row with the spelling of a, b or c can be the answer; otherwise only the
        rows of a, b and c are excluded.
    requires_positive: the score of the answer must be above 0.
    is_syntactic: function from name and number of a section to whether it is syntactic.
    """

    name: str
    spelling: Callable[[str], str | None]
    limit: int
    pair_limit: int
    excludes_variants: bool
    requires_positive: bool
    is_syntactic: Callable[[str, int], bool]


def _c_spelling(word: str) -> str | None:
    # Longer words overlap the next one in the C program's table and match no question.
    if 4 * len(word) >= _C_BYTES and len(to_bytes(word)) >= _C_BYTES:
        return None
    return word.upper() if word.isascii() else word.translate(_ASCII_UPPER)


_RULES = (
    Rule(
        name="c",
        spelling=_c_spelling,
        limit=30_000,
        pair_limit=0,
        excludes_variants=False,
        requires_positive=True,
        is_syntactic=lambda name, number: number > _C_SEMANTIC,
    ),
    Rule(
        name="gensim",
        spelling=str.upper,
        limit=300_000,
        pair_limit=300_000,
        excludes_variants=True,
        requires_positive=False,
        is_syntactic=lambda name, number: name.startswith("gram"),
    ),
)
RULES = {rule.name: rule for rule in _RULES}


def get_rule(name: str) -> Rule:
    """The rule of that name. Raises SettingsError."""
    if name not in RULES:
        raise SettingsError(
            f"{parameter('rule')} is {name!r}; it must be one of: {', '.join(RULES)}"
        )
    return RULES[name]


def known_rows(rows: int, limit: int | str | None, usual: int) -> int:
    """The number of ``rows`` to use. limit: 0 or None for all, `USUAL` for ``usual``."""
    if isinstance(limit, str):
        if limit != USUAL:
            raise SettingsError(
                f"{parameter('limit')} is {limit!r}; it must be a number or {USUAL!r}"
            )
        wanted = usual
    else:
        wanted = limit or 0
    if wanted < 0:
        raise SettingsError(
            f"{parameter('limit')} is {wanted}; it must be at least 1, or 0 for all words"
        )
    return min(rows, wanted or rows)


class Spellings(NamedTuple):
    """Spellings of N words of questions and V rows under a rule; S distinct ones in the questions.

    of_word: (N,) int64, the spelling of each word; -1 for one that is never found.
    of_row: (V,) int32, the spelling of each row; -1 if it is not in the questions.
    first_row: (S + 1,) int64, the first row of each spelling, -1 if there is none; the last
        entry belongs to spelling -1.
    """

    of_word: Array
    of_row: Array
    first_row: Array


def find_spellings(known: list[str], asked: list[str], rule: Rule) -> Spellings:
    """known: the words of V rows. asked: N words."""
    numbers: dict[str | None, int] = {}
    wanted = [rule.spelling(word) for word in asked]
    of_word = [
        -1 if spelling is None else numbers.setdefault(spelling, len(numbers))
        for spelling in wanted
    ]
    of_row = np.array(
        [numbers.get(each, -1) if each else -1 for each in map(rule.spelling, known)], np.int32
    )
    found, first = np.unique(of_row, return_index=True)
    first_row = np.full(len(numbers) + 1, -1)
    first_row[found] = first
    first_row[-1] = -1  # spelling -1 has no row
    return Spellings(np.array(of_word, np.int64), of_row, first_row)
