"""Where programs that score word vectors differ: the two rules of counting that are known.

``c``: the C program's compute-accuracy.
``gensim``: gensim 4, `KeyedVectors.evaluate_word_analogies` and `evaluate_word_pairs`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.errors import SettingsError
from fastw2v.io.encoding import to_bytes

USUAL = "usual"  # a limit: what a rule's own program takes, or is mostly given
_ASCII_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}
_C_BYTES = 50  # that the C program sets aside for a word, its end mark included
_C_SEMANTIC = 5  # so many sections are semantic


@dataclass(frozen=True)
class Rule:
    """One way of counting, that of the program ``name``.

    spelling: function from a word to what is compared of it; None for one that is never found.
    limit, pair_limit: the rows that are usually known, by analogies and by pairs; 0: all.
    excludes_variants: no row that is spelled like a, b or c can be the answer; else only the
        three rows cannot that were asked with.
    requires_positive: an answer needs a score above 0.
    is_syntactic: function from name and number of a section to whether it asks for grammar.
    """

    name: str
    spelling: Callable[[str], str | None]
    limit: int
    pair_limit: int
    excludes_variants: bool
    requires_positive: bool
    is_syntactic: Callable[[str, int], bool]


def _c_spelling(word: str) -> str | None:
    # Longer words run on into the next one in the C program's table: no question fits them.
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
        raise SettingsError(f"no rule {name!r}; the rules are: {', '.join(RULES)}")
    return RULES[name]


def known_rows(rows: int, limit: int | str | None, usual: int) -> int:
    """How many of ``rows`` are known. limit: 0 or None for all, `USUAL` for ``usual``."""
    wanted = usual if limit == USUAL else limit or 0
    if wanted < 0:
        raise SettingsError(f"limit is {wanted}; it must be at least 1, or 0 for all words")
    return min(rows, wanted or rows)


class Spellings(NamedTuple):
    """Which rows the words of N questions fit, under a rule; S spellings are asked for.

    of_word: (N,) int64, the number of each word's spelling; -1 for one that is never found.
    of_row: (V,) int32, the number of each row's spelling; -1 where nobody asks for it.
    first_row: (S + 1,) int64, the first row of each spelling, -1 where there is none; the last
        entry stands for spelling -1.
    """

    of_word: np.ndarray
    of_row: np.ndarray
    first_row: np.ndarray


def find_spellings(known: list[str], asked: list[str], rule: Rule) -> Spellings:
    """known: the words of V rows. asked: N words."""
    numbers: dict[str, int] = {}
    wanted = [rule.spelling(word) for word in asked]
    of_word = [
        -1 if spelling is None else numbers.setdefault(spelling, len(numbers))
        for spelling in wanted
    ]
    of_row = np.array([numbers.get(rule.spelling(word), -1) for word in known], np.int32)
    found, first = np.unique(of_row, return_index=True)
    first_row = np.full(len(numbers) + 1, -1)
    first_row[found] = first
    first_row[-1] = -1  # rows that nobody asks for have no spelling
    return Spellings(np.array(of_word, np.int64), of_row, first_row)
