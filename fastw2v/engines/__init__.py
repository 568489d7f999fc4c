"""Back ends that train a model, with one protocol; those for the CPU are here."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
