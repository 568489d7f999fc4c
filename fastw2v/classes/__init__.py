"""Word classes by k-means on vectors, and their file."""

from fastw2v.classes.assignment import (
    DEFAULT_CLASSES,
    MAX_ROUNDS,
    NO_CLASS,
    assign_classes,
    assign_classes_exactly,
    describe_classes,
    write_classes,
)
from fastw2v.submodules import lazy

__all__ = [
    "DEFAULT_CLASSES",
    "MAX_ROUNDS",
    "NO_CLASS",
    "assign_classes",
    "assign_classes_exactly",
    "describe_classes",
    "write_classes",
]

__getattr__, __dir__ = lazy(__name__)
