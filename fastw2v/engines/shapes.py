"""The arrays of a training, as a table: `allocation` allocates what is in it, and
`fastw2v.training.estimates` adds it up. The matrices are in `fastw2v.model.matrices`.

V words, P = dimensions padded, T threads (shards).
"""

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np

from fastw2v.engines.replica_plan import ReplicaPlan, plan_replicas
from fastw2v.jit.simd.width import SLOTS
from fastw2v.kernels.curvature import DIRECTIONS
from fastw2v.kernels.layers.registry import table_bytes, wanted_layers
from fastw2v.kernels.merging import LEVELS
from fastw2v.kernels.prefetch import MOST_NOTED
from fastw2v.kernels.records import FORMS, record_length
from fastw2v.kernels.state import COUNTERS, LOSS_SUMS, SENTENCE_WORDS, new_records
from fastw2v.kernels.targets import places_for
from fastw2v.matrix.aligned import SLAB_BYTES, aligned_zeros, padded, shard_shape
from fastw2v.model.matrices import matrix_shapes
from fastw2v.ranks.job import ChangeFormat
from fastw2v.settings import Settings

_LONGEST_PATH = 40  # output rows of a word in hierarchical softmax, as the estimate has it
_TABLES = 42  # bytes a word: thresholds, counts, what making the layers' tables takes


class ArraySpec(NamedTuple):
    """Shape and type of an array."""

    shape: tuple[int, ...]
    dtype: Any = np.float32

    @property
    def nbytes(self) -> int:
        """Its size in memory."""
        return math.prod(self.shape) * int(np.dtype(self.dtype).itemsize)

    def zeros(self) -> np.ndarray:
        """The array, filled with zeros, aligned to cache lines. Records are `new_records`."""
        if np.dtype(self.dtype).names:
            return new_records(*self.shape, self.dtype)
        return aligned_zeros(*self.shape, kind=self.dtype)


def scratch_arrays(settings: Settings, most_targets: int) -> dict[str, ArraySpec]:
    """The fields of `fastw2v.kernels.state.Scratch`, by name.

    most_targets: the most output rows against which one centre word is trained.
    """
    shards, width = settings.threads, padded(settings.size)
    context, places = 2 * settings.window, places_for(most_targets)

    def slabs(count: int, dtype: Any = np.float32) -> ArraySpec:
        return ArraySpec(shard_shape(shards, count, dtype), dtype)

    row = ArraySpec((shards, _apart(width), width))
    return {
        "sentence": slabs(SENTENCE_WORDS, np.int32),
        "noise": slabs(SENTENCE_WORDS * settings.negative, np.int32),
        "context": slabs(context, np.int32),
        "context_ptrs": slabs(context, np.int64),
        "context_update_ptrs": slabs(context, np.int64),
        "frozen_sink": row,
        "fetch_ptrs": slabs(1 + MOST_NOTED, np.int64),
        "mean_ptrs": slabs(2, np.int64),
        "hidden": row,
        "error": row,
        "padding_row": row,
        "rows": slabs(places, np.int32),
        "target_ptrs": slabs(places, np.int64),
        "labels": slabs(places),
        "weights": slabs(places),
        "scores": slabs(places),
        "gradients": slabs(SLOTS * context * (1 + most_targets // 4)),
    }


def shard_arrays(shards: int) -> dict[str, ArraySpec]:
    """The fields of `fastw2v.kernels.state.Shards`, by name."""
    return {
        "counters": ArraySpec((shards,), COUNTERS),
        "random": ArraySpec(shard_shape(shards, 1, np.uint64), np.uint64),
        "loss": ArraySpec((shards,), LOSS_SUMS),
        "control": ArraySpec((16,), np.int64),
    }


def replica_arrays(
    words: int, plan: ReplicaPlan, settings: Settings
) -> dict[str, dict[str, ArraySpec]]:
    """The large fields of `fastw2v.kernels.replicas.MatrixReplicas`, by name, for each matrix, by
    name."""
    found = {}
    for name, (rows, width) in matrix_shapes(words, settings).items():
        found[name] = {
            "copies": ArraySpec((plan.workers, len(plan.copied(name, rows)), width)),
            "factors": ArraySpec((LEVELS, 2 * SLOTS)),
        }
    return found


def curvature_arrays(settings: Settings) -> dict[str, ArraySpec]:
    """The fields of `fastw2v.kernels.replicas.Curvature` but ``shares``, by name."""
    threads, width = settings.threads, padded(settings.size)
    return {
        "directions": ArraySpec((DIRECTIONS, width)),
        "values": ArraySpec((DIRECTIONS + 1,), np.float64),
        "direction_ptrs": ArraySpec((DIRECTIONS,), np.int64),
        "sums": ArraySpec((threads, DIRECTIONS + 2 + _apart(width), width)),
        "work": ArraySpec((DIRECTIONS + 2, width), np.float64),
        "sum_ptrs": ArraySpec(shard_shape(threads, DIRECTIONS, np.int64), np.int64),
    }


def _apart(width: int) -> int:
    """Rows of so many float32 that fill `SLAB_BYTES`."""
    return -(-SLAB_BYTES // (4 * width))


def layer_names(settings: Settings) -> list[str]:
    """The output layers that settings ask for, by name."""
    return [each.name for each in wanted_layers(settings)]


def engine_bytes(words: int, ids: int, settings: Settings) -> int:
    """About what an engine allocates in the host's memory besides the matrices, for a text of so
    many ids."""
    tables = words * _TABLES + table_bytes(words, settings)
    if settings.device != "cpu":
        return tables  # copied to the device; the rest is there alone
    most_targets = max(settings.negative + 1, _LONGEST_PATH * settings.hs)
    arrays: list[ArraySpec] = [*scratch_arrays(settings, most_targets).values()]
    arrays += shard_arrays(settings.threads).values()
    plan = plan_replicas(words, ids, settings)
    for fields in replica_arrays(words, plan, settings).values():
        arrays += fields.values()
    arrays += 2 * [*curvature_arrays(settings).values()]
    return tables + _total(arrays)


def _total(arrays: Iterable[ArraySpec]) -> int:
    return sum(each.nbytes for each in arrays)


def exchange_bytes(words: int, settings: Settings, form: ChangeFormat) -> int:
    """Bytes that a rank needs for exchanges: the matrices of the last one, and as many records as
    there can be: its own, those that it merges, and merged ones."""
    shapes = matrix_shapes(words, settings).values()
    bases = sum(4 * math.prod(shape) for shape in shapes)
    records = 4 * record_length(settings.size, FORMS[form]) * sum(rows for rows, _ in shapes)
    return bases + 3 * records
