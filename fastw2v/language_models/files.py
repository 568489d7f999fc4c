"""Files of language models: arrays and a JSON header, see `fastw2v.io.array_file`. Nothing in them
is executed."""

from __future__ import annotations

from typing import Any

import numpy as np

from fastw2v.errors import FormatError
from fastw2v.io.array_file import LANGUAGE_MODEL, ArrayFile, write_array_file
from fastw2v.io.encoding import SENTENCE_END, to_bytes, to_word
from fastw2v.io.files import StrPath
from fastw2v.language_models.neural.model_files import KIND, read_neural_model
from fastw2v.language_models.ngram_counting import Level
from fastw2v.language_models.ngram_model import (
    HIGHEST_ORDER,
    SMOOTHINGS,
    NgramModel,
    NgramSettings,
)
from fastw2v.language_models.protocol import LanguageModel


def save_model(path: StrPath, model: NgramModel) -> None:
    """Write an n-gram model, which replaces ``path`` once it is complete. Raises OutputError."""
    spelled = b"\n".join(map(to_bytes, model.words))
    arrays = {"words": np.frombuffer(spelled, np.uint8)}
    for size, level in enumerate(model.levels, 1):
        arrays |= {f"{name}{size}": array for name, array in level._asdict().items()}
    header = {"kind": "ngram", "settings": model.settings._asdict()}
    write_array_file(path, header, arrays, LANGUAGE_MODEL)


def load_model(path: StrPath) -> LanguageModel:
    """Read a language model of any kind.

    Raises FormatError if the file cannot be read, is of another kind or version, or is damaged.
    """
    file = ArrayFile(path, LANGUAGE_MODEL)
    kind: Any = file.header.get("kind")
    if kind not in KINDS:
        raise FormatError(
            f"{file.path}: a language model of the kind {str(kind)[:40]!r}, which this version of "
            "fastw2v does not know; use a newer one"
        )
    return KINDS[kind](file)


def _read_ngrams(file: ArrayFile) -> NgramModel:
    settings = _settings(file)
    words = [to_word(each) for each in file.read("words").tobytes().split(b"\n")]
    if words[0] != SENTENCE_END or len({*words}) != len(words) or len(words) < 2:
        raise _corrupt(file, "its words")
    levels: list[Level] = []
    prefixes = 1
    for size in range(1, settings.order + 1):
        level = Level(*(file.read(f"{name}{size}") for name in Level._fields))
        _check_level(file, level, prefixes, len(words) + 2)
        prefixes = len(level.lasts)
        levels.append(level)
    if len(levels[0].lasts) != len(words) + 2 or not levels[0].counts.any():
        raise _corrupt(file, "its n-grams")
    return NgramModel(words, levels, settings)


KINDS = {"ngram": _read_ngrams, KIND: read_neural_model}
"""Kind of language model -> function that reads one from an `ArrayFile`."""


def _settings(file: ArrayFile) -> NgramSettings:
    try:
        settings = NgramSettings(**file.header["settings"])
        order, smoothing, discounts = settings
        sound = type(order) is int and 1 <= order <= HIGHEST_ORDER and smoothing in SMOOTHINGS
        if smoothing == "kneser-ney":
            table = np.array(discounts, np.float64)
            sound = (
                sound and table.shape == (order, 3) and bool(((table >= 0) & (table <= 3)).all())
            )
        elif discounts is not None:
            sound = False
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise _corrupt(file, "its settings") from error
    if not sound:
        raise _corrupt(file, "its settings")
    return settings


def _check_level(file: ArrayFile, level: Level, prefixes: int, words: int) -> None:
    """Raise FormatError unless the kernels can use the arrays without leaving them."""
    starts, lasts, counts = level
    kinds = [array.dtype for array in level] == [np.int64, np.int32, np.int64]
    if (
        not kinds
        or starts.shape != (prefixes + 1,)
        or lasts.ndim != 1
        or counts.shape != lasts.shape
    ):
        raise _corrupt(file, "the shape of its arrays")
    in_order = starts[0] == 0 and starts[-1] == len(lasts) and bool((np.diff(starts) >= 0).all())
    if not in_order or not bool(((lasts >= 0) & (lasts < words)).all() and (counts >= 0).all()):
        raise _corrupt(file, "its n-grams")


def _corrupt(file: ArrayFile, what: str) -> FormatError:
    return FormatError(f"{file.path}: the language model is corrupt ({what}); use another one")
