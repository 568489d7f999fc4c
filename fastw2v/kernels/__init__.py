"""Compiled code for training, and nothing else.

Read `state` first (what the kernels are given), then `default_path` or `exact_path` (a shard's
walk over the text), `layers` (what a window is trained against) and `logistic` (the step that most
models share).
"""

from fastw2v.submodules import lazy

__getattr__, __dir__ = lazy(__name__)
