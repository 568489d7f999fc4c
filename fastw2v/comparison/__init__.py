"""Comparison of the models of words on one text: counts, language models, word2vec."""

from fastw2v.comparison.comparing import Comparison, compare
from fastw2v.comparison.settings import ComparisonSettings
from fastw2v.submodules import lazy

__all__ = ["Comparison", "ComparisonSettings", "compare"]

__getattr__, __dir__ = lazy(__name__)
