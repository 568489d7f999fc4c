"""Classes of words by their vectors (k-means), and their file."""

from fastw2v.classes.assignment import (
    NO_CLASS,
    NUMBER,
    ROUNDS,
    assign_classes,
    assign_classes_exactly,
    describe_classes,
    write_classes,
)

__all__ = [
    "NO_CLASS",
    "NUMBER",
    "ROUNDS",
    "assign_classes",
    "assign_classes_exactly",
    "describe_classes",
    "write_classes",
]
