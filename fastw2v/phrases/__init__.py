"""Phrases: frequent word pairs joined by ``_``; see `fastw2v.phrases.word2phrase`."""

from fastw2v.phrases.settings import DEFAULT_THRESHOLDS, PhraseSettings
from fastw2v.phrases.word2phrase import write_phrases
from fastw2v.submodules import lazy

__all__ = ["DEFAULT_THRESHOLDS", "PhraseSettings", "write_phrases"]

__getattr__, __dir__ = lazy(__name__)
