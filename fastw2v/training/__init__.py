"""From a corpus and settings to trained vectors: pipeline, loop, engine, checkpoints."""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
