"""What is said where there is no GPU, and what is done with one of a stand-in for numba-cuda."""

import importlib.util
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from fastw2v.errors import TrainingError
from fastw2v.gpu import cuda_device
from tests.support.commands import run_process


def _package(monkeypatch, gpus):
    """A ``numba.cuda`` whose ``gpus`` is a value, or raises it."""
    cuda = ModuleType("numba.cuda")
    if isinstance(gpus, Exception):
        cuda.__getattr__ = lambda name: (_ for _ in ()).throw(gpus)
    else:
        cuda.gpus = gpus
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setitem(sys.modules, "numba.cuda", cuda)
    monkeypatch.setattr("numba.cuda", cuda, raising=False)
    return cuda


def test_without_the_package(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(
        TrainingError, match=r"device='cuda' needs the package numba-cuda: pip install"
    ):
        cuda_device.check_cuda()


def test_without_a_driver(monkeypatch):
    error = RuntimeError(
        "Error at driver init: \n\nCUDA driver library cannot be found.\nEnsure ..."
    )
    _package(monkeypatch, error)
    with pytest.raises(TrainingError) as raised:
        cuda_device.check_cuda()
    assert str(raised.value) == (
        "device='cuda' needs an NVIDIA driver, which cannot be used (Error at driver init: CUDA "
        "driver library cannot be found): install the driver, or use device='cpu'"
    )


@pytest.mark.parametrize(
    "gpus",
    [[], RuntimeError("Error at driver init: cuInit: CUDA_ERROR_NO_DEVICE (100)")],
    ids=["none", "hidden"],
)
def test_without_a_card(monkeypatch, gpus):
    _package(monkeypatch, gpus)
    with pytest.raises(TrainingError, match="finds no GPU"):
        cuda_device.check_cuda()
    with pytest.raises(TrainingError, match="finds no GPU"):
        cuda_device.CudaDevice()


class _Card(SimpleNamespace):
    def __enter__(self):
        return self

    def __exit__(self, *of):
        pass


def _card():
    return _Card(
        id=0, name=b"A card", MULTIPROCESSOR_COUNT=132, compute_capability=(9, 0), uuid="GPU-8f2e",
        MAX_SHARED_MEMORY_PER_MULTIPROCESSOR=228 * 1024,
    )  # fmt: skip


def test_cards_are_described(monkeypatch):
    cuda = _package(monkeypatch, [_card()])
    cuda.current_context = lambda: SimpleNamespace(get_memory_info=lambda: (7, 10))
    assert cuda_device.describe_devices() == [
        cuda_device.Description(0, "A card", "9.0", 132, 10, 7)
    ]


def _device(monkeypatch, **more):
    cuda = _package(monkeypatch, [_card()])
    cuda.current_context = lambda: SimpleNamespace(get_memory_info=lambda: (7_000_000, 10))
    cuda.get_current_device = _card
    cuda.stream = lambda: SimpleNamespace(synchronize=lambda: None)
    cuda.core = SimpleNamespace(config=SimpleNamespace(CUDA_LOW_OCCUPANCY_WARNINGS=1))
    for name, value in more.items():
        setattr(cuda, name, value)
    monkeypatch.setattr(cuda_device, "cuda_lanes", lambda: None)
    return cuda_device.CudaDevice()


def test_memory_that_is_too_small_is_told_with_what_is_needed(monkeypatch):
    def fail(*args):
        raise RuntimeError("[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY")

    device = _device(monkeypatch, to_device=fail, device_array=fail)
    for call in (lambda: device.put(np.zeros(10**6)), lambda: device.empty((10**6,), np.float64)):
        with pytest.raises(TrainingError) as raised:
            call()
        message = str(raised.value)
        assert message.startswith("A card: not enough memory: 8.0 MB more are needed, and 7.0 MB")
        assert "min_count" in message


def test_other_failures_are_one_line(monkeypatch):
    def fail(*args):
        raise RuntimeError("[700] Call to cuLaunchKernel\nresults in UNKNOWN")

    device = _device(monkeypatch, to_device=fail)
    with pytest.raises(TrainingError, match=r"the GPU failed .*cuLaunchKernel: results in UNKNOWN"):
        device.put(np.zeros(3))


def test_few_blocks_are_no_reason_to_warn(monkeypatch):
    device = _device(monkeypatch)
    config = device._cuda.core.config
    seen = []

    class Kernel:
        def __getitem__(self, grid):
            seen.append((config.CUDA_LOW_OCCUPANCY_WARNINGS, *grid[:2]))
            return lambda *args: seen.append((config.CUDA_LOW_OCCUPANCY_WARNINGS, *args))

    device.launch(Kernel(), (3, 4), "text")
    assert seen == [(0, 3, 128), (1, "text")], "the user's own kernels warn as before"


def test_names_that_numpy_dropped_are_there_only_while_numba_cuda_is_loaded(monkeypatch):
    monkeypatch.delattr(np, "row_stack", raising=False)
    with cuda_device._names_that_numpy_dropped():
        assert np.row_stack is np.vstack
    assert "row_stack" not in vars(np)


def _run(*arguments):
    done = run_process(*arguments)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("given", [["--devices"], ["--devices", "--json"]])
def test_the_command_lists_devices_or_says_what_is_missing(given):
    code, listed, message = _run("info", *given)
    if code == 0:
        assert "multiprocessors" in listed
    else:
        assert listed == ""
        assert message.count("\n") == 1
        assert message.startswith("Error: --device cuda")


@pytest.mark.parametrize("given", [[], [__file__, "--devices"]])
def test_either_a_file_or_the_devices(given):
    assert "either a file or --devices" in _run("info", *given)[2]


@pytest.mark.skipif(_run("info", "--devices")[0] == 0, reason="there is a GPU")
def test_train_says_it_before_it_reads_the_text(tmp_path):
    missing = tmp_path / "missing.txt"
    code, _, message = _run("train", missing, "-o", tmp_path / "v.bin", "--device", "cuda")
    assert code != 0
    assert message.count("\n") == 1
    assert message.startswith("Error: --device cuda")
