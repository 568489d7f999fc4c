"""What a checkpoint holds of a training, and the way back.

The header tells settings, text, figures and what was ordered; the arrays are the vocabulary, the
matrices, and the shards' counters and random states. The text itself is not in it: it is read
again, and held against its fingerprint.
"""

from typing import Any

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.engines.protocol import EngineStateError
from fastw2v.errors import CheckpointError, FastW2VError
from fastw2v.formats.checkpoint import spelled
from fastw2v.io.array_file import Container, write_container
from fastw2v.io.encoding import to_bytes, to_word
from fastw2v.matrix.aligned import padded
from fastw2v.model.matrices import Model
from fastw2v.settings import Settings
from fastw2v.training.ledger import Ledger
from fastw2v.training.loop import Training
from fastw2v.version import __version__

_MATRICES = ("inputs", "outputs", "nodes")


def save_training(path, training: Training, log, order: dict[str, Any], finished: bool) -> None:
    """Write a checkpoint. Raises OutputError.

    log: a `fastw2v.training.epoch_end.EpochLog`. order: kept as it is.
    finished: nothing is left to train.
    """
    epoch, result = training.epoch, training.result
    model = training.engine.read_model()
    scores, best_epoch, best_vectors = log.state(epoch)
    header = {
        "fastw2v": __version__,
        "settings": training.settings.as_dict(),
        "text": training.corpus.fingerprint,
        "finished": finished,
        "train_seconds": result.train_seconds,
        "ledgers": [each.as_dict() for each in result.ledgers[:epoch]],
        "loss": result.loss[:epoch],
        "loss_stderr": result.loss_stderr[:epoch],
        "scores": scores,
        "best_epoch": best_epoch,
        "order": order,
    }
    spelled = [to_bytes(word) for word in training.corpus.vocabulary.words]
    arrays = {
        "spellings": np.frombuffer(b"".join(spelled), np.uint8),
        "lengths": np.array([len(each) for each in spelled], np.int64),
        "counts": training.corpus.vocabulary.counts,
        "frozen": training.frozen,
        **training.engine.state(),
        **{name: getattr(model, name) for name in _MATRICES},
        "best_vectors": best_vectors,
    }
    present = {name: array for name, array in arrays.items() if array is not None}
    write_container(path, header, present)


def _possible(counts: np.ndarray) -> bool:
    """Whether a vocabulary can have these counts: falling but for the sentence end's, and not too
    many to be added up."""
    falling = (np.diff(counts[1:]) <= 0).all()
    return bool((counts >= 0).all() and falling and counts.sum(dtype=np.float64) <= 2.0**62)


class Saved:
    """A checkpoint that was read: of its arrays, only when they are asked for.

    finished: nothing was left to train. order: what the writer was given.
    trained_seconds: so far.

    Raises CheckpointError where it cannot be read, or does not make sense.
    """

    def __init__(self, path):
        self._file = Container(path)
        self.path = self._file.path
        header = self._file.header
        try:
            self._settings = Settings(**header["settings"])
            self._text = dict(header["text"])
            self.finished = bool(header["finished"])
            self.order: dict[str, Any] = dict(header["order"])
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
            raise self._strange(str(error)) from error

    def settings(self, given: dict[str, Any]) -> Settings:
        """The settings to go on with. given: settings by name, of which only ``epochs`` may be
        others than those of the checkpoint. Raises CheckpointError, which says which differs."""
        kept = self._settings.as_dict()
        for name, value in given.items():
            if name != "epochs" and value is not None and value != kept[name]:
                raise CheckpointError(
                    f"{self.path}: was trained with {name} {kept[name]}, and {value} is asked for: "
                    "leave that out, or train anew"
                )
        epochs = given.get("epochs") or kept["epochs"]
        if epochs < kept["epochs"]:
            raise CheckpointError(
                f"{self.path}: was to be trained for {kept['epochs']} epochs; "
                "--epochs may be more, not less"
            )
        return Settings(**(kept | {"epochs": epochs}))

    def all_trained(self, settings: Settings) -> bool:
        """Whether with these settings, too, nothing is left to train."""
        return self.finished and settings.epochs == self._settings.epochs

    def vocabulary(self) -> Vocabulary:
        """The vocabulary trained."""
        words = [to_word(word) for word in spelled(self._file)]
        counts = self._file.read("counts")
        if counts.dtype != np.int64 or not _possible(counts):
            raise self._strange("counts of words that cannot be")
        try:
            return Vocabulary(words, counts)
        except FastW2VError as error:
            raise self._strange(str(error)) from error

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

    def training(self, corpus: Corpus, settings: Settings) -> Training:
        """The training, as it was saved. corpus: accepted by `check_text`."""
        has_outputs = settings.negative > 0 or settings.softmax
        wanted = zip(_MATRICES, (True, has_outputs, settings.hs), strict=True)
        shape = len(corpus.vocabulary), padded(settings.size)
        model = Model(
            settings.size, *(self._matrix(name, shape) if has else None for name, has in wanted)
        )
        frozen = self._file.read("frozen")
        if frozen.size not in (0, len(corpus.vocabulary)) or frozen.dtype != np.bool_:
            raise self._strange("its frozen words are not as many as its words")
        training = Training(corpus, settings, model, frozen)
        engine, result = training.engine, training.result
        try:
            engine.restore({name: self._file.read(name) for name in engine.state()})
        except EngineStateError as error:
            raise self._strange(str(error)) from error
        lists = (self._ledgers, self._loss, self._loss_stderr)
        if any(len(each) != engine.epoch for each in lists):
            raise self._strange("its figures are not of as many epochs as it was trained")
        result.ledgers, result.train_seconds = list(self._ledgers), self.trained_seconds
        result.loss, result.loss_stderr = list(self._loss), list(self._loss_stderr)
        return training

    def restore_log(self, log) -> None:
        """Give an `EpochLog`, which has met the words, what it knew. A best epoch without its
        vectors is forgotten."""
        best = None
        if "best_vectors" in self._file:
            best = self._matrix("best_vectors", (len(log.words), self._settings.size))
        log.restore(self._scores, self._best_epoch, best)

    def _matrix(self, name: str, shape: tuple[int, int]) -> np.ndarray:
        matrix = self._file.read(name)
        if matrix.shape != shape or matrix.dtype != np.float32:
            raise self._strange(f"{name} of shape {matrix.shape} instead of {shape}")
        return matrix

    def _strange(self, what: str) -> CheckpointError:
        return CheckpointError(f"{self.path}: the checkpoint makes no sense ({what}); take another")
