"""word2vec from the command line and from Python: fast, exact when asked, pleasant to use.

    import fastw2v

    vectors = fastw2v.train("corpus.txt", model="skipgram", epochs=3)
    vectors.similar("king", n=10)
    vectors.save("vectors.bin")
    vectors = fastw2v.load("vectors.bin")

The public names are imported on first use, so that ``import fastw2v`` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from fastw2v.version import __version__ as __version__

if TYPE_CHECKING:  # for type checkers and editors, which do not see the lazy imports below
    from fastw2v.corpus.vocabulary import Vocabulary as Vocabulary
    from fastw2v.errors import FastW2VError as FastW2VError
    from fastw2v.settings import Settings as Settings
    from fastw2v.tokens.text import tokenize as tokenize
    from fastw2v.training.api import train as train
    from fastw2v.vectors.word_vectors import WordVectors as WordVectors
    from fastw2v.vectors.word_vectors import load as load

_HOMES = {
    "FastW2VError": "errors",
    "Settings": "settings",
    "Vocabulary": "corpus.vocabulary",
    "WordVectors": "vectors.word_vectors",
    "load": "vectors.word_vectors",
    "tokenize": "tokens.text",
    "train": "training.api",
}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fastw2v' has no attribute {name!r}")
    return getattr(importlib.import_module(f"fastw2v.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
