"""Methods of `WordVectors` whose work is done in later rooms: evaluation, maps.

Imports go from later rooms to earlier ones only. So this room holds an empty table of the functions
it needs, and ``fastw2v/__init__.py``, which is above all rooms and always runs first, says where
they are. They are imported when they are first called.
"""

import importlib
from typing import Any

HOMES: dict[str, str] = {}
"""The module of each function, by the name of the method; filled by ``fastw2v/__init__.py``."""


def _call(name: str, *arguments: Any, **named: Any) -> Any:
    return getattr(importlib.import_module(HOMES[name]), name)(*arguments, **named)


class MethodsFromAbove:
    """Evaluation by gensim's names, and what notebooks show."""

    def evaluate_word_analogies(
        self,
        analogies: Any,
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
        similarity_function: str = "most_similar",
    ) -> "tuple[float, list[dict[str, Any]]]":
        """The accuracy, and for each section the questions answered correctly and wrongly.

        As `fastw2v.evaluation.gensim_methods.evaluate_word_analogies`.

            score, sections = vectors.evaluate_word_analogies("questions-words.txt")
        """
        counted: tuple[float, list[dict[str, Any]]] = _call(
            "evaluate_word_analogies",
            self,
            analogies,
            restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )
        return counted

    def evaluate_word_pairs(
        self,
        pairs: Any,
        delimiter: str = "\t",
        encoding: str = "utf8",
        restrict_vocab: int | None = 300_000,
        case_insensitive: bool = True,
        dummy4unknown: bool = False,
    ) -> "tuple[Any, Any, float]":
        """Pearson's and Spearman's correlation with human scores, and the share of unknown pairs.

        As `fastw2v.evaluation.gensim_methods.evaluate_word_pairs`; needs SciPy.

            pearson, spearman, unknown = vectors.evaluate_word_pairs("wordsim353.tsv")
        """
        correlated: tuple[Any, Any, float] = _call(
            "evaluate_word_pairs",
            self,
            pairs,
            delimiter,
            encoding,
            restrict_vocab,
            case_insensitive=case_insensitive,
            dummy4unknown=dummy4unknown,
        )
        return correlated

    def _repr_html_(self) -> str:
        """A map of the most frequent words, for notebooks."""
        html: str = _call("notebook_html", self)
        return html
