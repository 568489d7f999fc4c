"""What an output layer provides to the rest of the program."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from fastw2v.model.matrices import Model
from fastw2v.settings import Settings

Build = Callable[[np.ndarray, Model, Settings], Any]


@dataclass(frozen=True)
class OutputLayer:
    """One output layer: a few functions about it, and the compiled hooks that kernels call.

    What ``build`` returns, the *layer*, is a named tuple of arrays and numbers; its field
    ``outputs`` is the matrix of its output rows. It is the first argument of every hook. A hook
    is compiled with ``inline=True``, or None where the layer has nothing to do.

    name: its field in `fastw2v.kernels.layers.registry.Layers`.
    wanted: whether settings ask for it.
    matrix: whose rows it trains: ``outputs`` (the words') or ``nodes`` (of the Huffman tree).
    build: called with the words' counts, (V,) int64, the model and the settings.
    most_targets: the most output rows that it puts in `fastw2v.kernels.state.Scratch` for one
        centre word.
    visits: how often each row of its matrix is trained in a window, on average, (V,) float64;
        called with each word's share of the centre words, (V,) float64, the words' counts and the
        settings.
    table_bytes: bytes it needs besides its matrix, called with V and the settings.
    untrained_loss: loss per training pair while all scores are 0.
    """

    name: str
    wanted: Callable[[Settings], bool]
    matrix: Literal["outputs", "nodes"]
    build: Build
    most_targets: Callable[[Any], int]
    visits: Callable[[np.ndarray, np.ndarray, Settings], np.ndarray]
    table_bytes: Callable[[int, Settings], int]
    untrained_loss: Callable[[Any], float]

    train: Callable  # (layer, window, shared, own): one step on one window
    loss: Callable  # (layer, window, shared, own): summed over the window's hidden rows, float64
    start_sentence: Callable | None = None  # (layer, words, own): after it was read
    # (layer, position, words, own): ask the processor for what the window at ``position`` needs
    prefetch: Callable | None = None

    # The exact path; None where the C program has no such layer.
    train_exactly: Callable | None = None  # (layer, centre, hidden, own, alpha)
    build_exact: Build | None = None  # where its layer is not what ``build`` makes
