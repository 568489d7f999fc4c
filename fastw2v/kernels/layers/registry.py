"""The output layers: all there are, those in use, and calls to those in use.

To add one: its file here, its line in `LAYERS`, its field in `fastw2v.settings.Settings`, and
its float64 twin in the tests.
"""

from collections import namedtuple
from collections.abc import Iterator

import numpy as np

from fastw2v.kernels.layers import hierarchical, nce, negative, softmax
from fastw2v.kernels.layers.dispatch import for_each, sum_over
from fastw2v.kernels.layers.interface import OutputLayer
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings

# In the order in which they are trained on a window.
LAYERS: tuple[OutputLayer, ...] = (
    hierarchical.LAYER,
    negative.LAYER,
    nce.LAYER,
    softmax.LAYER,
)

Layers = namedtuple("Layers", [each.name for each in LAYERS])
"""The layers in use, None for all others: one value that kernels hand on."""


def wanted_layers(settings: Settings) -> list[OutputLayer]:
    """The layers that settings ask for."""
    return [each for each in LAYERS if each.wanted(settings)]


def new_layers(counts: np.ndarray, model: Model, settings: Settings) -> Layers:
    """The layers that settings ask for. counts: (V,) int64."""
    built = {each.name: each.build(counts, model, settings) for each in wanted_layers(settings)}
    return Layers(**{each.name: built.get(each.name) for each in LAYERS})


def new_exact_layers(
    counts: np.ndarray, model: Model, settings: Settings, layers: Layers
) -> Layers:
    """The same as the exact path takes them. layers: as the default path takes them."""
    builds = {each.name: each.build_exact for each in wanted_layers(settings) if each.build_exact}
    exact = {name: build(counts, model, settings) for name, build in builds.items()}
    return layers._replace(**exact)


def most_targets(layers: Layers) -> int:
    """The most output rows against which one centre word is trained, 1 or more."""
    return max(1, *(each.most_targets(layer) for each, layer in _in_use(layers)))


def untrained_loss(layers: Layers) -> float:
    """The highest loss per training pair that one of the layers has while all scores are 0."""
    return max(each.untrained_loss(layer) for each, layer in _in_use(layers))


def visits(matrix: str, shares: np.ndarray, counts: np.ndarray, settings: Settings) -> np.ndarray:
    """How often each row of a matrix, ``outputs`` or ``nodes``, is trained in a window, on
    average, (V,) float64.

    shares: (V,) float64, each word's of the centre words. counts: (V,) int64.
    """
    layers = [each for each in wanted_layers(settings) if each.matrix == matrix]
    return sum((each.visits(shares, counts, settings) for each in layers), np.zeros(len(counts)))


def table_bytes(words: int, settings: Settings) -> int:
    """Bytes that the layers need besides their matrices. words: V."""
    return sum(each.table_bytes(words, settings) for each in wanted_layers(settings))


def _in_use(layers: Layers) -> Iterator[tuple[OutputLayer, tuple]]:
    return ((each, layer) for each, layer in zip(LAYERS, layers, strict=True) if layer is not None)


def _hooks(name: str):
    return [(each.name, getattr(each, name)) for each in LAYERS]


# For compiled code, each called as (layers, ...); see `OutputLayer` for the other arguments.
start_sentence = for_each(_hooks("start_sentence"))
prefetch_rows = for_each(_hooks("prefetch"))
train_window = for_each(_hooks("train"))
window_loss = sum_over(_hooks("loss"))
train_exactly = for_each(_hooks("train_exactly"))
