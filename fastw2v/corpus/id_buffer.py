"""Buffer of token ids between counting and encoding: in memory, or on disk if there are many."""

from __future__ import annotations

import mmap
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import numpy as np

from fastw2v.errors import CorpusError
from fastw2v.jit.compiled import compiled
from fastw2v.system.resources import check_disk

MEMORY_LIMIT = 2 << 30  # bytes of ids, 512 million tokens
_GROUP_IDS = 1 << 20  # encoded by a thread at once
_REMEDY = "set TMPDIR to a folder with enough space for the ids of this text"

_Group = list[tuple[np.ndarray, np.ndarray]]  # final ids of a lexicon, provisional ids


class IdBuffer:
    """Collects provisional ids in the order of the text and encodes them as one array of final ids.

    Provisional ids belong to one of several numbered lexicons. Past ``limit`` bytes they are
    written to an unnamed temporary file, which disappears with the last array mapped to it.
    ``threads``: used by `encode`.
    """

    def __init__(self, limit: int = MEMORY_LIMIT, threads: int = 1):
        self._limit, self._threads = limit, threads
        self._held: deque[np.ndarray] = deque()  # the ids, unless they are in _file
        self._spans: list[tuple[int, int]] = []  # (number of the lexicon, ids), in order
        self._bytes = 0
        self._file = None
        self.last_id = 0  # provisional; 0 is the sentence end in every lexicon
        # Ratio of the whole text to what was read so far; None if unknown.
        self.forecast: Callable[[], float] | None = None

    def append(self, lexicon: int, ids: np.ndarray) -> None:
        """Append ``ids`` (int32), provisional ids of lexicon number ``lexicon``, which must not
        change from now on.

        Raises CorpusError if the temporary folder is full, ResourceError if it will be.
        """
        if not len(ids):
            return
        self._bytes += ids.nbytes
        self.last_id = int(ids[-1])
        if self._file is None and self._bytes > self._limit:
            self._move_to_disk()
        self._spans.append((lexicon, len(ids)))
        if self._file is None:
            self._held.append(ids)
        else:
            self._write(ids)

    def encode(self, final_ids: dict[int, np.ndarray], size: int) -> np.ndarray:
        """Final ids of all tokens, int32 (size,), contiguous; empties the buffer.

        final_ids: for each lexicon number, the final id by provisional id (int32), -1 for dropped
            words. size: number of tokens that remain.
        """
        if self._file is not None:
            return self._encode_on_disk(final_ids, size)
        groups = self._groups(final_ids)
        pairs = -(-self._threads // 2)
        bounds = [len(groups) * pair // pairs for pair in range(pairs + 1)]
        out = np.empty(size, np.int32)
        with ThreadPoolExecutor(self._threads) as pool:
            counts = list(pool.map(_count_group, groups[: bounds[-2]]))
            # Two threads work on each of these towards each other, so that for one of them, and
            # without need to count for two threads, it is known where its ids go.
            segments = [deque(groups[a:b]) for a, b in pairwise(bounds)]
            starts = [sum(counts[:bound]) for bound in bounds[:-1]]
            groups.clear()  # pages are freed once encoded: never are both kinds of ids in memory
            forwards = [
                pool.submit(_encode_forwards, segment, out, start)
                for segment, start in zip(segments, starts, strict=True)
            ]
            backwards = [
                pool.submit(_encode_backwards, segment, out, end)
                for segment, end in zip(segments, [*starts[1:], size], strict=True)
            ]
        for before, after in zip(forwards, backwards, strict=True):
            assert before.result() == after.result()
        return out

    def _groups(self, final_ids: dict[int, np.ndarray]) -> list[_Group]:
        """The spans in groups of some `_GROUP_IDS` ids, with the final ids of their lexicons."""
        groups: list[_Group] = [[]]
        left = _GROUP_IDS
        for (lexicon, count), ids in zip(self._spans, self._held, strict=True):
            if left <= 0:
                groups.append([])
                left = _GROUP_IDS
            groups[-1].append((final_ids[lexicon], ids))
            left -= count
        self._held.clear()
        return groups

    def _encode_on_disk(self, final_ids: dict[int, np.ndarray], size: int) -> np.ndarray:
        """In place: a final id is never written after the provisional id it replaces."""
        self._file.flush()
        ids = np.frombuffer(mmap.mmap(self._file.fileno(), self._bytes), np.int32)
        start = done = 0
        for lexicon, length in self._spans:
            done = _encode(ids[start : start + length], final_ids[lexicon], ids, done)
            start += length
        assert done == size
        self._file.close()  # the mapping keeps the file until the array is freed
        return ids[:size]

    def _move_to_disk(self) -> None:
        try:
            if self.forecast is not None:
                whole = round(self._bytes * self.forecast())
                check_disk([(f"{tempfile.gettempdir()}/ids", whole)], _REMEDY)
            self._file = tempfile.TemporaryFile(prefix="fastw2v-ids-")  # noqa: SIM115
        except OSError as error:
            raise CorpusError(
                f"cannot create a temporary file for the ids of the corpus: {error.strerror}; "
                f"set TMPDIR to a folder with enough space"
            ) from error
        while self._held:
            self._write(self._held.popleft())

    def _write(self, ids: np.ndarray) -> None:
        try:
            self._file.write(memoryview(ids).cast("B"))
            self._file.flush()
        except OSError as error:
            raise CorpusError(
                f"{tempfile.gettempdir()}: cannot write the ids of the corpus, {self._bytes:,} "
                f"bytes so far: {error.strerror}; set TMPDIR to a folder with more space"
            ) from error


def _count_group(group: _Group) -> int:
    """The number of tokens that remain."""
    return sum(_count(ids, final_ids) for final_ids, ids in group)


def _encode_forwards(groups: deque[_Group], out: np.ndarray, done: int) -> int:
    """As `_encode`, for groups from the first on, as long as there are any."""
    with suppress(IndexError):
        while True:
            for final_ids, ids in groups.popleft():
                done = _encode(ids, final_ids, out, done)
    return done


def _encode_backwards(groups: deque[_Group], out: np.ndarray, end: int) -> int:
    """As `_encode_before`, for groups from the last on, as long as there are any."""
    with suppress(IndexError):
        while True:
            for final_ids, ids in reversed(groups.pop()):
                end = _encode_before(ids, final_ids, out, end)
    return end


@compiled
def _count(provisional, final_ids):
    """The number of tokens whose final id is not -1."""
    kept = 0
    for position in range(provisional.size):
        kept += final_ids[provisional[position]] >= 0
    return kept


@compiled
def _encode(provisional, final_ids, out, done):
    """Write final ids other than -1 from ``out[done]`` on, and nothing after them. Return the new
    ``done``."""
    size = provisional.size
    while size > 0 and final_ids[provisional[size - 1]] < 0:
        size -= 1
    for position in range(size):
        final_id = final_ids[provisional[position]]
        out[done] = final_id  # no branch: rare words are hard to predict
        done += final_id >= 0
    return done


@compiled
def _encode_before(provisional, final_ids, out, end):
    """Write final ids other than -1 up to ``out[end - 1]``, and nothing before them. Return the
    place of the first."""
    first = 0
    while first < provisional.size and final_ids[provisional[first]] < 0:
        first += 1
    for position in range(provisional.size - 1, first - 1, -1):
        final_id = final_ids[provisional[position]]
        out[end - 1] = final_id
        end -= final_id >= 0
    return end
