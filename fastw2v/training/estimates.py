"""What a training will need, told before the long work: memory, and room on disk.

The figures are those of ``benchmarks/notebook/memory.md``, within a tenth of what was measured; a
first run, which compiles, takes some 110 MB more. Whether there is as much: see
`fastw2v.system.resources`.
"""

import os
from dataclasses import dataclass

from fastw2v.corpus.id_buffer import MEMORY_LIMIT
from fastw2v.formats import format_of_name
from fastw2v.kernels.layers.registry import table_bytes
from fastw2v.kernels.rounds import words_of_round
from fastw2v.kernels.state import SENTENCE_WORDS
from fastw2v.matrix.aligned import padded
from fastw2v.settings import Settings
from fastw2v.training.epoch_end import EpochEnd

_PROGRAM = 170_000_000  # bytes: Python, NumPy, Numba with its compiler, kernels
_COMPILING = 40_000_000  # of these what comes after the corpus is read, when kernels are compiled
_TABLES = 42  # bytes a word: thresholds, counts, what making the layers' tables takes
_STRING = 60  # bytes a word besides its spelling: the string and its place in a list
_LOOKUP = 96  # bytes a word besides its spelling: the index, and the bytes to be written
_LONGEST_PATH = 40  # output rows of hierarchical softmax for a word


@dataclass(frozen=True)
class Needs:
    """Bytes that a training needs.

    memory: of the whole process, at its peak.
    training: of these what is not yet taken when the corpus has been read.
    output: the files of vectors.
    checkpoint: one checkpoint; 0 where none is written.
    """

    memory: int
    training: int
    output: int
    checkpoint: int

    def files(self, output, checkpoint=None) -> list[tuple[str, int]]:
        """What `check_disk` is to be asked: paths, and bytes that must be free for them.

        A checkpoint is written beside the last one, so the first needs room for two.
        """
        files = [(os.fspath(output), self.output)]
        if checkpoint is not None:
            copies = 1 if os.path.exists(checkpoint) else 2
            files.append((os.fspath(checkpoint), copies * self.checkpoint))
        return files


def needs(
    words: int,
    spelling_bytes: int,
    ids: int,
    settings: Settings,
    *,
    vectors: str = "in",
    end: EpochEnd | None = None,
    checkpoint: bool = False,
) -> Needs:
    """What the training of ``words`` words on a text of ``ids`` ids needs.

    spelling_bytes: of all words together.
    vectors: which are returned: ``in``, ``out``, ``sum`` or ``mean``.
    end: what is done at each epoch's end, and where the vectors are written.
    checkpoint: whether checkpoints are written: all matrices and the words.
    """
    end = end or EpochEnd()
    matrices = 1 + (settings.negative > 0 or settings.softmax) + settings.hs
    numbers = words * settings.size
    trained = 4 * matrices * words * padded(settings.size)
    best = 4 * numbers if end.stop_early else 0  # the vectors of the best epoch so far
    spelled = spelling_bytes + 2 * words  # a blank and a line end each
    training = (
        _COMPILING
        + trained
        + words * (_TABLES + _LOOKUP)
        + table_bytes(words, settings)
        + spelling_bytes
        + settings.threads * (_scratch(settings) + _own_rows(words, settings))
        + 4 * _copies(vectors, end, settings.size) * numbers
        + best
    )
    # Ids past the limit lie in a file, whose pages the system takes back when it must.
    held = 4 * ids if 4 * ids <= MEMORY_LIMIT else 0
    read = _PROGRAM - _COMPILING + held + words * _STRING + spelling_bytes
    return Needs(
        memory=read + training,
        training=training,
        output=_files(end, settings.epochs) * (round(_bytes_per_number(end) * numbers) + spelled),
        checkpoint=(trained + best + 16 * words + spelled) if checkpoint else 0,
    )


def _copies(vectors: str, end: EpochEnd, size: int) -> int:
    """Matrices made besides those trained. In the end, the output vectors are gone before the
    input vectors are copied without their padding; at the end of an epoch they are not."""
    if vectors == "in":
        return int(end.looks and padded(size) != size)
    return {"out": 1, "sum": 1, "mean": 2}[vectors]


def _files(end: EpochEnd, epochs: int) -> int:
    """Files of vectors that are certainly written."""
    if not end.save_every or end.stop_early:
        return 1
    return 1 + epochs // end.save_every


def _bytes_per_number(end: EpochEnd) -> float:
    """Bytes that a number takes in the files of vectors, rather too few than too many."""
    if end.save_as is None:
        return 4.0
    if os.fspath(end.save_as).lower().endswith((".gz", ".bz2", ".xz")):
        return 3.5  # compressed or not, that much of a float32 is chance
    return 4.0 if (end.save_format or format_of_name(end.save_as)) in ("binary", "npy") else 12.5


def _scratch(settings: Settings) -> int:
    """Bytes of a thread's working memory, which is much for wide windows and many samples only."""
    rows = max(settings.negative + 1, _LONGEST_PATH * settings.hs)
    context = 2 * settings.window
    return (
        4 * SENTENCE_WORDS * (1 + settings.negative)
        + 12 * context
        + 20 * rows
        + 32 * context * (1 + rows // 4)
        + 4 * padded(settings.size) * (4 + 128 * settings.hs)
    )


def _own_rows(words: int, settings: Settings) -> int:
    """Bytes of the rows that a thread has for itself where training is deterministic."""
    if not settings.in_rounds:
        return 0
    trained = words_of_round(settings.threads)
    most = [trained, (settings.negative > 0) * trained * (1 + settings.negative)]
    most.append(settings.hs * words)
    row = 4 * padded(settings.size) + 4
    return sum(4 * words + row * min(words, each) for each in most if each)
