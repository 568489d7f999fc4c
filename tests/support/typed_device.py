"""A GPU that computes nothing, and notes of what types the arguments of its kernels are: with the
arrays of numba-cuda, but without their memory, and as numba-cuda itself finds the types."""

from contextlib import nullcontext
from ctypes import c_void_p
from unittest import mock

import numpy as np

from fastw2v.gpu.lanes import cuda_lanes


class _Memory:
    """Of an array: an address where nothing is."""

    def __init__(self, address=1 << 12):
        self._address = address
        self.device_ctypes_pointer = c_void_p(address)

    def view(self, start, stop=None):
        return _Memory(self._address + start)


class TypedDevice:
    """Implements `fastw2v.gpu.device.Device`.

    launched: name of a kernel -> a set of the types that it was called with.
    """

    name, multiprocessors, shared_memory = "no GPU", 132, 1 << 17

    def __init__(self):
        self.lanes, self.launched = cuda_lanes(), {}

    def free_memory(self):
        return 1 << 40

    def put(self, array):
        from numba.cuda.cudadrv.devicearray import DeviceNDArray

        array = np.ascontiguousarray(array)
        return DeviceNDArray(array.shape, array.strides, array.dtype, gpu_data=_Memory())

    def empty(self, shape, dtype):
        return self.put(np.empty(shape, dtype))

    def write(self, target, values):
        assert (target.dtype, target.shape) == (values.dtype, values.shape)

    def read(self, source, rows=slice(None)):
        found = source[rows]
        return np.zeros(found.shape, found.dtype)

    def read_into(self, target, source):
        assert (target.dtype, target.shape, target.strides) == (
            source.dtype, source.shape, source.strides,
        )  # fmt: skip

    def launch(self, kernel, grid, *args):
        from numba.cuda.dispatcher import _Kernel
        from numba.cuda.typing.typeof import Purpose, typeof

        types = tuple(typeof(each, Purpose.argument) for each in args)
        self.launched.setdefault(kernel.py_func.__name__, set()).add(types)
        prepared = object.__new__(_Kernel)
        prepared.extensions = []
        for kind, value in zip(types, args, strict=True):
            prepared._prepare_args(kind, value, 0, [], [])  # raises for what it cannot pass on

    def wait(self):
        pass


def without_driver():
    """While it is entered, arrays of numba-cuda can be sliced without a driver."""
    from numba.cuda.cudadrv import devices

    return mock.patch.object(devices._runtime, "ensure_context", nullcontext)
