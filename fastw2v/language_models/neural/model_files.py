"""Neural language models in files: the parameters, and in a checkpoint what continues a training.

Both are read by `fastw2v.language_models.files.load_model`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from fastw2v.corpus import Corpus
from fastw2v.engines.protocol import EngineStateError
from fastw2v.errors import CheckpointError, FormatError, message_of, parameter
from fastw2v.io.array_file import LANGUAGE_MODEL, ArrayFile, write_array_file
from fastw2v.io.encoding import SENTENCE_END, to_bytes, to_word
from fastw2v.io.files import StrPath
from fastw2v.language_models.neural.engine import NeuralEngine
from fastw2v.language_models.neural.network import Network, array_shapes
from fastw2v.language_models.neural.neural_model import NeuralModel
from fastw2v.language_models.neural.settings import LanguageModelSettings
from fastw2v.training.ledger import Ledger
from fastw2v.training.loop import Training

KIND = "neural"


def save_neural_model(path: StrPath, model: NeuralModel) -> None:
    """Write a model, which replaces ``path`` once it is complete. Raises OutputError."""
    header, arrays = _contents(model.words, model.network)
    write_array_file(path, header, arrays, LANGUAGE_MODEL)


def save_neural_checkpoint(path: StrPath, training: Training, finished: bool) -> None:
    """Write a training; its engine must be idle. Raises OutputError."""
    engine, result, epoch = training.engine, training.result, training.epoch
    assert isinstance(engine, NeuralEngine)
    header, arrays = _contents(training.corpus.vocabulary.words[:-1], engine.network)
    header["training"] = {
        "text": training.corpus.fingerprint,
        "finished": finished,
        "seconds": result.train_seconds,
        "loss": result.loss[:epoch],
    }
    write_array_file(path, header, arrays | engine.state(), LANGUAGE_MODEL)


def read_neural_model(file: ArrayFile) -> NeuralModel:
    """The model in a file, also in a checkpoint. Raises FormatError if it is damaged."""
    settings = _settings(file)
    words = [to_word(each) for each in file.read("words").tobytes().split(b"\n")]
    counts = file.read("counts")
    sound = words[0] == SENTENCE_END and len({*words}) == len(words) >= 2
    sound = sound and counts.dtype == np.int64 and counts.shape == (len(words) + 1,)
    if not sound or (counts < 0).any() or not 0 < counts.sum(dtype=np.float64) < 2.0**62:
        raise _corrupt(file, "its words")
    arrays = {}
    for name, shape in array_shapes(settings, len(counts)).items():
        array = file.read(name)
        if array.shape != shape or array.dtype != np.float32 or not np.isfinite(array).all():
            raise _corrupt(file, f"its {name}")
        arrays[name] = array
    return NeuralModel(words, Network(settings, counts, arrays))


class NeuralCheckpoint:
    """A training in a file. finished: nothing was left to train. Raises CheckpointError."""

    def __init__(self, path: StrPath):
        try:
            self._file = ArrayFile(path, LANGUAGE_MODEL)
            if self._file.header.get("kind") != KIND or "training" not in self._file.header:
                raise FormatError(f"{path}: not a checkpoint of `fastw2v lm`")
            self.model = read_neural_model(self._file)
        except FormatError as error:
            raise CheckpointError(message_of(error)) from error
        self.path = self._file.path
        try:
            about = self._file.header["training"]
            self.finished = bool(about["finished"])
            self._text, self._seconds = dict(about["text"]), float(about["seconds"])
            self._loss = [float(each) for each in about["loss"]]
        except (KeyError, TypeError, ValueError) as error:
            raise self._corrupt(str(error)) from error

    def training(self, corpus: Corpus, settings: LanguageModelSettings) -> Training:
        """The training as it was saved, to be continued with the same settings; there may be more
        epochs. Raises CheckpointError if the text or the settings are others."""
        if corpus.fingerprint != self._text:
            raise CheckpointError(
                f"{self.path}: was trained on another text: name the same files in the same order, "
                "unchanged"
            )
        self.model.network.settings = settings
        engine = NeuralEngine(corpus.ids, self.model.network)
        try:
            engine.restore({name: self._file.read(name) for name in engine.state()})
        except (EngineStateError, FormatError) as error:
            raise self._corrupt(str(error)) from error
        if len(self._loss) != engine.epoch or engine.epoch > settings.epochs:
            raise self._corrupt("its figures are not of as many epochs as were trained")
        training = Training(corpus, settings, engine)
        result, words = training.result, corpus.words_known
        result.loss, result.loss_stderr = list(self._loss), [0.0] * engine.epoch
        result.ledgers = [Ledger(read=words, trained=words)] * engine.epoch
        result.train_seconds = self._seconds
        return training

    def check_settings(self, settings: LanguageModelSettings) -> None:
        """Raise CheckpointError unless the training can be continued with these settings."""
        saved = self.model.network.settings
        for name, value in settings.with_output_layer(len(self.model.words) + 1).as_dict().items():
            kept = getattr(saved, name)
            if name == "threads" or value == kept:
                continue
            if name == "epochs" and value > kept:
                continue
            rule = "can only be more" if name == "epochs" else "must stay the same"
            raise CheckpointError(
                f"{self.path}: was trained with {parameter(name, kept)}, not {value}: "
                f"{parameter(name)} {rule}"
            )

    def _corrupt(self, what: str) -> CheckpointError:
        return CheckpointError(message_of(_corrupt(self._file, what)))


def _contents(words: list[str], network: Network) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    settings = network.settings.as_dict()
    del settings["threads"]  # which make no difference
    spelled = np.frombuffer(b"\n".join(map(to_bytes, words)), np.uint8)
    header = {"kind": KIND, "settings": settings}
    return header, {"words": spelled, "counts": network.counts, **network.arrays}


def _settings(file: ArrayFile) -> LanguageModelSettings:
    try:
        settings = LanguageModelSettings(**file.header["settings"])
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _corrupt(file, "its settings") from error
    if settings.hs == settings.softmax:
        raise _corrupt(file, "its output layer")
    return settings


def _corrupt(file: ArrayFile, what: str) -> FormatError:
    return FormatError(f"{file.path}: the language model is corrupt ({what}); use another one")
