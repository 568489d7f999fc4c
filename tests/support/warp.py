"""A warp in plain Python: the twin of the operations in `fastw2v.gpu.lanes`.

Each of the 32 lanes is a greenlet that runs the kernel's own source. At an operation that takes
values from other lanes it waits until all lanes have come to that operation. Casts wrap around as
the device's do; float32 stays float32.
"""

import math
from itertools import count
from types import SimpleNamespace

import greenlet
import numpy as np

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.shape import LANES

_MASK = 0xFFFFFFFF


class Ints:
    """An array of integers of which Python's are read, so that no arithmetic is NumPy's."""

    def __init__(self, array):
        self.array, self.shape = array, array.shape

    def __getitem__(self, index):
        found = self.array[index]
        return Ints(found) if isinstance(found, np.ndarray) else int(found)

    def __setitem__(self, index, value):
        self.array[index] = value


def on_device(array):
    """An array as a kernel sees it."""
    return array if array.dtype.kind == "f" else Ints(array)


def int32(value):
    return (int(value) + 2**31 & _MASK) - 2**31


def int64(value):
    return (int(value) + 2**63 & 2**64 - 1) - 2**63


def uint32(value):
    return int(value) & _MASK


def uint64(value):
    return int(value) & 2**64 - 1


_DTYPES = {
    int32: np.int32, int64: np.int64, uint32: np.uint32, uint64: np.uint64,
    np.float32: np.float32, np.float64: np.float64,
}  # fmt: skip


def _quiet(function):
    """A function of a NumPy number that overflows to infinity without a word."""

    def call(value):
        with np.errstate(all="ignore"):
            return function(value)

    return call


class Emulator:
    """``cuda`` for kernels, and `launch` to run them."""

    def __init__(self):
        self.threadIdx = SimpleNamespace(x=0)
        self.blockIdx = SimpleNamespace(x=0)
        self.gridDim = SimpleNamespace(x=1)
        self.local = SimpleNamespace(array=self._local)
        self.shared = SimpleNamespace(array=self._shared)
        self.atomic = SimpleNamespace(add=self._add)
        self._hub, self._box = None, [[None] * LANES, [None] * LANES]
        self._calls, self._arrays, self._made = [0] * LANES, [], [count() for _ in range(LANES)]

    def launch(self, kernel, warps, *args):
        """Run one block of so many warps, one after the other. Arrays in ``args`` are NumPy's."""
        self._arrays.clear()
        for warp in range(warps):
            self._calls, self._made = [0] * LANES, [count() for _ in range(LANES)]
            self._hub = greenlet.getcurrent()
            lanes = [greenlet.greenlet(kernel) for _ in range(LANES)]
            started = [False] * LANES
            while not all(lane.dead for lane in lanes):
                for number, lane in enumerate(lanes):
                    self.threadIdx.x = LANES * warp + number
                    lane.switch(*(() if started[number] else args))
                    started[number] = True
                # all come to the same operation, or to the end
                assert len({lane.dead for lane in lanes}) == 1, "lanes went different ways"

    def _lane(self):
        return self.threadIdx.x % LANES

    def _exchange(self, value):
        """The values of all lanes. Two boxes, since a lane may be one operation ahead."""
        lane, here = self._lane(), self.threadIdx.x
        box = self._box[self._calls[lane] % 2]
        self._calls[lane] += 1
        box[lane] = value
        self._hub.switch()
        self.threadIdx.x = here
        return box

    def shfl_sync(self, mask, value, source):
        assert mask == _MASK
        assert 0 <= source < LANES
        return self._exchange(value)[int(source)]

    def shfl_xor_sync(self, mask, value, distance):
        assert mask == _MASK
        lane = self._lane()
        return self._exchange(value)[lane ^ distance]

    def ballot_sync(self, mask, flag):
        assert mask == _MASK
        return sum(1 << lane for lane, set_ in enumerate(self._exchange(bool(flag))) if set_)

    def syncwarp(self):
        self._exchange(None)

    def popc(self, value):
        return (int(value) & _MASK).bit_count()

    def ffs(self, value):
        """The place of the lowest bit set, from 1; 0 for none."""
        value = int(value) & _MASK
        return (value & -value).bit_length()

    def _local(self, shape, kind):
        return on_device(np.full(shape, 77, _DTYPES[kind]))  # registers come as they were left

    def _shared(self, shape, kind):
        number = next(self._made[self._lane()])
        if number == len(self._arrays):
            self._arrays.append(on_device(np.full(shape, 77, _DTYPES[kind])))
        return self._arrays[number]

    def _add(self, array, index, value):
        old = array[index]
        array[index] = old + value
        return old


def emulated_lanes() -> tuple[Lanes, Emulator]:
    """The operations, and the emulator that runs kernels made of them."""
    cuda = Emulator()
    lanes = Lanes(
        cuda=cuda,
        function=lambda function: function,
        kernel=lambda function: function,
        int32=int32,
        int64=int64,
        uint32=uint32,
        uint64=uint64,
        float32=np.float32,
        float64=np.float64,
        exp=_quiet(lambda value: type(value)(np.exp(value))),
        log=math.log,
    )
    return lanes, cuda
