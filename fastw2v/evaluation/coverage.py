"""How many questions or pairs can be answered with a vocabulary."""

from fastw2v.evaluation.questions import Pairs, Questions
from fastw2v.evaluation.rules import find_spellings, get_rule


def covered(words: list[str], asked: Questions | Pairs, rule: str = "c") -> int:
    """The number of questions, or of pairs, whose words are all among ``words``."""
    spellings = find_spellings(words, asked.words, get_rule(rule))
    rows = spellings.first_row[spellings.of_word[asked.asked]]
    return int((rows >= 0).all(axis=1).sum())
