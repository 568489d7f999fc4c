"""The GPU's kernels on a real card, where there is one, against their float64 twin."""

import numpy as np
import pytest

from fastw2v.errors import TrainingError
from fastw2v.gpu.arrays import Counters, LossSums
from fastw2v.gpu.cuda_device import CudaDevice
from fastw2v.gpu.kernels import measuring_kernel, training_kernel
from tests.support.gpu_problem import CASES, Problem, case_name, shape_of

# numba-cuda uses what NumPy is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore")

NO_CARD = "there is no GPU"  # the one reason that FASTW2V_REQUIRE=1 accepts


@pytest.fixture(scope="module")
def device():
    try:
        return CudaDevice()
    except TrainingError as error:
        pytest.skip(f"{NO_CARD}: {error}")


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_training_is_that_of_the_twin(case, device):
    problem = Problem(shape_of(case))
    text, matrices, tables = problem.put(device.put)
    counters = Counters(device.put(np.zeros(1, np.int32)), device.put(np.zeros(3, np.int64)))
    kernel = training_kernel(device.lanes, problem.shape)
    for number in range(problem.launch.first, problem.launch.last):
        _launch_chunk(device, kernel, problem.launch, number, text, matrices, tables, counters)
    twin = problem.twin()
    twin.train(problem.launch, problem.order)
    assert device.read(counters.words).tolist() == [twin.read, twin.kept, twin.trained]
    for found, expected, before in zip(matrices, twin.matrices, problem.matrices, strict=True):
        moved = np.abs(expected - before).max()
        assert np.allclose(device.read(found), expected, rtol=0, atol=1e-5 + 1e-4 * moved)
    assert np.abs(twin.matrices.inputs - problem.matrices.inputs).max() > 1e-3


def _launch_chunk(device, kernel, launch, number, text, matrices, tables, counters):
    """One chunk alone: of several, each would be trained by a warp of its own."""
    part = launch._replace(
        first=number, last=number + 1,
        progress=launch.progress + (number - launch.first) * launch.progress_per_chunk,
    )  # fmt: skip
    device.write(counters.queue, np.zeros(1, np.int32))
    device.launch(kernel, (1, 1), text, matrices, tables, part.typed(), counters)
    device.wait()


@pytest.mark.parametrize("case", CASES[1::3], ids=case_name)
def test_loss_is_that_of_the_twin(case, device):
    problem = Problem(shape_of(case), ids=70)
    text, matrices, tables = problem.put(device.put)
    sums = LossSums(device.put(np.zeros(3, np.int64)), device.put(np.zeros(3)))
    kernel = measuring_kernel(device.lanes, problem.shape)
    device.launch(
        kernel, (1, problem.shape.warps), text, matrices, tables, problem.launch.typed(), sums
    )
    expected = problem.twin().measure(problem.launch, problem.order)
    assert device.read(sums.pairs).tolist() == [pairs for pairs, _ in expected]
    assert np.allclose(device.read(sums.loss), [loss for _, loss in expected], rtol=1e-5)
