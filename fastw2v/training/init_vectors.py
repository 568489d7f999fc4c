"""Training from given vectors: which words start from them, and which of those are frozen."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v import formats
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.errors import SettingsError, parameter
from fastw2v.io.word_lists import read_words
from fastw2v.model.matrices import Model
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings


@dataclass(frozen=True)
class InitialVectors:
    """Vectors to start from.

    words: V str. matrix: (V, D) float32, row i being the vector of word i.
    freeze: words whose input vectors are not updated.
    """

    words: list[str]
    matrix: np.ndarray
    freeze: frozenset[str] = frozenset()


def read_initial_vectors(
    init: Any, freeze: Any, settings: Settings, progress: Progress = SILENT
) -> InitialVectors | None:
    """The vectors to start from, or None if none are given. Reports faults of their file.

    init: a file of word vectors of any known format, or anything with ``words`` and ``matrix``.
    freeze: a file of words, one per line, or a collection of words.

    Raises FormatError, and SettingsError if the vectors have other dimensions than those to be
    trained, or words are to be frozen without vectors to start from.
    """
    if init is None:
        if freeze is not None:
            raise SettingsError(
                f"{parameter('freeze')} keeps words at their {parameter('init')} vectors: "
                "give these, too"
            )
        return None
    if freeze is not None and settings.exact:
        raise SettingsError(
            f"{parameter('exact')} reproduces the C program, which has no {parameter('freeze')}: "
            "drop one of the two"
        )
    is_file = isinstance(init, (str, os.PathLike))
    notes: list[str] = []
    words, matrix = formats.load(init, notes=notes) if is_file else (init.words, init.matrix)
    for note in notes:
        progress.message(note)
    size = matrix.shape[1]
    if size != settings.size:
        raise SettingsError(
            f"{init if is_file else parameter('init')}: vectors of {size} dimensions, but "
            f"{parameter('size')} is {settings.size}: set {parameter('size', size)}"
        )
    return InitialVectors(list(words), matrix, _frozen_words(freeze))


def set_initial_vectors(
    initial: InitialVectors, vocabulary: list[str], model: Model, progress: Progress
) -> np.ndarray:
    """Copy the given vectors into the model's input vectors, and report how many.

    vocabulary: the words of the model, by word_id. Words without a given vector keep their random
    one, and so do those whose given vector holds NaN or infinity.

    Returns (V,) bool, the words to freeze; empty if there are none.
    """
    row_of = {word: row for row, word in enumerate(initial.words)}
    rows = np.array([row_of.get(word, -1) for word in vocabulary], np.int64)
    known = np.flatnonzero(rows >= 0)
    given = initial.matrix[rows[known]]
    sound = np.isfinite(given).all(axis=1)
    model.inputs[known[sound], : model.size] = given[sound]
    started = np.zeros(len(vocabulary), np.bool_)
    started[known[sound]] = True
    frozen = started & [word in initial.freeze for word in vocabulary]
    progress.message(
        f"{started.sum():,} of {len(vocabulary):,} words start from given vectors"
        + (f", {frozen.sum():,} of them frozen" if initial.freeze else "")
    )
    without = len(initial.freeze) - int(frozen.sum())
    if without:
        progress.message(
            f"{without:,} {parameter('freeze')} words not frozen: no vector, or not in the corpus"
        )
    return frozen if frozen.any() else NONE_FROZEN


def _frozen_words(freeze: Any) -> frozenset[str]:
    if freeze is None:
        return frozenset()
    if isinstance(freeze, (str, os.PathLike)):
        return frozenset(read_words(freeze))
    if not isinstance(freeze, Collection):
        raise SettingsError(
            f"{parameter('freeze')} must be a file of words or a collection of words"
        )
    return frozenset(freeze)
