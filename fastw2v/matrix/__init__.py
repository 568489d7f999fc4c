"""Matrices of row vectors: aligned memory, norms, memory-mapped rows."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
