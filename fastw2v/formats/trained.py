"""The trained model in a checkpoint: both matrices, with what they were trained as."""

import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v.errors import CheckpointError, FormatError
from fastw2v.formats.checkpoint import read_spellings
from fastw2v.io.array_file import MAGIC, ArrayFile
from fastw2v.io.encoding import to_word
from fastw2v.io.regular import open_regular
from fastw2v.matrix.aligned import padded
from fastw2v.settings import Settings


@dataclass(frozen=True)
class TrainedModel:
    """V words, the sentence end first, and their vectors of D = ``settings.size`` dimensions.

    counts: (V,) int64. inputs: (V, D) float32, input vectors.
    outputs: (V, D) float32, output vectors; None with hierarchical softmax alone.
    nodes: (V, D) float32, inner nodes of the Huffman tree; None without hierarchical softmax.
    """

    words: list[str]
    counts: np.ndarray
    settings: Settings
    inputs: np.ndarray
    outputs: np.ndarray | None
    nodes: np.ndarray | None


def is_checkpoint(path: str | os.PathLike[str]) -> bool:
    """Whether a file is a checkpoint of a training. False for what cannot be read, too."""
    try:
        with open_regular(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except (OSError, ValueError):
        return False


def read_trained(path: str | os.PathLike[str]) -> TrainedModel:
    """The model in the checkpoint at ``path``. Raises FormatError."""
    try:
        file = ArrayFile(path)
        settings = _settings(file)
        words = [to_word(spelled) for spelled in read_spellings(file)]
        counts = file.read("counts")
        if counts.dtype != np.int64 or counts.shape != (len(words),) or len(words) < 2:
            raise _corrupt(file, f"{len(words)} words, counts of shape {counts.shape}")
        if not plausible_counts(counts) or len(set(words)) != len(words):
            raise _corrupt(file, "impossible words or counts")
        has_outputs = settings.negative > 0 or settings.softmax
        shape = len(words), settings.size
        return TrainedModel(
            words,
            counts,
            settings,
            _matrix(file, "inputs", shape),
            _matrix(file, "outputs", shape) if has_outputs else None,
            _matrix(file, "nodes", shape) if settings.hs else None,
        )
    except CheckpointError as error:
        raise FormatError(str(error)) from error


def plausible_counts(counts: np.ndarray) -> bool:
    """Whether a vocabulary can have these counts: falling, but for the sentence end's, and with a
    sum that an int64 can hold."""
    falling = (np.diff(counts[1:]) <= 0).all()
    return bool((counts >= 0).all() and falling and counts.sum(dtype=np.float64) <= 2.0**62)


def _settings(file: ArrayFile) -> Settings:
    settings: Any = file.header.get("settings")
    try:
        return Settings(**settings)
    except (TypeError, ValueError, OverflowError) as error:
        raise _corrupt(file, str(error)) from error


def _matrix(file: ArrayFile, name: str, shape: tuple[int, int]) -> np.ndarray:
    """(V, D) float32, without the padding of its rows."""
    matrix = file.read(name)
    words, size = shape
    if matrix.shape != (words, padded(size)) or matrix.dtype != np.float32:
        raise _corrupt(file, f"{name} of shape {matrix.shape}")
    return matrix[:, :size]


def _corrupt(file: ArrayFile, what: str) -> CheckpointError:
    return CheckpointError(f"{file.path}: the checkpoint is corrupt ({what}); use another one")
