"""Comparison of the models of words on one text: counts, language models, word2vec; start reading at
`fastw2v.comparison.comparing`."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
