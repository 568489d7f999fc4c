"""How many questions or pairs can be answered with a vocabulary, and why none can."""

import numpy as np

from fastw2v.evaluation.pairs import Pairs
from fastw2v.evaluation.questions import Questions
from fastw2v.evaluation.rules import Spellings, find_spellings, get_rule
from fastw2v.io.encoding import quoted
from fastw2v.matrix.arrays import Array
from fastw2v.vectors.sparse_vectors import AnyVectors

_NAMED = 2  # words that are looked for


def covered(words: list[str], asked: Questions | Pairs, rule: str = "c") -> int:
    """The number of questions, or of pairs, whose words are all among ``words``."""
    return int(are_known(find_spellings(words, asked.words, get_rule(rule)), asked).sum())


def are_known(spellings: Spellings, asked: Questions | Pairs) -> Array:
    """(n,) bool: whether all words of a question or pair have a row; of answers, one."""
    rows = spellings.first_row[spellings.of_word[asked.asked]]
    if isinstance(asked, Pairs):
        return np.asarray((rows >= 0).all(axis=1))
    answers = answer_spellings(spellings, asked)
    known = (spellings.first_row[answers] >= 0).any(axis=1)
    return np.asarray((rows[:, :3] >= 0).all(axis=1) & known)


def answer_spellings(spellings: Spellings, asked: Questions) -> Array:
    """(n, K) int64: the spellings of the right answers of each question; -1 for none."""
    answers = asked.answers()
    return np.asarray(np.where(answers >= 0, spellings.of_word[answers], -1))


def why_none(vectors: AnyVectors, asked: Questions | Pairs, rule: str = "c") -> str:
    """Why no question or pair is covered: two of its words, and the words most like them.

    vectors: those with which nothing was covered.
    """
    spellings = find_spellings(vectors.words, asked.words, get_rule(rule))
    rows = spellings.first_row[spellings.of_word]
    needed = np.unique(asked.asked).tolist()  # without further answers, in order
    unknown = [asked.words[word] for word in needed if rows[word] < 0]
    if not unknown:
        return "the vectors of their words have NaN or infinity"
    found = [_nearest(vectors, word) for word in unknown[:_NAMED]]
    more = len(unknown) - len(found)
    rest = f", and {more:,} more" if more else ""
    return f"not among the {len(vectors):,} words used: {', '.join(found)}{rest}"


def _nearest(vectors: AnyVectors, word: str) -> str:
    near = vectors.nearest_spellings(word, 1)
    return f"{quoted(word)} (nearest spelling: {quoted(near[0])})" if near else quoted(word)
