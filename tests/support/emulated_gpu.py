"""``python -m tests.support.emulated_gpu train ...``: fastw2v with a GPU that is plain Python."""

from fastw2v.cli import main
from fastw2v.gpu import cuda_device
from tests.support.gpu_device import EmulatedDevice

if __name__ == "__main__":
    cuda_device.CudaDevice = EmulatedDevice
    cuda_device.check_cuda = lambda: None
    main()
