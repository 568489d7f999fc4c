"""The text on the device: in slices, so that one is copied while another is trained, and so that a
text may be larger than the device's memory."""

import math

import numpy as np

from fastw2v.gpu.device import Device, DeviceArray
from fastw2v.gpu.shape import CHUNK

SLICE_CHUNKS = 65_536
"""34 million ids, 134 MB. A launch ends with its slice, and at its end warps wait for the last one:
a slice is to last about as long as a launch."""
_ORDER = 1 << 33  # streams of random numbers from here on are for the order of chunks


class TextSlices:
    """The ids of a text, slice by slice; the slices are trained one after the other.

    chunks: of the whole text.
    """

    def __init__(self, ids: np.ndarray, device: Device, seed: int, most_bytes: int):
        """most_bytes: of the device's memory that the text may take; two slices at least."""
        self._ids, self._device, self._seed = ids, device, seed
        self.chunks = max(1, math.ceil(len(ids) / CHUNK))
        self._slices = math.ceil(self.chunks / SLICE_CHUNKS)
        longest = min(len(ids), SLICE_CHUNKS * CHUNK)
        buffers = max(2, most_bytes // (4 * max(1, longest)))
        self._buffers: list[DeviceArray] = [
            device.empty((max(1, longest),), np.int32) for _ in range(min(self._slices, buffers))
        ]
        self._held = [-1] * len(self._buffers)  # the slice in each

    def slice_of(self, chunk: int) -> tuple[int, int]:
        """The chunks of the slice that has a chunk: first, and the one after the last."""
        first = chunk // SLICE_CHUNKS * SLICE_CHUNKS
        return first, min(first + SLICE_CHUNKS, self.chunks)

    def ids_at(self, chunk: int) -> DeviceArray:
        """The ids of the slice that has a chunk, on the device."""
        return self._fetch(chunk // SLICE_CHUNKS)

    def fetch_next(self, chunk: int) -> None:
        """Copy the slice after the one that has a chunk, which is not overwritten."""
        current = chunk // SLICE_CHUNKS
        if self._slices > 1:
            self._fetch((current + 1) % self._slices, current)

    def order_at(self, epoch: int, chunk: int) -> np.ndarray:
        """The chunks of a slice, counted from its first, in the order in which an epoch trains
        them: (chunks,) int32. Random, so that neighbouring texts are not trained at once."""
        first, end = self.slice_of(chunk)
        key = (_ORDER, epoch, first)
        return np.random.default_rng([self._seed, *key]).permutation(end - first).astype(np.int32)

    def _fetch(self, number: int, in_use: int = -1) -> DeviceArray:
        """A slice's ids; they do not take the place of the slice ``in_use``."""
        place = self._place_for(number, in_use)
        first = number * SLICE_CHUNKS * CHUNK
        ids = self._ids[first : first + SLICE_CHUNKS * CHUNK]
        buffer = self._buffers[place][: max(1, len(ids))]
        if self._held[place] != number:
            self._device.write(buffer, ids if len(ids) else np.zeros(1, np.int32))
            self._held[place] = number
        return buffer

    def _place_for(self, number: int, in_use: int) -> int:
        if number in self._held:
            return self._held.index(number)
        if len(self._held) == self._slices:
            return number
        # Slices are trained in turn, so that the one furthest ahead is needed last.
        free = [place for place, held in enumerate(self._held) if held != in_use or held == -1]
        return max(free, key=lambda place: self._turns_until(self._held[place], number))

    def _turns_until(self, held: int, number: int) -> int:
        return self._slices if held == -1 else (held - number) % self._slices


class Probes:
    """A sample of the text on which the loss is measured, packed.

    Each probe has the id before it, which says whether it begins within a sentence.

    ids: (N,) int32. count: of the probes. stride: from one to the next in ``ids``.
    share: the part of the text that they are.
    """

    def __init__(self, ids: np.ndarray, probe: int, stride: int, share: float):
        """probe: ids of one. stride: from one to the next. share: of the text."""
        begins = range(0, max(1, len(ids)), stride)
        self.count, self.stride, self.share = len(begins), probe + 1, share
        packed = [self._one(ids, begin, probe) for begin in begins]
        if begins[-1] + probe < len(ids):  # the last one's end is not the text's
            packed.append(np.ones(1, np.int32))
        self.ids = np.concatenate(packed)

    @staticmethod
    def _one(ids: np.ndarray, begin: int, probe: int) -> np.ndarray:
        before = ids[begin - 1 : begin] if begin else np.zeros(1, np.int32)
        return np.concatenate([before, ids[begin : begin + probe]]).astype(np.int32)
