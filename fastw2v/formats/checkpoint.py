"""The vectors in a checkpoint of a training, at the time it was saved. Read-only.

They can be read while the training runs, and from an interrupted one.
"""

import math
import os
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from fastw2v.errors import CheckpointError, FormatError
from fastw2v.formats.reading import Reading, Stream
from fastw2v.io.array_file import MAGIC, ArrayFile
from fastw2v.settings import Settings

_CORRUPT = "the checkpoint is corrupt"


def matches(stream: Stream) -> bool:
    """Whether the content is a checkpoint. Raises FormatError if it is compressed or a pipe."""
    if not stream.head.startswith(MAGIC):
        return False
    stream.check_plain("checkpoint")
    return True


def read(stream: Stream, reading: Reading) -> tuple[list[bytes], np.ndarray]:
    """Words and (V, D) float32 input vectors."""
    try:
        file = ArrayFile(reading.path)
        words, matrix = read_spellings(file), file.read("inputs")
    except CheckpointError as error:
        raise FormatError(str(error)) from error
    size = _size(file.header)
    if matrix.dtype != np.float32 or matrix.ndim != 2 or not 0 < size <= matrix.shape[1]:
        raise FormatError(f"{reading.path}: {_CORRUPT} (its vectors); use another one")
    if len(words) != len(matrix) or not words:
        counted = f"{len(words)} words, {len(matrix)} vectors"
        raise FormatError(f"{reading.path}: {_CORRUPT} ({counted}); use another one")
    first = int(file.header["settings"].get("no_sentence_end") is True)
    rows = slice(first, None if reading.limit is None else first + reading.limit)
    return words[rows], np.ascontiguousarray(matrix[rows, :size])


def read_spellings(file: ArrayFile) -> list[bytes]:
    """The words of a checkpoint. Raises CheckpointError if they are corrupt."""
    lengths, spellings = file.read("lengths"), file.read("spellings").tobytes()
    ends = [0, *accumulate(lengths.ravel().tolist())]
    fit = lengths.dtype == np.int64 and ends == sorted(ends) and ends[-1] == len(spellings)
    if not fit or b"\n" in spellings:
        raise CheckpointError(f"{file.path}: {_CORRUPT} (lengths of words); use another one")
    return [spellings[start:end] for start, end in pairwise(ends)]


def progress(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Progress of the training in a checkpoint: completed ``epochs`` of ``epochs_wanted``,
    ``seconds`` spent, whether it is ``finished``, how many ``ranks`` trained it; its ``model``,
    all ``settings``, and the ``options``: what resuming it reads and writes. Raises
    FormatError."""
    try:
        header = ArrayFile(path).header
        settings = Settings(**header["settings"])
        found: dict[str, Any] = {
            "model": settings.model,
            "epochs": len(header["ledgers"]),
            "epochs_wanted": settings.epochs,
            "seconds": float(header["train_seconds"]),
            "finished": bool(header["finished"]),
            "ranks": int((header.get("ranks") or {"number": 1})["number"]),
            "settings": settings.as_dict(),
            "options": dict(header["options"]),
        }
    except CheckpointError as error:
        raise FormatError(str(error)) from error
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise FormatError(f"{path}: {_CORRUPT} ({error}); use another one") from error
    if not math.isfinite(found["seconds"]):
        raise FormatError(f"{path}: {_CORRUPT} ({found['seconds']} seconds); use another one")
    return found


def _size(header: dict[str, Any]) -> int:
    settings = header.get("settings")
    size = settings.get("size") if isinstance(settings, dict) else None
    return size if type(size) is int else 0
