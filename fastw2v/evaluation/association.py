"""Bias in word vectors: word embedding association tests (WEAT).

Caliskan, Bryson, Narayanan 2017, "Semantics derived automatically from language corpora contain
human-like biases", section "Word Embedding Association Test" of the supplement.
"""

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from fastw2v.errors import FormatError, SettingsError, parameter
from fastw2v.evaluation.rules import USUAL, find_spellings, get_rule, known_rows
from fastw2v.evaluation.text import Source, is_comment, lines, name_of
from fastw2v.io.encoding import quoted, to_word
from fastw2v.matrix.arrays import Array
from fastw2v.matrix.norms import to_unit
from fastw2v.vectors.sparse_vectors import AnyVectors

MOST_EXACT = 200_000  # partitions that are all tried: sets of up to 10 words
SAMPLES = 100_000
_AT_ONCE = 1 << 18  # numbers of a block of partitions
_ROUNDING = 1e-12  # relative: sums of the same numbers in another order are equal
_SETS = ("targets X", "targets Y", "attributes A", "attributes B")
_SEPARATORS = (b",", b";", b"\t")


class WordSet(NamedTuple):
    """Words for one concept.

    >>> fastw2v.evaluation.WordSet("women", ("she", "her")).name
    'women'
    """

    name: str
    words: tuple[str, ...]


class AssociationTest(NamedTuple):
    """Two sets of target words, and two sets of attribute words.

    >>> (test,) = fastw2v.evaluation.read_associations("weat.txt")
    >>> test.x.words, test.y.words
    (('king',), ('queen',))
    """

    x: WordSet
    y: WordSet
    a: WordSet
    b: WordSet


@dataclass(frozen=True)
class AssociationResult:
    """The result of an association test.

    effect_size: difference of the mean associations of X and Y, in standard deviations; NaN
        without words, or if all associations are equal.
    p_value: one-sided; NaN if X or Y has no words.
    partitions: of the target words, that were tried; exact: all of them, else a random sample.
    used: words with a vector; missing: those without.

        >>> (result,) = fastw2v.evaluation.associations(vectors, "weat.txt")
        >>> result.name, result.used, result.missing
        ('kings, queens / men, women', 4, ())
    """

    test: AssociationTest
    effect_size: float
    p_value: float
    partitions: int
    exact: bool
    used: int
    missing: tuple[str, ...]

    @property
    def name(self) -> str:
        """The names of the four sets."""
        x, y, a, b = (each.name for each in self.test)
        return f"{x}, {y} / {a}, {b}"


def read_associations(source: Source) -> list[AssociationTest]:
    """Read a file of association tests: four sections for each, of targets X, Y, attributes A, B.

    A section starts with ``: name``. Its lines have words, separated by commas, semicolons or tabs,
    else by spaces. Empty lines and those that start with ``#`` are ignored.

    source: a path, of a file that may be compressed, or a binary file object.

    Raises FormatError, with the line, for other sections than four for each test, empty ones, and
    a word that is a target in both sets.

    >>> import io
    >>> file = io.BytesIO(b": men\\nhe\\n: women\\nshe\\n: work\\noffice\\n: home\\nkitchen\\n")
    >>> read_associations(file)[0].y
    WordSet(name='women', words=('she',))
    """
    begun: list[tuple[int, str, dict[bytes, None]]] = []  # line, name, words
    for number, line in lines(source):
        if is_comment(line.split(), ()):
            continue
        if line.lstrip().startswith(b":"):
            begun.append((number, to_word(line.strip()[1:].strip()), {}))
        elif begun:
            begun[-1][2].update(dict.fromkeys(_words(line)))
        else:
            raise FormatError(
                f"{name_of(source)}: line {number} is before any section; start one with ': name'"
            )
    for number, name, words in begun:
        if not words:
            raise FormatError(
                f"{name_of(source)}: line {number}: no words follow {quoted(name)}; give one word "
                "at least"
            )
    if not begun or len(begun) % len(_SETS):
        raise FormatError(
            f"{name_of(source)}: {len(begun)} sections; an association test needs four that start "
            f"with ': name': {', '.join(_SETS)}"
        )
    sets = [WordSet(name, tuple(map(to_word, words))) for _, name, words in begun]
    tests = [AssociationTest(*sets[start : start + 4]) for start in range(0, len(sets), 4)]
    for place, test in enumerate(tests):
        both = set(test.x.words) & set(test.y.words)
        if both:
            raise FormatError(
                f"{name_of(source)}: line {begun[4 * place + 1][0]}: {quoted(min(both))} is in "
                "both sets of targets; remove it from one"
            )
    return tests


def associations(
    vectors: AnyVectors,
    tests: Sequence[AssociationTest] | Source,
    limit: int | str | None = USUAL,
    rule: str = "c",
    *,
    seed: int = 1,
    samples: int = SAMPLES,
) -> list[AssociationResult]:
    """Word embedding association tests: are X closer to A, and Y to B, than chance explains?

    The association of a word is its mean cosine to A minus that to B. The effect size is the mean
    association of X minus that of Y, divided by the sample standard deviation over both. The
    p-value is the part of all partitions of the targets into sets of these sizes of which X has a
    greater sum: of all, if there are at most 200,000, else estimated from ``samples`` random ones,
    the given one included.

    tests: a path, or the result of `read_associations`.
    limit: use only the first ``limit`` rows; 0 or None for all. "usual" is all, with rule "gensim"
        300,000.
    rule: how words are compared if not spelled as in the vocabulary: "c" or "gensim", as in
        `fastw2v.evaluation.analogies`.
    seed: of the random partitions.

    Words without a vector, or one with NaN or infinity, are left out. Raises FormatError for an
    invalid file, SettingsError for a limit, a seed or a rule out of range.

        >>> (result,) = fastw2v.evaluation.associations(vectors, "weat.txt")
        >>> round(result.effect_size, 3), result.p_value
        (1.414, 0.0)
    """
    counting = get_rule(rule)
    rows = known_rows(len(vectors), limit, counting.pair_limit)
    for name, value, least in (("seed", seed, 0), ("samples", samples, 1)):
        if value < least:
            raise SettingsError(f"{parameter(name)} is {value}; it must be at least {least}")
    if not isinstance(tests, Sequence) or isinstance(tests, str):
        tests = read_associations(tests)
    asked = list({word: None for test in tests for each in test for word in each.words})
    units = _unit_vectors(vectors, rows, asked, rule)
    return [_result(test, units, seed, samples) for test in tests]


def _words(line: bytes) -> list[bytes]:
    """The words of a line; they may have spaces if something else separates them."""
    for separator in _SEPARATORS:
        line = line.replace(separator, b"\n")
    fields = line.split(b"\n") if b"\n" in line.strip() else line.split()
    return [field.strip() for field in fields if field.strip()]


def _unit_vectors(vectors: AnyVectors, rows: int, asked: list[str], rule: str) -> dict[str, Array]:
    """(D,) float64 for each word with a finite vector among the first ``rows``."""
    spellings = find_spellings(vectors.words[:rows], asked, get_rule(rule))
    found: dict[str, Array] = {}
    for word, spelling in zip(asked, spellings.of_word.tolist(), strict=True):
        own = vectors.index.get(word, rows)
        row = own if own < rows else int(spellings.first_row[spelling])
        if row >= 0:
            vector = vectors.matrix[row]
            if np.isfinite(vector).all():
                found[word] = to_unit(vector[None], np.float64)[0]
    return found


def _result(
    test: AssociationTest, units: dict[str, Array], seed: int, samples: int
) -> AssociationResult:
    x, y, a, b = ([units[word] for word in each.words if word in units] for each in test)
    asked = dict.fromkeys(word for each in test for word in each.words)
    missing = tuple(word for word in asked if word not in units)
    effect, p_value, partitions, exact = math.nan, math.nan, 0, True
    if x and y and a and b:
        # (n,) the associations of X, then of Y
        values = np.array([*x, *y]) @ (np.mean(a, axis=0) - np.mean(b, axis=0))
        effect = _effect_size(values, len(x))
        p_value, partitions, exact = _p_value(values, len(x), seed, samples)
    used = len(asked) - len(missing)
    return AssociationResult(test, effect, p_value, partitions, exact, used, missing)


def _effect_size(values: Array, count: int) -> float:
    """values: (n,) float64, the first ``count`` of X."""
    deviation = float(values.std(ddof=1))
    if deviation <= _ROUNDING * float(abs(values).max()):
        return math.nan
    return float(values[:count].mean() - values[count:].mean()) / deviation


def _p_value(values: Array, count: int, seed: int, samples: int) -> tuple[float, int, bool]:
    """The p-value, the number of partitions tried, and whether these are all.

    The statistic of a partition grows with the sum of its X: only that is compared.
    """
    number = math.comb(len(values), count)
    exact = number <= MOST_EXACT
    least = float(values[:count].sum()) + _ROUNDING * float(abs(values).sum())
    chosen = (
        _all_partitions(len(values), count)
        if exact
        else _random_partitions(len(values), count, seed, samples)
    )
    greater = sum(int((values[each].sum(axis=1) > least).sum()) for each in chosen)
    if exact:
        return greater / number, number, True
    # The given partition is one of those that chance may draw (Phipson, Smyth 2010,
    # "Permutation p-values should never be zero", section 4).
    return (greater + 1) / (samples + 1), samples, False


def _all_partitions(size: int, count: int) -> Iterator[Array]:
    """(n, count) int64, block by block: all choices of ``count`` of ``size``."""
    choices = itertools.combinations(range(size), count)
    step = max(1, _AT_ONCE // count)
    while block := list(itertools.islice(choices, step)):
        yield np.array(block, np.int64)


def _random_partitions(size: int, count: int, seed: int, samples: int) -> Iterator[Array]:
    """As `_all_partitions`, ``samples`` random ones."""
    rng = np.random.default_rng(seed)
    step = max(1, _AT_ONCE // size)
    for start in range(0, samples, step):
        keys = rng.random((min(step, samples - start), size))
        yield np.argpartition(keys, count - 1, axis=1)[:, :count]
