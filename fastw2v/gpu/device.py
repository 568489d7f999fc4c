"""What an engine needs of a GPU. `fastw2v.gpu.cuda_device` has a real one; the tests have one that
runs kernels in plain Python."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from fastw2v.gpu.lanes import Lanes

DeviceArray = Any


class Device(Protocol):
    """One GPU. May be used from several threads, one after the other."""

    name: str
    identity: str  # of this card among all others
    multiprocessors: int
    shared_memory: int  # bytes, of a multiprocessor
    lanes: Lanes

    def free_memory(self) -> int:
        """Bytes."""

    def put(self, array: np.ndarray) -> DeviceArray:
        """A copy of an array in the device's memory. Raises TrainingError if it does not fit."""

    def empty(self, shape: Sequence[int], dtype: Any) -> DeviceArray:
        """An array that is not initialised. Raises TrainingError if it does not fit."""

    def write(self, target: DeviceArray, values: np.ndarray) -> None:
        """Copy ``values`` into ``target``; kernels launched before may still run meanwhile, so
        they must not use it."""

    def read(self, source: DeviceArray, rows: slice = slice(None)) -> np.ndarray:
        """A copy of rows of an array; waits for what was launched before."""

    def read_into(self, target: np.ndarray, source: DeviceArray) -> None:
        """Copy an array to a contiguous one of the same shape; waits as `read` does."""

    def launch(self, kernel: Any, grid: tuple[int, int], *args: Any) -> None:
        """Start a kernel; returns at once. grid: blocks, and warps of each."""

    def wait(self) -> None:
        """Return when all that was launched has ended. Raises TrainingError if it failed."""
