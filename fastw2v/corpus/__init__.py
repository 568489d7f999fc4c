"""Corpus: files -> bytes -> words -> ids, in one pass over the text.

`fastw2v.corpus.blocks` documents how text is split into words.
"""

from fastw2v.corpus.reading import Corpus, Limits, count_words, read_corpus
from fastw2v.corpus.sentences import read_sentences
from fastw2v.corpus.sources import check_sources, declare_corpus
from fastw2v.submodules import lazy

__all__ = [
    "Corpus",
    "Limits",
    "check_sources",
    "count_words",
    "declare_corpus",
    "read_corpus",
    "read_sentences",
]

__getattr__, __dir__ = lazy(__name__)
