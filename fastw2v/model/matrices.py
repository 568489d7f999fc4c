"""The matrices that training changes, and what of them is written in the end."""

from dataclasses import dataclass

import numpy as np

from fastw2v.errors import SettingsError
from fastw2v.jit.compiled import compiled
from fastw2v.matrix.aligned import aligned_zeros, padded
from fastw2v.model.rng import draw, draw_c, seed_generator
from fastw2v.settings import Settings

VECTORS = ("in", "out", "sum", "mean")


@dataclass
class Model:
    """Input and output vectors: V words, D = ``size`` dimensions, rows padded to P numbers.

    inputs: (V, P) float32.
    outputs: (V, P) float32 of negative sampling or the full softmax; None without either.
    nodes: (V, P) float32, inner nodes of the Huffman tree; None without hierarchical softmax.
    """

    size: int
    inputs: np.ndarray
    outputs: np.ndarray | None
    nodes: np.ndarray | None

    @property
    def matrices(self) -> list[np.ndarray]:
        """Those of the three that there are."""
        return [each for each in (self.inputs, self.outputs, self.nodes) if each is not None]

    def vectors(self, which: str = "in") -> np.ndarray:
        """(V, D) float32: the input vectors (``in``), the output vectors (``out``), their
        ``sum`` or their ``mean``. A view of the model where nothing must be computed."""
        if which == "in":
            return self.inputs[:, : self.size]
        check_vectors(which, self.outputs is not None)
        outputs = self.outputs[:, : self.size]
        if which == "out":
            return outputs
        total = self.inputs[:, : self.size] + outputs
        return total if which == "sum" else total / np.float32(2)


def check_vectors(which: str, has_outputs: bool) -> None:
    """Raise `SettingsError` unless ``which`` names vectors that such a model has."""
    if which not in VECTORS:
        raise SettingsError(f"vectors is {which!r}; it must be one of {', '.join(VECTORS)}")
    if which != "in" and not has_outputs:
        raise SettingsError(
            f"vectors {which!r} needs output vectors of words, but with hierarchical softmax "
            "alone the output rows are tree nodes: ask for 'in', or train with negative samples"
        )


def new_model(words: int, settings: Settings) -> Model:
    """A model for so many words: small random input vectors, output vectors 0."""
    width = padded(settings.size)
    inputs = aligned_zeros(words, width)
    if settings.exact:
        _fill_as_c(inputs, settings.size)
    else:
        _fill_evenly(inputs, settings.size, seed_generator(settings.seed, 0))
    has_outputs = settings.negative > 0 or settings.softmax
    return Model(
        settings.size,
        inputs,
        aligned_zeros(words, width) if has_outputs else None,
        aligned_zeros(words, width) if settings.hs else None,
    )


@compiled
def _fill_evenly(matrix, size, random):
    """Evenly from -1/2 to 1/2, divided by the number of dimensions."""
    unit = 1.0 / 2.0**53
    for word in range(matrix.shape[0]):
        for d in range(size):
            share = np.float64(draw(random) >> np.uint64(11)) * unit
            matrix[word, d] = np.float32((share - 0.5) / size)


@compiled
def _fill_as_c(matrix, size):
    """The same from the C program's generator, which starts at 1 whatever the seed."""
    random = np.ones(1, np.uint64)
    for word in range(matrix.shape[0]):
        for d in range(size):
            random16 = np.float64(draw_c(random) & np.uint64(0xFFFF))
            matrix[word, d] = np.float32((random16 / 65536.0 - 0.5) / size)
