"""Training from given vectors: which words start from them, and which of those stay as they are."""

import os
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from fastw2v import formats
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.errors import SettingsError
from fastw2v.io.word_lists import read_words
from fastw2v.model.matrices import Model
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings


@dataclass(frozen=True)
class Start:
    """Vectors to start from.

    words: V str. matrix: (V, D) float32, row i being the vector of word i.
    freeze: words whose input vectors are not to be moved.
    """

    words: list[str]
    matrix: np.ndarray
    freeze: frozenset[str] = frozenset()


def read_start(init, freeze, settings: Settings, progress: Progress = SILENT) -> Start | None:
    """What to start from, or None where nothing is given. Faults of the file are told.

    init: a file of word vectors of any known format, or anything with ``words`` and ``matrix``.
    freeze: a file of words, one a line, or a collection of words.

    Raises FormatError, and SettingsError where the vectors have other dimensions than those to be
    trained, or words are to be frozen that have no vectors to start from.
    """
    if init is None:
        if freeze is not None:
            raise SettingsError("freeze holds words at their given vectors: give them with init")
        return None
    if freeze is not None and settings.exact:
        raise SettingsError("exact repeats the C program, which freezes no words: leave one out")
    is_file = isinstance(init, (str, os.PathLike))
    notes: list[str] = []
    words, matrix = formats.load(init, notes=notes) if is_file else (init.words, init.matrix)
    for note in notes:
        progress.message(note)
    if matrix.shape[1] != settings.size:
        name = f"{init}: vectors" if is_file else "init: vectors"
        raise SettingsError(
            f"{name} of {matrix.shape[1]} dimensions, and size is {settings.size}: "
            f"train with size {matrix.shape[1]}"
        )
    return Start(list(words), matrix, _frozen_words(freeze))


def put_start(start: Start, vocabulary: list[str], model: Model, progress: Progress) -> np.ndarray:
    """Put the given vectors into the model's input vectors, and tell how many.

    vocabulary: the words of the model, by word_id. Words without a given vector keep their random
    one, and so do those whose given vector holds NaN or infinity.

    Returns (V,) bool, the words to be frozen; empty where there are none.
    """
    row_of = {word: row for row, word in enumerate(start.words)}
    rows = np.array([row_of.get(word, -1) for word in vocabulary], np.int64)
    known = np.flatnonzero(rows >= 0)
    given = start.matrix[rows[known]]
    sound = np.isfinite(given).all(axis=1)
    model.inputs[known[sound], : model.size] = given[sound]
    started = np.zeros(len(vocabulary), np.bool_)
    started[known[sound]] = True
    frozen = started & [word in start.freeze for word in vocabulary]
    progress.message(
        f"{started.sum():,} of {len(vocabulary):,} words start from given vectors"
        + (f", {frozen.sum():,} of them frozen" if start.freeze else "")
    )
    without = len(start.freeze) - int(frozen.sum())
    if without:
        progress.message(f"{without:,} --freeze words not frozen: no vector, or not in the corpus")
    return frozen if frozen.any() else NONE_FROZEN


def _frozen_words(freeze) -> frozenset[str]:
    if freeze is None:
        return frozenset()
    if isinstance(freeze, (str, os.PathLike)):
        return frozenset(read_words(freeze))
    if not isinstance(freeze, Collection):
        raise SettingsError("freeze must be a file of words or a collection of words")
    return frozenset(freeze)
