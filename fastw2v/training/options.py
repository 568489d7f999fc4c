"""Everything a training is given besides the corpus and the hyper-parameters.

Neither NumPy nor Numba is imported here, so that a wrong option is reported at once.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from fastw2v.errors import SettingsError, parameter
from fastw2v.io.names import check_text_name
from fastw2v.io.streams import is_stream
from fastw2v.standard_streams import DASH

if TYPE_CHECKING:
    from collections.abc import Collection

    from fastw2v.vectors.word_vectors import WordVectors

FilePath = str | os.PathLike[str]
EpochFunction = Callable[[int, "WordVectors", float], object]
"""Of the number of an epoch, its vectors and its loss: see `TrainingOptions.epoch_end`."""
STOP = "stop"  # what such a function returns to end the training

CHECKPOINT_EVERY = 600.0  # seconds


@dataclass(frozen=True)
class TrainingOptions:
    """What is read, evaluated, saved and written. Raises SettingsError for wrong values.

    vectors: which matrix to return and write: "in", "out", "sum" or "mean" of the two; or
        "both", the output vectors in a second file: ``vectors.out.bin`` beside ``vectors.bin``.
    output: a file for the vectors, which are also returned.
    format: of that file, as `WordVectors.save` takes it. None: the extension selects it.
    save_vocab: a file for the vocabulary: one word and its count per line.
    report: a file for the report, as JSON.
    column: the column that has the text, if the corpus are tables: files (CSV, TSV, JSON Lines,
        Parquet or Arrow, see `fastw2v.tables`), or rows with names and tables in Python. A number
        for rows that are lists.
    read_vocab: a vocabulary file to use instead of counting words.
    init: vectors to start from: a file of any known format, or `WordVectors`, of ``size``
        dimensions. Words without one start at random. A checkpoint also gives the output
        vectors, and must be of a training with the same output layers.
    vocab_union: train the words of the text and those of ``init``, whatever their counts.
        Words that are not in the text keep their vectors.
    freeze: words that keep their ``init`` vectors: a file, one word per line, or a collection.
    eval_analogies: files of analogies to evaluate on after each epoch; scores are in the report.
    eval_pairs: files of word similarities, likewise.
    stop_early: stop when so many epochs in a row brought no better score, and return the vectors
        of the best epoch. 0: never.
    save_every: also save the vectors every so many epochs, those of epoch 2 of ``vectors.bin``
        as ``vectors.epoch-2.bin``. 0: never. Needs ``output``.
    checkpoint: a file to save the training to, now and then and at the end.
    checkpoint_every: seconds between two saves.
    resume: a checkpoint to continue from, with the same corpus. Of the hyper-parameters only
        ``epochs`` may be given with another value than before. The training is saved to the same
        file again unless ``checkpoint`` names another.
    epoch_end: a function that is called after each epoch with its number from 1, the vectors
        (`WordVectors`, a copy to keep) and the mean loss per training pair. It ends the training
        by returning "stop"; the vectors are then those of this epoch. What it raises is passed on.
    force: train even if memory or disk space seem too small; replace an unfinished checkpoint,
        and files that only a checkpoint names and its training did not make.
    """

    vectors: str = "in"
    output: FilePath | None = None
    format: str | None = None
    save_vocab: FilePath | None = None
    report: FilePath | None = None
    column: str | int | None = None
    read_vocab: FilePath | None = None
    init: FilePath | WordVectors | None = None
    vocab_union: bool = False
    freeze: FilePath | Collection[str] | None = None
    eval_analogies: Sequence[FilePath] = ()
    eval_pairs: Sequence[FilePath] = ()
    stop_early: int = 0
    save_every: int = 0
    checkpoint: FilePath | None = None
    checkpoint_every: float = CHECKPOINT_EVERY
    resume: Any = None  # here an opened `Checkpoint`, whose module imports this one
    epoch_end: EpochFunction | None = None
    force: bool = False

    def __post_init__(self) -> None:
        for name in ("eval_analogies", "eval_pairs"):
            if isinstance(getattr(self, name), (str, os.PathLike)):
                object.__setattr__(self, name, (getattr(self, name),))
        for path in (self.save_vocab, self.report):
            if path is not None:
                check_text_name(path)
        if self.vocab_union and self.init is None and self.resume is None:
            raise SettingsError(
                f"{parameter('vocab_union')} adds the words of existing vectors to the "
                f"vocabulary: give these with {parameter('init')}"
            )
        for name in ("stop_early", "save_every"):
            if getattr(self, name) < 0:
                raise SettingsError(
                    f"{parameter(name)} is {getattr(self, name)}; it must be 0 or more"
                )
        if self.vectors == "both":
            self._check_both()
        if self.stop_early and not self.evaluates:
            raise SettingsError(
                f"{parameter('stop_early')} needs scores: set {parameter('eval_analogies')} or "
                f"{parameter('eval_pairs')}"
            )
        if self.save_every:
            self._check_files_of_epochs()
        if self.epoch_end is not None and not callable(self.epoch_end):
            raise SettingsError(
                f"{parameter('epoch_end')} is {self.epoch_end!r:.60}; it must be a function of an "
                "epoch's number, vectors and loss"
            )

    def _check_files_of_epochs(self) -> None:
        if self.output is None:
            raise SettingsError(
                f"{parameter('save_every')} needs {parameter('output')}, which names the files"
            )
        if is_stream(self.output):
            raise SettingsError(
                f"{parameter('save_every')} needs a file for {parameter('output')}, not "
                f"{os.fspath(self.output)}: each epoch gets a file of its own"
            )

    def _check_both(self) -> None:
        both = parameter("vectors", "both")
        if self.output is not None and is_stream(self.output):
            raise SettingsError(
                f"{both} writes two files: name one for {parameter('output')}, not "
                f"{os.fspath(self.output)}"
            )
        if self.stop_early:
            raise SettingsError(
                f"{parameter('stop_early')} keeps one matrix of the best epoch: drop {both}, or "
                f"use {parameter('save_every', 1)} instead"
            )

    @property
    def column_of_files(self) -> str | None:
        """``column``, where the corpus are files. Raises SettingsError if it is a number."""
        if isinstance(self.column, int):
            raise SettingsError(
                f"{parameter('column')} is {self.column}; columns of files have names"
            )
        return self.column

    @property
    def evaluates(self) -> bool:
        """Whether the vectors are scored after each epoch."""
        return bool(self.eval_analogies or self.eval_pairs)

    @property
    def uses_epoch_vectors(self) -> bool:
        """Whether vectors are saved or scored before the end of the training."""
        return bool(self.save_every) or self.evaluates or self.epoch_end is not None

    @property
    def checkpoint_path(self) -> FilePath | None:
        """The file to save checkpoints to; None for none."""
        if self.checkpoint is not None or self.resume is None:
            return self.checkpoint
        path: str = self.resume.path
        return path


# What a checkpoint keeps, by name: the type in JSON, and whether it names files. Not kept are
# options whose effect is in the checkpoint (`ONLY_AT_FIRST`) or that are of one run only.
_KEPT: dict[str, tuple[Any, bool]] = {
    "corpus": (list, True),
    "column": ((str, int), False),
    "vectors": (str, False),
    "output": (str, True),
    "format": (str, False),
    "save_vocab": (str, True),
    "report": (str, True),
    "eval_analogies": (list, True),
    "eval_pairs": (list, True),
    "stop_early": (int, False),
    "save_every": (int, False),
    "checkpoint_every": (float, False),
}
ONLY_AT_FIRST = ("read_vocab", "init", "vocab_union", "freeze")


def options_to_keep(corpus: Sequence[FilePath], options: TrainingOptions) -> dict[str, Any]:
    """What a checkpoint keeps of the corpus' paths and the options: JSON, paths absolute."""
    kept: dict[str, Any] = {"corpus": list(corpus)}
    for name, (kind, is_path) in _KEPT.items():
        value = kept.get(name, getattr(options, name, None))
        if value is not None and is_path:
            value = [_absolute(each) for each in value] if kind is list else _absolute(value)
        kept[name] = value
    return kept


def checked_options(kept: Mapping[str, Any]) -> dict[str, Any]:
    """What `options_to_keep` returned, read again. Raises ValueError for what it cannot be.

    Names that are unknown are ignored; of those missing the default is meant.
    """
    found = {}
    for name, (kind, _) in _KEPT.items():
        value = kept.get(name)
        if value is None:
            continue
        good = isinstance(value, (int, float) if kind is float else kind)
        good = good and not isinstance(value, bool)
        if kind is list:
            good = good and all(isinstance(each, str) for each in value)
        if not good:
            raise ValueError(f"option {name} is {value!r}")
        found[name] = tuple(value) if kind is list else value
    return found


def _absolute(path: FilePath) -> str:
    return DASH if os.fspath(path) == DASH else os.path.abspath(path)


OPTIONS = tuple(each.name for each in fields(TrainingOptions))
