"""word2vec from the command line and from Python: fast, exact when asked, pleasant to use.

    import fastw2v

    vectors = fastw2v.train("corpus.txt", model="skipgram", epochs=3)
    vectors.similar("king", n=10)
    vectors.save("vectors.bin")
    vectors = fastw2v.load("vectors.bin")

The other commands are functions of submodules: `fastw2v.phrases.write_phrases`,
`fastw2v.classes.assign_classes`, `fastw2v.evaluation.analogies`, `fastw2v.mapping.draw_map`,
`fastw2v.vectors.conversion.convert`, `fastw2v.vectors.inspection.inspect`.

Public names and submodules are imported on first use, so that ``import fastw2v`` costs nothing.
"""

import importlib
from typing import TYPE_CHECKING, Any

from fastw2v.vectors.from_above import HOMES
from fastw2v.version import __version__ as __version__

if TYPE_CHECKING:  # for type checkers and editors, which do not see the lazy imports below
    from fastw2v.corpus.vocabulary import Vocabulary as Vocabulary
    from fastw2v.errors import FastW2VError as FastW2VError
    from fastw2v.language_models.neural.training import train_language_model as train_language_model
    from fastw2v.settings import Settings as Settings
    from fastw2v.tokens.text import tokenize as tokenize
    from fastw2v.training.api import train as train
    from fastw2v.vectors.alignment import align as align
    from fastw2v.vectors.merging import merge as merge
    from fastw2v.vectors.prediction import Predictor as Predictor
    from fastw2v.vectors.word_vectors import WordVectors as WordVectors
    from fastw2v.vectors.word_vectors import load as load

_HOMES = {
    "FastW2VError": "errors",
    "Predictor": "vectors.prediction",
    "Settings": "settings",
    "Vocabulary": "corpus.vocabulary",
    "WordVectors": "vectors.word_vectors",
    "align": "vectors.alignment",
    "load": "vectors.word_vectors",
    "merge": "vectors.merging",
    "tokenize": "tokens.text",
    "train": "training.api",
    "train_language_model": "language_models.neural.training",
}

HOMES.update(  # methods of WordVectors in rooms above its own
    evaluate_word_analogies="fastw2v.evaluation.gensim_methods",
    evaluate_word_pairs="fastw2v.evaluation.gensim_methods",
    notebook_html="fastw2v.mapping.notebook",
)

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(importlib.import_module(f"fastw2v.{_HOMES[name]}"), name)
    from fastw2v.submodules import submodule  # which lists the folder

    return submodule(__name__, name)


def __dir__() -> list[str]:
    from fastw2v.submodules import names_of

    return sorted({*__all__, *names_of(__name__), "__doc__", "__file__", "__name__", "__path__"})
