"""Files and bytes: opening, compression, replacing whole files, word lists."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
