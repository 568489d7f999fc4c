"""What a training will need, estimated before the long work: memory and disk space.

The figures are those of ``benchmarks/notebook/memory.md``, within a tenth of what was measured; a
first run, which compiles, needs some 110 MB more. `fastw2v.system.resources` compares them with
what is free. Arrays come from the table from which they are allocated,
`fastw2v.engines.shapes`.
"""

import math
import os
from dataclasses import dataclass

from fastw2v.corpus.id_buffer import MEMORY_LIMIT
from fastw2v.engines.shapes import engine_bytes
from fastw2v.formats import format_of_name
from fastw2v.matrix.aligned import padded
from fastw2v.model.matrices import matrix_shapes
from fastw2v.settings import Settings
from fastw2v.training.options import TrainingOptions

_PROGRAM = 170_000_000  # bytes: Python, NumPy, Numba with its compiler, kernels
_COMPILING = 40_000_000  # of these what comes after the corpus is read, when kernels are compiled
_STRING = 60  # bytes a word besides its spelling: the string and its place in a list
_LOOKUP = 96  # bytes a word besides its spelling: the index, and the bytes to be written


@dataclass(frozen=True)
class Needs:
    """Bytes that a training needs.

    memory: of the whole process, at its peak.
    training: the part of it that is not yet taken when the corpus has been read.
    output: the files of vectors; 0 if none are written.
    checkpoint: one checkpoint; 0 if none are written.
    """

    memory: int
    training: int
    output: int
    checkpoint: int

    def files(self, options: TrainingOptions) -> list[tuple[str, int]]:
        """For `check_disk`: the paths of ``options``, and bytes that must be free for them.

        A checkpoint is written beside the last one, so the first needs space for two.
        """
        files = []
        if options.output is not None:
            files.append((os.fspath(options.output), self.output))
        checkpoint = options.checkpoint_path
        if checkpoint is not None:
            copies = 1 if os.path.exists(checkpoint) else 2
            files.append((os.fspath(checkpoint), copies * self.checkpoint))
        return files


def needs(
    words: int,
    spelling_bytes: int,
    ids: int,
    settings: Settings,
    options: TrainingOptions = TrainingOptions(),  # noqa: B008, immutable
) -> Needs:
    """What the training of ``words`` words on a text of ``ids`` ids needs.

    spelling_bytes: of all words together.
    """
    numbers = words * settings.size
    shapes = matrix_shapes(words, settings).values()
    trained = sum(4 * math.prod(shape) for shape in shapes)
    best = 4 * numbers if options.stop_early else 0  # the vectors of the best epoch so far
    spelled = spelling_bytes + 2 * words  # a space and a line end each
    training = (
        _COMPILING
        + trained
        + engine_bytes(words, ids, settings)
        + words * _LOOKUP
        + spelling_bytes
        + 4 * _copies(options, settings.size) * numbers
        + best
    )
    # Ids above the limit are in a file, whose pages the system takes back when it must.
    held = 4 * ids if 4 * ids <= MEMORY_LIMIT else 0
    read = _PROGRAM - _COMPILING + held + words * _STRING + spelling_bytes
    file_bytes = round(_bytes_per_number(options) * numbers) + spelled
    return Needs(
        memory=read + training,
        training=training,
        output=_files(options, settings.epochs) * file_bytes,
        checkpoint=0 if options.checkpoint_path is None else trained + best + 16 * words + spelled,
    )


def _copies(options: TrainingOptions, size: int) -> int:
    """Matrices made besides those trained.

    In the end, all but the matrix wanted are gone before it is copied without its padding; at the
    end of an epoch they are not.
    """
    if options.vectors in ("in", "out"):
        return int(options.uses_epoch_vectors and padded(size) != size)
    return 2 if options.vectors == "both" else 1


def _files(options: TrainingOptions, epochs: int) -> int:
    """Files of vectors that are certainly written."""
    if options.output is None:
        return 0
    matrices = 2 if options.vectors == "both" else 1
    if not options.save_every or options.stop_early:
        return matrices
    return matrices * (1 + epochs // options.save_every)


def _bytes_per_number(options: TrainingOptions) -> float:
    """Bytes that a number takes in the files of vectors, rather too few than too many."""
    if options.output is None:
        return 0.0
    if os.fspath(options.output).lower().endswith((".gz", ".bz2", ".xz")):
        return 3.5  # compressed or not, that much of a float32 is random
    form = options.format or format_of_name(options.output)
    return 4.0 if form in ("binary", "npy") else 12.5
