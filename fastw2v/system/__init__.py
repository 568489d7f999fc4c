"""The machine and this process: cores, memory, limits of containers, signals."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
