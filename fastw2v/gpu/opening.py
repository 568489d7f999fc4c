"""Opening the GPU while the text is read: the driver and numba-cuda take a second for it."""

from threading import Thread

from fastw2v.errors import TrainingError
from fastw2v.gpu import cuda_device
from fastw2v.gpu.cuda_device import CudaDevice


class _Opening(Thread):
    """Opens the GPU; `result` returns it, or raises what went wrong."""

    def __init__(self) -> None:
        super().__init__(name="fastw2v-gpu", daemon=True)
        self._device: CudaDevice | None = None
        self._failure: BaseException | None = None

    def run(self) -> None:
        try:
            device = cuda_device.CudaDevice()
            device.load_compiler()
            self._device = device
        except BaseException as error:
            self._failure = error

    def result(self) -> CudaDevice:
        self.join()
        if self._device is None:
            raise self._failure or TrainingError("the GPU could not be opened")
        return self._device


_opening: _Opening | None = None


def open_soon() -> None:
    """Begin to open the GPU. Raises TrainingError, as `check_cuda` does, if there is none."""
    global _opening
    cuda_device.check_cuda()
    _opening = _Opening()
    _opening.start()


def opened_device() -> CudaDevice:
    """The GPU, which `open_soon` began to open, or opened now. Raises TrainingError."""
    global _opening
    opening, _opening = _opening, None
    return cuda_device.CudaDevice() if opening is None else opening.result()
