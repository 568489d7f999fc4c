"""Comparison of the models of words on one text: counts, language models, word2vec."""

from typing import TYPE_CHECKING, Any

from fastw2v.submodules import names_of, submodule

if TYPE_CHECKING:
    from fastw2v.comparison.comparing import Comparison, compare
    from fastw2v.comparison.settings import ComparisonSettings

__all__ = ["Comparison", "ComparisonSettings", "compare"]

# Imported on first use: ``fastw2v compare --help`` reads the names of rows, and loads no NumPy.
_HOMES = {"Comparison": "comparing", "ComparisonSettings": "settings", "compare": "comparing"}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(submodule(__name__, _HOMES[name]), name)
    return submodule(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES, *names_of(__name__)})
