"""A GPU that is none: it has a host's arrays, and runs kernels lane by lane."""

import os

import numpy as np

from tests.support.warp import Ints, emulated_lanes, on_device


class EmulatedDevice:
    """Implements `fastw2v.gpu.device.Device`."""

    name, multiprocessors, shared_memory = "an emulated GPU", 2, 1 << 16

    def __init__(self, free=1 << 30):
        self.identity = f"emulated {os.getpid()} {id(self)}"
        self.lanes, self._emulator = emulated_lanes()
        self._free = free

    def load_compiler(self):
        pass

    def free_memory(self):
        return self._free

    def put(self, array):
        return on_device(np.array(array, order="C"))

    def empty(self, shape, dtype):
        return on_device(np.full(shape, 77, dtype))

    def write(self, target, values):
        _array(target)[:] = values

    def read(self, source, rows=slice(None)):
        return _array(source)[rows].copy()

    def read_into(self, target, source):
        target[:] = source

    def launch(self, kernel, grid, *args):
        self._emulator.launch(kernel, grid[1], *args)

    def wait(self):
        pass


def _array(on_device):
    return on_device.array if isinstance(on_device, Ints) else on_device
