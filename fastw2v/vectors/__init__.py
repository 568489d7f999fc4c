"""Word vectors: nearest neighbours, analogies, the API of gensim, conversion, inspection."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
