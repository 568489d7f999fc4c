"""The GPU's kernels, run lane by lane in Python, against their float64 twin."""

import numpy as np
import pytest

from fastw2v.gpu.arrays import Counters, LossSums
from fastw2v.gpu.kernels import measuring_kernel, training_kernel
from tests.support.gpu_problem import CASES, Problem, case_name, shape_of
from tests.support.warp import emulated_lanes, on_device


def _on_device(problem):
    return *problem.put(on_device), problem.launch


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_training_is_that_of_the_twin(case):
    problem = Problem(shape_of(case))
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = _on_device(problem)
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(
        training_kernel(lanes, problem.shape), 1, text, matrices, tables, launch, counters
    )
    twin = problem.twin()
    twin.train(launch, problem.order)
    assert counters.words.tolist() == [twin.read, twin.kept, twin.trained]
    assert 0 < twin.trained <= twin.kept < twin.read
    for found, expected, before in zip(matrices, twin.matrices, problem.matrices, strict=True):
        moved = np.abs(expected - before).max()
        assert np.allclose(found, expected, rtol=0, atol=2e-6 + 2e-5 * moved)
    assert np.abs(twin.matrices.inputs - problem.matrices.inputs).max() > 1e-3
    used = [problem.shape.negative > 0, problem.shape.hierarchical]
    for matrix, before, is_used in zip(matrices[1:], problem.matrices[1:], used, strict=True):
        assert (matrix != before).any() == is_used


ODD = [
    ("skipgram", "ns", {"size": 3, "window": 1_000, "window_mode": "fixed"}),
    ("cbow", "both", {"size": 17, "window": 1_000}),
    ("skipgram", "hs", {"size": 15, "window": 1}),
    ("cbow", "ns", {"size": 3, "negative": 1}),
]


@pytest.mark.parametrize("words", [2, 3])
@pytest.mark.parametrize("case", ODD, ids=case_name)
def test_few_words_and_wide_windows_are_those_of_the_twin(case, words):
    """Also one word over and over, and sentences longer than a chunk."""
    problem = Problem(shape_of(case), words=words)
    if words == 2:
        problem.ids[:] = 1
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = _on_device(problem)
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(
        training_kernel(lanes, problem.shape), 1, text, matrices, tables, launch, counters
    )
    twin = problem.twin()
    twin.train(launch, problem.order)
    assert counters.words.tolist() == [twin.read, twin.kept, twin.trained]
    assert twin.trained > 0
    for found, expected in zip(matrices, twin.matrices, strict=True):
        assert np.allclose(found, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_frozen_words_stay_bit_for_bit(model):
    frozen = [2, 5]
    problem = Problem(shape_of((model, "ns", {"size": 7}), frozen=True), frozen=frozen)
    problem.matrices.inputs[frozen, 0] = -0.0
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = _on_device(problem)
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(
        training_kernel(lanes, problem.shape), 1, text, matrices, tables, launch, counters
    )
    assert matrices.inputs[frozen].tobytes() == problem.matrices.inputs[frozen].tobytes()
    assert (matrices.inputs[1] != problem.matrices.inputs[1]).any()


@pytest.mark.parametrize("case", CASES[1::3], ids=case_name)
def test_loss_is_that_of_the_twin(case):
    problem = Problem(shape_of(case), ids=70)
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = _on_device(problem)
    sums = LossSums(np.zeros(3, np.int64), np.zeros(3))
    emulator.launch(
        measuring_kernel(lanes, problem.shape),
        problem.shape.warps,
        text,
        matrices,
        tables,
        launch,
        sums,
    )
    expected = problem.twin().measure(launch, problem.order)
    assert sums.pairs.tolist() == [pairs for pairs, _ in expected]
    assert sum(sums.pairs) > 0
    assert np.allclose(sums.loss, [loss for _, loss in expected], rtol=1e-5)
    for found, before in zip(matrices, problem.matrices, strict=True):
        assert (found == before).all()


def test_chunks_do_not_depend_on_the_warp_that_trains_them():
    """Two launches of one chunk and of two are one launch of three."""
    problem = Problem(shape_of(CASES[2]))
    lanes, emulator = emulated_lanes()
    kernel = training_kernel(lanes, problem.shape)
    found = []
    for bounds in ([(0, 3)], [(0, 1), (1, 3)]):
        text, matrices, tables, launch = _on_device(problem)
        for first, last in bounds:
            counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
            part = launch._replace(
                first=first, last=last, progress=launch.progress + first * launch.progress_per_chunk
            )
            emulator.launch(kernel, 1, text, matrices, tables, part, counters)
        found.append(matrices)
    assert all((a == b).all() for a, b in zip(*found, strict=True))
