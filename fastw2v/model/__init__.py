"""The matrices that are trained, and the tables made from word counts."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
