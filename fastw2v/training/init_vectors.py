"""Training from given vectors: which words start from them, and which of those are frozen."""

import os
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastw2v import formats
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.protocol import NONE_FROZEN
from fastw2v.engines.shapes import layer_names
from fastw2v.errors import SettingsError, parameter
from fastw2v.formats.trained import TrainedModel, is_checkpoint, read_trained
from fastw2v.io.word_lists import read_words
from fastw2v.matrix.norms import blocks
from fastw2v.model.matrices import Model
from fastw2v.progress import SILENT, Progress
from fastw2v.settings import Settings


@dataclass(frozen=True)
class InitialVectors:
    """Vectors to start from.

    words: V str. matrix: (V, D) float32, row i being the vector of word i.
    freeze: words whose input vectors are not updated.
    trained: the checkpoint they are from, which also has output vectors; None for others.
    """

    words: list[str]
    matrix: np.ndarray
    freeze: frozenset[str] = frozenset()
    trained: TrainedModel | None = None

    def sound_words(self) -> list[str]:
        """The words whose vectors are finite."""
        sound = np.empty(len(self.words), np.bool_)
        for start, stop in blocks(*self.matrix.shape):
            sound[start:stop] = np.isfinite(self.matrix[start:stop]).all(axis=1)
        return [word for word, good in zip(self.words, sound.tolist(), strict=True) if good]


def read_initial_vectors(
    init: Any,
    freeze: Any,
    settings: Settings,
    progress: Progress = SILENT,
    vocab_union: bool = False,
) -> InitialVectors | None:
    """The vectors to start from, or None if none are given. Reports faults of their file.

    init: a file of word vectors of any known format, a checkpoint, or anything with
        ``words`` and ``matrix``.
    freeze: a file of words, one per line, or a collection of words.
    vocab_union: whether their words are added to the vocabulary.

    Raises FormatError, and SettingsError if the vectors have other dimensions than those to be
    trained or are of a training with other output layers, or words are to be frozen without
    vectors to start from.
    """
    if init is None:
        if freeze is not None:
            raise SettingsError(
                f"{parameter('freeze')} keeps words at their {parameter('init')} vectors: "
                "give these, too"
            )
        return None
    if settings.exact and (freeze is not None or vocab_union):
        name = parameter("vocab_union" if vocab_union else "freeze")
        raise SettingsError(
            f"{parameter('exact')} reproduces the C program, which has no {name}: "
            "drop one of the two"
        )
    is_file = isinstance(init, (str, os.PathLike))
    trained = read_trained(init) if is_file and is_checkpoint(init) else None
    if trained is not None:
        words, matrix = trained.words, trained.inputs
    else:
        words, matrix = _read_vectors(init, progress) if is_file else (init.words, init.matrix)
    size = matrix.shape[1]
    if size != settings.size:
        raise SettingsError(
            f"{init if is_file else parameter('init')}: vectors of {size} dimensions, but "
            f"{parameter('size')} is {settings.size}: set {parameter('size', size)}"
        )
    if trained is not None:
        _check_layers(init, trained.settings, settings)
    return InitialVectors(list(words), matrix, _frozen_words(freeze), trained)


def _read_vectors(path: Any, progress: Progress) -> tuple[list[str], np.ndarray]:
    notes: list[str] = []
    words, matrix = formats.load(path, notes=notes)
    for note in notes:
        progress.message(note)
    return words, matrix


def _check_layers(path: Any, theirs: Settings, ours: Settings) -> None:
    """Raise SettingsError unless both train the same output layers: what an output vector means
    depends on these."""
    names = [layer_names(settings) for settings in (theirs, ours)]
    if names[0] == names[1]:
        return
    wanted = ", ".join(
        [parameter("hs", True)] * theirs.hs
        + [parameter("softmax", True)] * theirs.softmax
        + [parameter("nce", True)] * theirs.nce
        + [parameter("negative", theirs.negative)] * (not theirs.softmax)
    )
    raise SettingsError(
        f"{path}: its output vectors are of a training with {wanted}, and do not fit other output "
        "layers: set the same, or start from its input vectors alone, which `fastw2v convert` "
        "writes"
    )


def set_initial_vectors(
    initial: InitialVectors, vocabulary: Vocabulary, model: Model, progress: Progress
) -> np.ndarray:
    """Copy the given vectors into the model, and report how many.

    vocabulary: the words of the model, by word_id. Words without a given vector keep their random
    one, and so do those whose given vector holds NaN or infinity.

    Returns (V,) bool, the words to freeze; empty if there are none.
    """
    words = vocabulary.words
    row_of = {word: row for row, word in enumerate(initial.words)}
    rows = np.array([row_of.get(word, -1) for word in words], np.int64)
    known = np.flatnonzero(rows >= 0)
    given = initial.matrix[rows[known]]
    sound = np.isfinite(given).all(axis=1)
    model.inputs[known[sound], : model.size] = given[sound]
    started = np.zeros(len(words), np.bool_)
    started[known[sound]] = True
    frozen = started & [word in initial.freeze for word in words]
    unseen = int(np.count_nonzero(started[1:] & (vocabulary.counts[1:] == 0)))
    progress.message(
        f"{started.sum():,} of {len(words):,} words start from given vectors"
        + (f", {unseen:,} of them are not in the text and keep these" if unseen else "")
        + (f", {frozen.sum():,} of them frozen" if initial.freeze else "")
    )
    without = len(initial.freeze) - int(frozen.sum())
    if without:
        progress.message(
            f"{without:,} {parameter('freeze')} words not frozen: no vector, or not in the corpus"
        )
    if initial.trained is not None:
        _set_outputs(initial.trained, rows, vocabulary, model, progress)
    return frozen if frozen.any() else NONE_FROZEN


def _set_outputs(
    trained: TrainedModel,
    rows: np.ndarray,
    vocabulary: Vocabulary,
    model: Model,
    progress: Progress,
) -> None:
    """Copy the output rows of a checkpoint. rows: (V,) int64, each word's there, or -1."""
    if model.outputs is not None and trained.outputs is not None:
        known = np.flatnonzero(rows >= 0)
        model.outputs[known, : model.size] = trained.outputs[rows[known]]
        progress.message(f"{len(known):,} of {len(rows):,} words start from given output vectors")
    if model.nodes is None or trained.nodes is None:
        return
    same = trained.words == vocabulary.words and (trained.counts == vocabulary.counts).all()
    if same:
        model.nodes[:, : model.size] = trained.nodes
    progress.message(
        "the tree nodes start from given vectors"
        if same
        else "the tree nodes start at zero: the tree is of the counts of this text, not of the old"
    )


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
