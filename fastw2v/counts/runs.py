"""Counts of 64-bit keys in bounded memory: sorted runs, on disk if there are many, and merged."""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from threading import Lock

import numpy as np

from fastw2v.errors import OutputError
from fastw2v.jit.compiled import compiled

MEMORY_LIMIT = 1 << 30
"""Bytes of runs, or of one column, beyond which they go to a temporary file."""

BLOCK = 1 << 22  # keys that are merged at once
_SAMPLES = 16  # of each run for each block, to divide the keys evenly


class Column:
    """An array that grows at its end: in memory, or in an unnamed temporary file.

    bound: the most elements that it can have. limit: bytes beyond which a file is used, which
    disappears with the last array mapped to it.
    """

    def __init__(self, bound: int, kind: type, limit: int = MEMORY_LIMIT):
        self._kind = np.dtype(kind)
        self._size = 0
        self._file = None
        self._array = None
        if bound * self._kind.itemsize <= limit:
            self._array = np.empty(bound, self._kind)  # takes memory only as it is filled
        else:
            try:
                self._file = tempfile.TemporaryFile(prefix="fastw2v-counts-")  # noqa: SIM115
            except OSError as error:
                raise _full(error) from error

    def append(self, values: np.ndarray) -> None:
        """Append ``values``. Raises OutputError if the temporary folder is full."""
        end = self._size + len(values)
        if self._file is None:
            self._array[self._size : end] = values
        elif len(values):
            try:
                self._file.write(memoryview(np.ascontiguousarray(values, self._kind)).cast("B"))
            except OSError as error:
                raise _full(error) from error
        self._size = end

    def finish(self) -> np.ndarray:
        """All values; nothing is appended afterwards."""
        if self._file is None:
            return self._array[: self._size]
        try:
            self._file.flush()
        except OSError as error:
            raise _full(error) from error
        if not self._size:
            return np.empty(0, self._kind)
        mapped = mmap.mmap(self._file.fileno(), self._size * self._kind.itemsize)
        self._file.close()  # the mapping keeps the file until the array is freed
        return np.frombuffer(mapped, self._kind)


class SortedRuns:
    """Collects keys with their values, and gives each key once with the sum of its values.

    memory_bytes: of runs; further ones go to temporary files. Several threads may call `add`.
    """

    def __init__(self, memory_bytes: int = MEMORY_LIMIT):
        self._left = memory_bytes
        self._runs: list[tuple[np.ndarray, np.ndarray]] = []
        self._lock = Lock()
        self.on_disk = 0  # runs

    def add(self, keys: np.ndarray, values: np.ndarray) -> None:
        """Add a run: (n,) uint64 ascending keys, each once, and (n,) int64 values.

        Raises OutputError if the temporary folder is full.
        """
        if not len(keys):
            return
        size = keys.nbytes + values.nbytes
        with self._lock:
            if size <= self._left:
                self._left -= size
            else:
                self.on_disk += 1
                keys, values = _on_disk(keys), _on_disk(values)
            self._runs.append((keys, values))

    def __len__(self) -> int:
        """The number of keys in all runs: an upper bound of the distinct ones."""
        return sum(len(keys) for keys, _ in self._runs)

    def merged(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield blocks of distinct keys, ascending, and the sums of their values.

        A block takes some `BLOCK` keys of all runs together.
        """
        runs = self._runs
        bounds = self._bounds()
        starts = [0] * len(runs)
        for bound in bounds:
            ends = [
                len(keys) if bound is None else int(np.searchsorted(keys, bound))
                for keys, _ in runs
            ]
            parts = [
                (keys[start:end], values[start:end])
                for (keys, values), start, end in zip(runs, starts, ends, strict=True)
                if end > start
            ]
            starts = ends
            if parts:
                keys = np.concatenate([each for each, _ in parts])
                values = np.concatenate([each for _, each in parts])
                yield sum_by_key(keys, values) if len(parts) > 1 else (keys, values)

    def collected(self, limit: int = MEMORY_LIMIT) -> tuple[np.ndarray, np.ndarray]:
        """All distinct keys, ascending, and the sums of their values; the runs are dropped."""
        bound = len(self)
        keys, values = Column(bound, np.uint64, limit), Column(bound, np.int64, limit)
        for some_keys, sums in self.merged():
            keys.append(some_keys)
            values.append(sums)
        self._runs = []
        return keys.finish(), values.finish()

    def _bounds(self) -> list[np.uint64 | None]:
        """Keys that divide all runs into blocks of similar size; None: the end."""
        blocks = -(-len(self) // BLOCK)
        if blocks < 2:
            return [None]
        step = max(1, BLOCK // _SAMPLES)
        sample = np.sort(np.concatenate([keys[::step] for keys, _ in self._runs]))
        places = np.arange(1, blocks) * len(sample) // blocks
        return [*np.unique(sample[places]), None]


def sum_by_key(keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct keys, ascending, and the sums of their values; exact, so in any order the same."""
    order = np.argsort(keys)
    return _summed(keys, values, order)


def count_keys(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Distinct keys, ascending, and how often each occurs; ``keys`` is sorted in place."""
    keys.sort()
    return _run_lengths(keys)


@compiled
def _summed(keys, values, order):
    distinct = np.empty(keys.size, np.uint64)
    sums = np.empty(keys.size, np.int64)
    last = -1
    for place in range(order.size):
        entry = order[place]
        if last >= 0 and distinct[last] == keys[entry]:
            sums[last] += values[entry]
        else:
            last += 1
            distinct[last] = keys[entry]
            sums[last] = values[entry]
    return distinct[: last + 1].copy(), sums[: last + 1].copy()


@compiled
def _run_lengths(keys):
    distinct = np.empty(keys.size, np.uint64)
    lengths = np.empty(keys.size, np.int64)
    last = -1
    for place in range(keys.size):
        if last >= 0 and distinct[last] == keys[place]:
            lengths[last] += 1
        else:
            last += 1
            distinct[last] = keys[place]
            lengths[last] = 1
    return distinct[: last + 1].copy(), lengths[: last + 1].copy()


def _on_disk(array: np.ndarray) -> np.ndarray:
    column = Column(len(array), array.dtype.type, limit=0)
    column.append(array)
    return column.finish()


def _full(error: OSError) -> OutputError:
    return OutputError(
        f"{tempfile.gettempdir()}: cannot write a temporary file of counts: "
        f"{error.strerror or error}; set TMPDIR to a folder with more space"
    )
