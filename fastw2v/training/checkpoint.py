"""What a checkpoint holds of a training, and how it is read again.

The header holds the settings, figures, options, and a fingerprint of the text; the arrays are the
vocabulary, the matrices, and the engine's state. The text itself is not in it: it is read again
and compared with the fingerprint.
"""

from collections.abc import Iterable, Mapping
from typing import Any, get_args

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.factory import new_engine
from fastw2v.engines.protocol import EngineStateError
from fastw2v.errors import CheckpointError, FastW2VError, parameter
from fastw2v.formats.checkpoint import read_spellings
from fastw2v.formats.trained import plausible_counts
from fastw2v.io.array_file import ArrayFile, write_array_file
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.model.matrices import Model, matrix_shapes
from fastw2v.ranks.job import DEFAULT_FORMAT, ChangeFormat, RankJob
from fastw2v.ranks.protocol import Ranks
from fastw2v.settings import Settings
from fastw2v.training.epoch_end import EpochLog
from fastw2v.training.ledger import Ledger, counts_of
from fastw2v.training.loop import Training
from fastw2v.training.options import FilePath, TrainingOptions, checked_options
from fastw2v.training.provenance import difference, made_with


def save_checkpoint(
    path: FilePath,
    training: Training,
    epoch_log: EpochLog,
    options: dict[str, Any],
    finished: bool,
) -> None:
    """Write a checkpoint; the engine must be idle. Raises OutputError.

    options: as `fastw2v.training.options.options_to_keep` returns them.
    finished: nothing is left to train.
    """
    epoch, result = training.epoch, training.result
    model = training.engine.read_model()
    scores, best_epoch, best_vectors = epoch_log.state(epoch)
    header = {
        **made_with(training.settings),
        "settings": training.settings.as_dict(),
        "text": training.corpus.fingerprint,
        "finished": finished,
        "ids_read": training.engine.ids_read(),  # of the epoch
        "ranks": None if training.job is None else _kept_of(training.job),
        "train_seconds": result.train_seconds,
        "ledgers": [each.as_dict() for each in result.ledgers[:epoch]],
        "loss": result.loss[:epoch],
        "loss_stderr": result.loss_stderr[:epoch],
        "scores": scores,
        "best_epoch": best_epoch,
        "options": options,
    }
    spellings = [to_bytes(word) for word in training.corpus.vocabulary.words]
    arrays = {
        "spellings": np.frombuffer(b"".join(spellings), np.uint8),
        "lengths": np.array([len(each) for each in spellings], np.int64),
        "counts": training.corpus.vocabulary.counts,
        "frozen": training.frozen,
        **training.engine.state(),
        "inputs": model.inputs,
        "outputs": model.outputs,
        "nodes": model.nodes,
        "best_vectors": best_vectors,
    }
    present = {name: array for name, array in arrays.items() if array is not None}
    write_array_file(path, header, present)


def _kept_of(job: RankJob) -> dict[str, Any]:
    return {
        "number": job.ranks.size,
        "local": job.local,
        "exchange": job.exchange,
        "in_turns": job.in_turns,
    }


class Checkpoint:
    """A checkpoint opened: its header is read, its arrays are when they are asked for.

    finished: nothing was left to train. trained_seconds: so far.
    from_header: the names of the options that `options` took from the file.

    Raises CheckpointError if it cannot be read or is corrupt.
    """

    def __init__(self, path: FilePath):
        self._file = ArrayFile(path)
        self.path = self._file.path
        self.from_header: frozenset[str] = frozenset()
        header = self._file.header
        try:
            self._settings = Settings(**header["settings"])
            self._text = dict(header["text"])
            self.finished = bool(header["finished"])
            self._within_epoch = int(header["ids_read"]) > 0
            on_ranks = header.get("ranks") or {"number": 1, "local": False, "exchange": None}
            self.ranks = int(on_ranks["number"])
            self._local, self._exchange = bool(on_ranks["local"]), on_ranks["exchange"]
            in_turns = on_ranks.get("in_turns")
            self._in_turns = None if in_turns is None else int(in_turns)
            self._options = checked_options(dict(header["options"]))
            self._ledgers = [Ledger(**each) for each in header["ledgers"]]
            self._loss = [float(each) for each in header["loss"]]
            self._loss_stderr = [float(each) for each in header["loss_stderr"]]
            self.trained_seconds = float(header["train_seconds"])
            self._scores = [
                {str(name): None if score is None else float(score) for name, score in each.items()}
                for each in header["scores"]
            ]
            self._best_epoch = int(header["best_epoch"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise self._corrupt(str(error)) from error

    @property
    def corpus(self) -> tuple[str, ...]:
        """The files that were trained on; empty if these were lists of tokens."""
        return tuple(self._options.get("corpus", ()))

    @property
    def epochs_trained(self) -> int:
        """Epochs that were finished."""
        return len(self._ledgers)

    def settings(self, given: Mapping[str, Any]) -> Settings:
        """The settings to continue with.

        given: settings by name, of which only ``epochs`` and ``device`` may differ from those of
            the checkpoint.
        Raises CheckpointError, which says which differs.
        """
        kept = self._settings.as_dict()
        for name, value in given.items():
            if name not in ("epochs", "device") and value is not None and value != kept[name]:
                raise CheckpointError(
                    f"{self.path}: was trained with {parameter(name, kept[name])}, not "
                    f"{value}: drop {parameter(name)}, or start a new training"
                )
        epochs = given.get("epochs") or kept["epochs"]
        if epochs < kept["epochs"]:
            raise CheckpointError(
                f"{self.path}: is of a training of {kept['epochs']} epochs: "
                f"{parameter('epochs')} can only be more"
            )
        device = given.get("device") or kept["device"]
        return Settings(**(kept | {"epochs": epochs, "device": device}))

    def options(self, given: Mapping[str, Any]) -> TrainingOptions:
        """The options kept in the checkpoint, with those ``given``, by name, in their place."""
        kept = {name: value for name, value in self._options.items() if name != "corpus"}
        self.from_header = frozenset(kept.keys() - given.keys())
        return TrainingOptions(**(kept | dict(given)), resume=self)

    def difference(self) -> str | None:
        """See `fastw2v.training.provenance`."""
        return difference(self._file.header, self._settings)

    def change_of_device(self, settings: Settings) -> str | None:
        """One line if the training goes on elsewhere: a place within an epoch means nothing there,
        so that the epoch begins again. None if it does not."""
        before, now = self._settings.device, settings.device
        if before == now:
            return None
        return (
            f"was trained with {parameter('device', before)}; with {parameter('device', now)} "
            f"epoch {self.epochs_trained + 1} is trained from its beginning"
        )

    def all_trained(self, settings: Settings) -> bool:
        """Whether nothing is left to train with these settings, either."""
        return self.finished and settings.epochs == self._settings.epochs

    def vocabulary(self) -> Vocabulary:
        """The vocabulary that was trained."""
        words = [to_word(word) for word in read_spellings(self._file)]
        counts = self._file.read("counts")
        if counts.dtype != np.int64 or not plausible_counts(counts):
            raise self._corrupt("impossible word counts")
        try:
            return Vocabulary(words, counts)
        except FastW2VError as error:
            raise self._corrupt(str(error)) from error

    def check_text(self, corpus: Corpus) -> None:
        """Raise CheckpointError unless this is the text that was trained on."""
        found = corpus.fingerprint
        if found == self._text:
            return
        words = (self._text.get("words_read", 0), found["words_read"])
        what = "as many words, but others" if words[0] == words[1] else f"{words[1]} words"
        raise CheckpointError(
            f"{self.path}: was trained on another text, of {words[0]} words; "
            f"this one has {what}: name the same files in the same order, unchanged"
        )

    def check_ranks(self, ranks: int) -> None:
        """Raise CheckpointError unless so many ranks can go on: within an epoch each has its part
        of the text."""
        if ranks == self.ranks or not self._within_epoch:
            return
        how = f"mpirun -n {self.ranks} fastw2v train {parameter('ranks')} ..."
        remedy = f"resume with {how}" if self.ranks > 1 else f"drop {parameter('ranks')}"
        raise CheckpointError(
            f"{self.path}: was trained on {_ranks(self.ranks)} and saved within an epoch, so that "
            f"{ranks} cannot go on: {remedy}"
        )

    def job(self, ranks: Ranks, given: Mapping[str, Any]) -> RankJob:
        """The job to continue with. given: fields of `RankJob`, by name, in place of those kept.

        Raises CheckpointError if the checkpoint is corrupt.
        """
        exchange = given.get("exchange") or self._exchange or DEFAULT_FORMAT
        if exchange not in get_args(ChangeFormat):
            raise self._corrupt(f"exchange {exchange!r:.60}")
        in_turns = given.get("in_turns", self._in_turns)
        return RankJob(ranks, given.get("local", self._local), exchange, in_turns)

    def change_of_ranks(self, job: RankJob | None) -> str | None:
        """One line if another number of ranks goes on, from the beginning of an epoch."""
        now = 1 if job is None else job.ranks.size
        if now == self.ranks:
            return None
        return f"was trained on {_ranks(self.ranks)}; {_ranks(now)} go on"

    def training(self, corpus: Corpus, settings: Settings, job: RankJob | None = None) -> Training:
        """The training, as it was saved. corpus: accepted by `check_text`; job: of ranks accepted
        by `check_ranks`."""
        words = len(corpus.vocabulary)
        shapes = matrix_shapes(words, settings)
        matrices = {name: self._matrix(name, shape) for name, shape in shapes.items()}
        frozen = self._file.read("frozen")
        if frozen.size not in (0, words) or frozen.dtype != np.bool_:
            raise self._corrupt("its frozen words are not as many as its words")
        engine = new_engine(corpus, Model(settings.size, **matrices), settings, frozen, job)
        training = Training(corpus, settings, engine, frozen, job)
        result = training.result
        if self.change_of_device(settings) or self.change_of_ranks(job):
            engine.start_from(len(self._ledgers), counts_of(self._ledgers))
        else:
            try:
                engine.restore({name: self._file.read(name) for name in engine.state()})
            except EngineStateError as error:
                raise self._corrupt(str(error)) from error
        figures: Iterable[list[Any]] = (self._ledgers, self._loss, self._loss_stderr)
        if any(len(each) != engine.epoch for each in figures):
            raise self._corrupt("its figures are not of as many epochs as were trained")
        result.ledgers, result.train_seconds = list(self._ledgers), self.trained_seconds
        result.loss, result.loss_stderr = list(self._loss), list(self._loss_stderr)
        return training

    def restore_log(self, epoch_log: EpochLog) -> None:
        """Restore an `EpochLog` whose vocabulary is bound."""
        best = None
        if "best_vectors" in self._file:
            best = self._matrix("best_vectors", (len(epoch_log.words), self._settings.size))
        epoch_log.restore(self._scores, self._best_epoch, best)

    def _matrix(self, name: str, shape: tuple[int, int]) -> np.ndarray:
        matrix = self._file.read(name)
        if matrix.shape != shape or matrix.dtype != np.float32:
            raise self._corrupt(f"{name} of shape {matrix.shape} instead of {shape}")
        return matrix

    def _corrupt(self, what: str) -> CheckpointError:
        return CheckpointError(f"{self.path}: the checkpoint is corrupt ({what}); use another one")


def _ranks(number: int) -> str:
    return f"{number} rank{'s' if number > 1 else ''}"
