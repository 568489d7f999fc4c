"""Whether files that exist were made by the training of a checkpoint.

A checkpoint names the files to be written, and it may come from somebody else. Of the files that
only the checkpoint names, those that exist are replaced if their content shows that this training
made them: vectors of its words, its vocabulary, a report of its settings.
"""

import json
import os
from itertools import chain
from typing import Any

import numpy as np

from fastw2v import formats
from fastw2v.corpus.vocabulary import Vocabulary
from fastw2v.errors import FastW2VError, OutputError, parameter
from fastw2v.settings import Settings
from fastw2v.standard_streams import DASH
from fastw2v.training.checkpoint import Checkpoint
from fastw2v.training.options import FilePath, TrainingOptions
from fastw2v.training.outputs import epoch_paths, format_of, vector_files, written_words

_COMPARED = 1_000  # words of a file of vectors
_LARGEST_REPORT = 1 << 26  # bytes
_MAY_CHANGE = {"epochs", "threads"}  # settings, when a training is resumed


def check_own_outputs(
    checkpoint: Checkpoint, vocabulary: Vocabulary, settings: Settings, options: TrainingOptions
) -> None:
    """Raise OutputError for a file that only the checkpoint names, and another program made."""
    named = checkpoint.from_header
    if "output" in named and options.output is not None:
        later = [path for _, path in epoch_paths(settings.epochs, options)]
        words = written_words(vocabulary, settings)
        files = [vector_files(path, "", options) for path in (options.output, *later)]
        for path, _ in chain.from_iterable(files):
            beside = formats.words_path(path, format=format_of(options))
            present = [each for each in (path, beside) if each is not None and _exists(each)]
            if present:
                is_own = present[0] == path and _is_vectors(path, beside, words, settings)
                _check(present[0], "output", is_own)
    if "save_vocab" in named and _exists(options.save_vocab):
        is_own = _is_vocabulary(options.save_vocab, vocabulary, settings)
        _check(options.save_vocab, "save_vocab", is_own)
    if "report" in named and _exists(options.report):
        is_own = _is_report(options.report, len(written_words(vocabulary, settings)), settings)
        _check(options.report, "report", is_own)


def _check(path: FilePath | None, name: str, is_own: bool) -> None:
    if not is_own:
        raise OutputError(
            f"cannot write {path}: it exists, and the training in the checkpoint did not make it; "
            f"name it with {parameter(name)} to replace it, or use {parameter('force', True)}"
        )


def _exists(path: FilePath | None) -> bool:
    return path is not None and path not in (DASH, os.devnull) and os.path.lexists(path)


def _is_vectors(
    path: FilePath, beside: FilePath | None, words: list[str], settings: Settings
) -> bool:
    """Whether the file at ``path`` has the vectors of this training.

    beside: its word list, if the format has one; a crash may have left the matrix without it.
    """
    try:
        if beside is not None and not os.path.exists(beside):
            return _is_matrix(path, len(words), settings.size)
        contents = formats.read(path, limit=_COMPARED, mapped=None)
    except (FastW2VError, OSError):
        return False
    same = contents.words == words[:_COMPARED]
    return same and contents.matrix.shape[1] == settings.size


def _is_matrix(path: FilePath, words: int, size: int) -> bool:
    """Whether a file is a matrix of these dimensions, without a word list."""
    if str(path).lower().endswith(".npy"):
        try:
            found = np.load(path, mmap_mode="r", allow_pickle=False)
        except Exception:  # hostile headers raise many types of error
            return False
        return bool(found.shape == (words, size) and found.dtype == np.float32)
    with open(path, "rb") as file:
        return file.readline(40 * size).count(b"\t") == size - 1


def _is_vocabulary(path: FilePath | None, vocabulary: Vocabulary, settings: Settings) -> bool:
    try:
        found = Vocabulary.load(path or "", 0)
    except (FastW2VError, OSError):
        return False
    if found.words != vocabulary.words:
        return False
    first = int(settings.no_sentence_end)  # its count is not in the file
    return bool((found.counts[first:] == vocabulary.counts[first:]).all())


def _is_report(path: FilePath | None, words: int, settings: Settings) -> bool:
    try:
        if not os.path.isfile(path or "") or os.path.getsize(path or "") > _LARGEST_REPORT:
            return False
        with open(path or "", encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError, RecursionError):
        return False
    if not isinstance(found, dict) or not isinstance(found.get("settings"), dict):
        return False
    kept = _lasting(settings.as_dict())
    return found.get("vocab_size") == words and _lasting(found["settings"]) == kept


def _lasting(settings: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in settings.items() if name not in _MAY_CHANGE}
