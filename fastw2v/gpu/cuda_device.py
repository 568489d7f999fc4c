"""A GPU of NVIDIA's by numba-cuda: what is there, and `fastw2v.gpu.device.Device`.

Nothing here is imported before a GPU is asked for.
"""

import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from fastw2v.errors import TrainingError, parameter
from fastw2v.gpu.lanes import Lanes, cuda_lanes
from fastw2v.gpu.shape import LANES
from fastw2v.system.resources import format_bytes

_USE_CPU = f"or use {parameter('device', 'cpu')}"
# Names that NumPy has dropped and numba-cuda still imports, with their successors.
_DROPPED = {"row_stack": "vstack", "in1d": "isin", "trapz": "trapezoid"}


class Description(NamedTuple):
    """A GPU, as `fastw2v info --devices` lists it."""

    number: int
    name: str
    compute_capability: str
    multiprocessors: int
    memory_bytes: int
    free_bytes: int


def check_cuda() -> None:
    """Raise TrainingError unless there is a GPU that can be used: it says what is missing."""
    cuda = _import_cuda()
    try:
        cards = len(cuda.gpus)
    except Exception as error:
        reason, cards = _first_line(error), 0
        if "NO_DEVICE" not in str(error):
            raise TrainingError(
                f"{parameter('device', 'cuda')} needs an NVIDIA driver, which cannot be used "
                f"({reason}): install the driver, {_USE_CPU}"
            ) from error
    if not cards:
        raise TrainingError(
            f"{parameter('device', 'cuda')}: the NVIDIA driver finds no GPU: see what "
            f"CUDA_VISIBLE_DEVICES and nvidia-smi say, {_USE_CPU}"
        )


def describe_devices() -> list[Description]:
    """The GPUs there are. Raises TrainingError as `check_cuda` does."""
    check_cuda()
    cuda = _import_cuda()
    found = []
    for card in cuda.gpus:
        with card:
            free, total = cuda.current_context().get_memory_info()
            major, minor = card.compute_capability
            found.append(
                Description(
                    card.id, _name(card), f"{major}.{minor}", card.MULTIPROCESSOR_COUNT, total, free
                )
            )
    return found


class CudaDevice:
    """The current GPU: the first one, or that which CUDA_VISIBLE_DEVICES names first."""

    def __init__(self) -> None:
        """Raises TrainingError as `check_cuda` does."""
        check_cuda()
        self._cuda = _import_cuda()
        with _one_line():
            card = self._cuda.get_current_device()
            self.name, self.multiprocessors = _name(card), int(card.MULTIPROCESSOR_COUNT)
            self.identity = str(card.uuid)
            self.shared_memory = int(card.MAX_SHARED_MEMORY_PER_MULTIPROCESSOR)
            self.lanes: Lanes = cuda_lanes()
            # Kernels on the one, copies of text on the other.
            self._kernels, self._copies = self._cuda.stream(), self._cuda.stream()

    def load_compiler(self) -> None:
        """Make numba-cuda load what it otherwise loads at the first launch."""
        self.launch(self.lanes.kernel(_nothing), (1, 1), self.put(np.zeros(1, np.int32)))
        self.wait()

    def free_memory(self) -> int:
        with _one_line():
            return int(self._cuda.current_context().get_memory_info()[0])

    def put(self, array: np.ndarray) -> Any:
        with self._memory(array.nbytes):
            return self._cuda.to_device(np.ascontiguousarray(array))

    def empty(self, shape: Sequence[int], dtype: Any) -> Any:
        with self._memory(int(np.prod(shape)) * np.dtype(dtype).itemsize):
            return self._cuda.device_array(tuple(shape), dtype)

    def write(self, target: Any, values: np.ndarray) -> None:
        with _one_line():
            target.copy_to_device(np.ascontiguousarray(values), stream=self._copies)
            self._copies.synchronize()

    def read(self, source: Any, rows: slice = slice(None)) -> np.ndarray:
        self.wait()
        with _one_line():
            found: np.ndarray = source[rows].copy_to_host()
            return found

    def read_into(self, target: np.ndarray, source: Any) -> None:
        self.wait()
        with _one_line():
            source.copy_to_host(target)

    def launch(self, kernel: Any, grid: tuple[int, int], *args: Any) -> None:
        blocks, warps = grid
        with _one_line():
            with self._small_grids():
                launched = kernel[blocks, warps * LANES, self._kernels]
            with _names_that_numpy_dropped():  # some are looked up at the first compilation
                launched(*args)

    def wait(self) -> None:
        with _one_line():
            self._cuda.current_context()  # of this thread, which may have used none yet
            self._kernels.synchronize()

    @contextmanager
    def _small_grids(self) -> Iterator[None]:
        """Without numba-cuda's warning of few blocks: a small text is trained by few warps."""
        config = self._cuda.core.config
        before = config.CUDA_LOW_OCCUPANCY_WARNINGS
        config.CUDA_LOW_OCCUPANCY_WARNINGS = 0
        try:
            yield
        finally:
            config.CUDA_LOW_OCCUPANCY_WARNINGS = before

    @contextmanager
    def _memory(self, need: int) -> Iterator[None]:
        """Raise a TrainingError that says how much memory was wanted if there is too little."""
        try:
            yield
        except Exception as error:
            if "OUT_OF_MEMORY" not in str(error):
                raise _failure(error) from error
            raise TrainingError(
                f"{self.name}: not enough memory: {format_bytes(need)} more are needed, and "
                f"{format_bytes(self.free_memory())} are free: use a smaller {parameter('size')}, "
                f"a higher {parameter('min_count')} or {parameter('max_vocab')}, {_USE_CPU}"
            ) from error


def _nothing(array: Any) -> None:
    """A kernel."""


def _import_cuda() -> Any:
    """The module `numba.cuda` of the package numba-cuda. Raises TrainingError without it."""
    if importlib.util.find_spec("numba_cuda") is None:
        raise TrainingError(
            f"{parameter('device', 'cuda')} needs the package numba-cuda: "
            f"pip install 'fastw2v[cuda]', {_USE_CPU}"
        )
    try:
        with _names_that_numpy_dropped():
            from numba import cuda
    except Exception as error:
        raise TrainingError(
            f"{parameter('device', 'cuda')}: numba-cuda cannot be loaded ({_first_line(error)}): "
            f"pip install --upgrade 'fastw2v[cuda]', {_USE_CPU}"
        ) from error
    return cuda


@contextmanager
def _names_that_numpy_dropped() -> Iterator[None]:
    missing = [name for name in _DROPPED if name not in vars(np)]
    for name in missing:
        setattr(np, name, getattr(np, _DROPPED[name]))
    try:
        yield
    finally:
        for name in missing:
            delattr(np, name)


@contextmanager
def _one_line() -> Iterator[None]:
    """Make any error of the driver a TrainingError."""
    try:
        yield
    except TrainingError:
        raise
    except Exception as error:
        raise _failure(error) from error


def _failure(error: Exception) -> TrainingError:
    return TrainingError(
        f"{parameter('device', 'cuda')}: the GPU failed ({_first_line(error)}): try again, "
        f"{_USE_CPU}"
    )


def _first_line(error: BaseException) -> str:
    lines = [line.strip(" :.") for line in str(error).splitlines() if line.strip(" :.")]
    return ": ".join(lines[:2]) if lines else type(error).__name__


def _name(card: Any) -> str:
    return card.name.decode() if isinstance(card.name, bytes) else str(card.name)
