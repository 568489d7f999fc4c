"""The matrices that are trained, and the vectors that are made of them in the end."""

from dataclasses import dataclass

import numpy as np

from fastw2v.errors import SettingsError, parameter
from fastw2v.jit.compiled import compiled
from fastw2v.matrix.aligned import aligned_zeros, padded
from fastw2v.model.rng import draw, draw_c, seed_generator
from fastw2v.settings import Settings

VECTORS = ("in", "out", "sum", "mean", "both")


@dataclass
class Model:
    """Input and output vectors: V words, D = ``size`` dimensions, rows padded to P numbers.

    inputs: (V, P) float32.
    outputs: (V, P) float32 of negative sampling or the full softmax; None without either.
    nodes: (V, P) float32, inner nodes of the Huffman tree; None without hierarchical softmax.
    """

    size: int
    inputs: np.ndarray
    outputs: np.ndarray | None = None
    nodes: np.ndarray | None = None

    @property
    def matrices(self) -> list[np.ndarray]:
        """Those of the three that there are."""
        return [each for each in (self.inputs, self.outputs, self.nodes) if each is not None]

    def vectors(self, which: str = "in") -> np.ndarray:
        """(V, D) float32: the input vectors (``in``), the output vectors (``out``), their
        ``sum`` or their ``mean``; of ``both`` matrices the input vectors. A view of the model
        if nothing must be computed."""
        if which == "both":
            check_vectors(which, self.outputs is not None)
        if which in ("in", "both"):
            return self.inputs[:, : self.size]
        check_vectors(which, self.outputs is not None)
        assert self.outputs is not None
        outputs = self.outputs[:, : self.size]
        if which == "out":
            return outputs
        total: np.ndarray = self.inputs[:, : self.size] + outputs
        if which == "mean":
            total /= np.float32(2)
        return total


def check_vectors(which: str, has_outputs: bool) -> None:
    """Raise `SettingsError` unless ``which`` names vectors that such a model has."""
    if which not in VECTORS:
        raise SettingsError(
            f"{parameter('vectors')} is {which!r}; it must be one of {', '.join(VECTORS)}"
        )
    if which != "in" and not has_outputs:
        raise SettingsError(
            f"{parameter('vectors', which)} needs output vectors of words, but with hierarchical "
            f"softmax alone the output rows are tree nodes: use {parameter('vectors', 'in')}, or "
            f"train with {parameter('negative', 5)}, too"
        )


def matrix_shapes(words: int, settings: Settings) -> dict[str, tuple[int, int]]:
    """The shapes of the matrices of a `Model`, by name; without those that it does not have."""
    has_outputs = settings.negative > 0 or settings.softmax
    names = ["inputs"] + ["outputs"] * has_outputs + ["nodes"] * settings.hs
    return dict.fromkeys(names, (words, padded(settings.size)))


def new_model(words: int, settings: Settings) -> Model:
    """A model for so many words: small random input vectors, output vectors 0."""
    model = Model(
        settings.size,
        **{name: aligned_zeros(*shape) for name, shape in matrix_shapes(words, settings).items()},
    )
    if settings.exact:
        _fill_as_c(model.inputs, settings.size)
    else:
        _fill_evenly(model.inputs, settings.size, seed_generator(settings.seed, 0))
    return model


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
