"""The protocol between the training loop and a back end that trains a model.

The loop, the worker thread, checkpoints, the divergence monitor and the report use only this
protocol of a back end. The CPU's engines are in `cpu` and `exact`, a GPU's in `cuda`, that of
several machines in `ranks`; `factory` picks one.

An engine of several devices or machines trains one part of the text on each, on a replica of its
own, and merges the replicas inside `train`, by the rule of `fastw2v.kernels.merging`. Every method
is then called on every machine; `ids_read`, `word_counts`, `measure` and `epoch_ended` return
figures of all of them, and a stop that one requests takes effect on all at the next merge.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

import numpy as np

from fastw2v.engines.loss import Loss
from fastw2v.matrix.arrays import Array
from fastw2v.model.matrices import Model

NONE_FROZEN = np.empty(0, np.bool_)
"""What a training without frozen words has instead of a (V,) bool array."""


class WordCounts(NamedTuple):
    """What became of the words of the vocabulary so far, over all epochs."""

    reached: int  # read
    kept: int  # of these, left by sub-sampling
    trained: int  # of these, centre of a window
    alone: int  # alone in their sentence, so that they have no context
    left_over: int  # in sentences that the exact path does not train, as the C program


class EngineStateError(ValueError):
    """Arrays given to `Engine.restore` that do not fit the engine. The message says which."""


class TextPart(NamedTuple):
    """What an engine is to know of the others that train the rest of the text.

    streams: random numbers that it leaves to others. all_ids: of the whole text; 0: no others.
    """

    streams: int = 0
    all_ids: int = 0


WHOLE_TEXT = TextPart()


class Engine(Protocol):
    """A back end that trains one model on one text. It owns the matrices.

    `train` runs in a worker thread; the main thread may call `request_stop`, `ids_read` and
    `sample_rows` meanwhile, and everything else only while `train` does not run.
    """

    @property
    def epoch(self) -> int:
        """The epoch under way, from 0: as many are complete."""

    @property
    def untrained_loss(self) -> float:
        """Mean loss per training pair of a model whose scores are all 0, at most."""

    def arrangement(self) -> dict[str, Any]:
        """How the work is spread, for the report: ``replicas``, and what else is to be known."""

    def turn(self) -> AbstractContextManager[None]:
        """Enter it to call `prepare`, `train` or `measure`.

        Waits, so that Ctrl-C can interrupt it, while another training of this process uses what
        only one can. Raises TrainingError if this process cannot train at all.
        """

    def prepare(self) -> str | None:
        """Compile or load what `train` and `measure` run; changes nothing.

        Returns a line for the user if compiled code is not kept for the next run, else None.
        """

    def train(self) -> None:
        """Train from the current position to the end of the epoch, or until a stop is requested.

        Returns at a place from which a second call continues as if there had been no stop, with
        `state` and `read_model` consistent.
        """

    def request_stop(self) -> None:
        """Make `train` return soon, also if it is called only later, until `clear_stop`."""

    def clear_stop(self) -> None:
        """Withdraw `request_stop`. Call it only when `train` does not run."""

    def ids_read(self) -> int:
        """Ids of the text that were read in this epoch: for the progress, so it may lag a bit."""

    def epoch_ended(self) -> bool:
        """Whether nothing of this epoch is left to train."""

    def start_epoch(self, epoch: int) -> None:
        """Go back to the beginning of the text, for epoch ``epoch`` (from 0).

        In one step as Ctrl-C sees it: `state` is that before or after it, never a mixture.
        """

    def word_counts(self) -> WordCounts:
        """What became of the words so far."""

    def measure(self) -> Loss:
        """The loss of the model as it is; every call takes the same sample of the text."""

    def sample_rows(self) -> list[Array]:
        """The rows of each matrix that are trained most, (n, P) float32, to look for divergence.

        May be called while `train` runs; the rows are then as of now or a moment ago.
        """

    def read_model(self) -> Model:
        """The model as it is, in the host's memory: for reading, and not for keeping.

        An engine that has the matrices in this memory returns them, not copies.
        """

    def state(self) -> dict[str, Array]:
        """Everything but the model that a later process needs to continue, by name.

        The arrays may be the engine's own: write them down before the next `train`.
        """

    def start_from(self, epoch: int, counts: WordCounts) -> None:
        """Be where an engine of another kind was at the beginning of an epoch.

        counts: what had become of the words by then.
        """

    def restore(self, arrays: Mapping[str, Array]) -> None:
        """Continue from what `state` returned, in this process or another.

        Checks names, shapes, dtypes, and that no position lies outside the text, since the arrays
        may come from a damaged file. Raises EngineStateError.
        """


class PartEngine(Engine, Protocol):
    """A back end that also trains a part of the text, as one rank's own: see `ranks`."""

    @property
    def share(self) -> float:
        """The part of the text on which the loss is measured: the same for all parts of a text."""

    @property
    def least_words(self) -> int:
        """Kept words below which `train_words` takes no less time; 0 if there are none."""

    def train_words(self, words: int) -> None:
        """As `train`, but return when about so many words were kept, 1 or more."""

    def learning_rate(self) -> float:
        """The learning rate of the next words; the mean, where it is not the same for all."""

    def measured_sums(self) -> Array:
        """What `measure` makes a loss of: (n,) `fastw2v.kernels.state.LOSS_SUMS`."""

    def model_changed(self) -> None:
        """To be called after the matrices that `read_model` returned were changed."""
