"""The GPU is opened in the background, and what goes wrong there is told where it is needed."""

import threading

import pytest

from fastw2v.engines.factory import check_engine
from fastw2v.errors import TrainingError
from fastw2v.gpu import cuda_device, opening
from fastw2v.settings import Settings
from tests.support.gpu_device import EmulatedDevice

CUDA = Settings(device="cuda", threads=1)


@pytest.fixture
def opened(monkeypatch):
    """The devices that were opened, with the thread that did it."""
    found = []

    def new():
        found.append((EmulatedDevice(), threading.current_thread()))
        return found[-1][0]

    monkeypatch.setattr(cuda_device, "CudaDevice", new)
    monkeypatch.setattr(cuda_device, "check_cuda", lambda: None)
    return found


def test_it_is_opened_once_and_in_the_background(opened):
    check_engine(CUDA)
    device = opening.opened_device()
    assert [each for each, _ in opened] == [device]
    assert opened[0][1] is not threading.current_thread()


def test_each_training_has_a_device_of_its_own(opened):
    check_engine(CUDA)
    first, second = opening.opened_device(), opening.opened_device()
    assert first is not second
    assert opened[1][1] is threading.current_thread()


@pytest.mark.parametrize("failure", [TrainingError("no room"), MemoryError("no room")])
def test_what_goes_wrong_is_raised_where_the_device_is_needed(failure, monkeypatch, opened):
    def fail():
        raise failure

    monkeypatch.setattr(cuda_device, "CudaDevice", fail)
    check_engine(CUDA)
    with pytest.raises(type(failure), match="no room"):
        opening.opened_device()


def test_without_a_gpu_nothing_is_opened(monkeypatch, opened):
    def missing():
        raise TrainingError("no GPU")

    monkeypatch.setattr(cuda_device, "check_cuda", missing)
    with pytest.raises(TrainingError, match="no GPU"):
        check_engine(CUDA)
    assert opened == []
