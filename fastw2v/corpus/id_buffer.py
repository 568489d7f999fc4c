"""Buffer of token ids between counting and encoding: in memory, or on disk if there are many."""

from __future__ import annotations

import mmap
import tempfile
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from fastw2v.errors import CorpusError
from fastw2v.jit.compiled import compiled
from fastw2v.matrix import pages
from fastw2v.system.resources import check_disk

MEMORY_LIMIT = 2 << 30  # bytes of ids, 512 million tokens
_PAGE_IDS = 1 << 20  # a whole number of huge pages
_REMEDY = "set TMPDIR to a folder with enough space for the ids of this text"


class IdBuffer:
    """Collects provisional ids in the order of the text and encodes them as one array of final ids.

    Provisional ids belong to one of several numbered lexicons. Past ``limit`` bytes they are
    written to an unnamed temporary file, which disappears with the last array mapped to it.
    ``threads``: used by `encode`.
    """

    def __init__(self, limit: int = MEMORY_LIMIT, threads: int = 1):
        self._limit, self._threads = limit, threads
        self._held: deque[np.ndarray] = deque()  # the ids, unless they are in _file
        self._free = np.empty(0, np.int32)  # the unused part of the last of these
        self._spans: list[tuple[int, int]] = []  # (number of the lexicon, ids), in order
        self._bytes = 0
        self._file = None
        self.last_id = 0  # provisional; 0 is the sentence end in every lexicon
        # Ratio of the whole text to what was read so far; None if unknown.
        self.forecast: Callable[[], float] | None = None

    def append(self, lexicon: int, ids: np.ndarray) -> None:
        """Append a copy of ``ids`` (int32), provisional ids of lexicon number ``lexicon``.

        Raises CorpusError if the temporary folder is full, ResourceError if it will be.
        """
        if not len(ids):
            return
        self._bytes += ids.nbytes
        self.last_id = int(ids[-1])
        if self._file is None and self._bytes > self._limit:
            self._move_to_disk()
        if self._file is None:
            self._hold(lexicon, ids)
        else:
            self._spans.append((lexicon, len(ids)))
            self._write(ids)

    def encode(self, final_ids: dict[int, np.ndarray], size: int) -> np.ndarray:
        """Final ids of all tokens, int32 (size,), contiguous; empties the buffer.

        final_ids: for each lexicon number, the final id by provisional id (int32), -1 for dropped
            words. size: number of tokens that remain.
        """
        if self._file is not None:
            return self._encode_on_disk(final_ids, size)
        self._free = None
        if self._threads > 1 and len(self._spans) > 1:
            return self._encode_together(final_ids, size)
        out = np.empty(size + 1, np.int32)
        done = 0
        for lexicon, _ in self._spans:
            # Pages are freed once encoded: never are both kinds of ids in memory.
            done = _encode(self._held.popleft(), final_ids[lexicon], out, done)
        assert done == size
        return out[:size]

    def _encode_together(self, final_ids: dict[int, np.ndarray], size: int) -> np.ndarray:
        """With all threads: encode each span in place, then copy it to its final position."""

        def encode(span: tuple[int, int], ids: np.ndarray) -> int:
            return _encode(ids, final_ids[span[0]], ids, 0)

        def put(ids: np.ndarray, stop: int, length: int) -> None:
            out[stop - length : stop] = ids[:length]

        with ThreadPoolExecutor(self._threads) as pool:
            lengths = list(pool.map(encode, self._spans, self._held))
            out = np.empty(size, np.int32)
            put_all = pool.map(put, self._held, np.cumsum(lengths).tolist(), lengths)
            self._held.clear()  # pages are freed once copied
            list(put_all)
        assert sum(lengths) == size
        return out

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

    def _hold(self, lexicon: int, ids: np.ndarray) -> None:
        while len(ids):
            if not len(self._free):
                self._free = pages.zeros(_PAGE_IDS, np.int32)
            count = min(len(ids), len(self._free))
            self._free[:count] = ids[:count]
            self._held.append(self._free[:count])
            self._spans.append((lexicon, count))
            self._free, ids = self._free[count:], ids[count:]

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


@compiled
def _encode(provisional, final_ids, out, done):
    """Write final ids other than -1 from ``out[done]`` on. Return the new ``done``.

    ``out`` at the new ``done`` is overwritten, too.
    """
    for position in range(provisional.size):
        final_id = final_ids[provisional[position]]
        out[done] = final_id  # no branch: rare words are hard to predict
        done += final_id >= 0
    return done
