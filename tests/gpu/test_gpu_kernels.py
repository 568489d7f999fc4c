"""The GPU's kernels, run lane by lane in Python, against their float64 twin."""

import numpy as np
import pytest

from fastw2v.gpu.arrays import Counters, DeviceText, Launch, LossSums, Matrices, Tables
from fastw2v.gpu.kernels import measuring_kernel, training_kernel
from fastw2v.gpu.shape import shape_for
from fastw2v.model.huffman import huffman_paths
from fastw2v.model.noise import alias_table, noise_shares
from fastw2v.settings import Settings
from tests.support.naive_gpu import NaiveGpu
from tests.support.warp import emulated_lanes, on_device

WORDS, LEVELS, CHUNK = 40, 4, 24
LAYERS = {"ns": {}, "hs": {"hs": True, "negative": 0}, "both": {"hs": True}}


def _settings(model, layer, **options):
    return Settings(model=model, threads=1, **{**LAYERS[layer], **options})


class Problem:
    """A small text, a model in the middle of its training, and tables."""

    def __init__(self, shape, ids=60, frozen=(), seed=5, words=WORDS):
        random = np.random.default_rng(seed)
        self.shape = shape
        self.ids = np.minimum(random.zipf(1.4, ids), words - 1).astype(np.int32)
        self.ids[random.random(ids) < 0.1] = 0
        self.keep = np.full(words, 2**32 - 1, np.uint32)
        if words > 4:
            self.keep[1:4] = [2**30, 2**31, 3 * 2**30]
        self.order = np.array([1, 2, 0], np.int32)
        counts = np.sort(random.integers(1, 500, words))[::-1].astype(np.int64)
        start, nodes, codes = huffman_paths(counts)
        shares = random.uniform(0.3, 1, (3, words)).astype(np.float32)
        shares[0, list(frozen)] = 0
        self.tables = Tables(
            alias_table(noise_shares(counts, 0.75)), start,
            (2 * nodes + codes).astype(np.int32), *shares,
        )  # fmt: skip
        values = random.normal(0, 0.4, (3, words, shape.width)).astype(np.float32)
        values[:, :, shape.size :] = 0
        self.matrices = Matrices(*values)
        self.launch = Launch(0, 3, CHUNK, 11, 7, 0.05, 0.1, 0.9, 0.25, 0.01)

    def on_device(self):
        tables = Tables(*(on_device(each) for each in self.tables))
        text = DeviceText(*(on_device(each) for each in (self.ids, self.order, self.keep)))
        return text, Matrices(*(each.copy() for each in self.matrices)), tables, self.launch

    def twin(self):
        matrices = Matrices(*(each.astype(np.float64) for each in self.matrices))
        return NaiveGpu(self.shape, self.ids, self.keep, matrices, self.tables)


CASES = [
    ("skipgram", "ns", {"size": 1, "window": 1, "negative": 1}),
    ("skipgram", "ns", {"size": 7, "window": 3, "negative": 25}),
    ("skipgram", "ns", {"size": 100}),
    ("skipgram", "ns", {"size": 300, "window": 2}),
    ("skipgram", "ns", {"size": 128, "window": 10, "window_mode": "fixed", "negative": 10}),
    ("skipgram", "ns", {"size": 7, "context": "left"}),
    ("cbow", "both", {"size": 7, "context": "right", "window": 3}),
    ("skipgram", "hs", {"size": 50}),
    ("skipgram", "hs", {"size": 128, "window": 2}),
    ("skipgram", "both", {"size": 100, "negative": 3, "window": 4}),
    ("cbow", "ns", {"size": 1, "window": 2}),
    ("cbow", "ns", {"size": 50, "cbow_update": "corrected"}),
    ("cbow", "ns", {"size": 300, "window": 3, "negative": 16}),
    ("cbow", "ns", {"size": 128, "window": 10, "window_mode": "fixed"}),
    ("cbow", "hs", {"size": 7}),
    ("cbow", "hs", {"size": 300, "window": 2}),
    ("cbow", "both", {"size": 100, "cbow_update": "corrected", "negative": 25}),
    ("skipgram", "ns", {"size": 600, "window": 2, "negative": 4}),  # tiles of one
]


def _name(case):
    model, layer, options = case
    return "-".join([model, layer, *(f"{name}={value}" for name, value in options.items())])


def _shape(case, frozen=False):
    model, layer, options = case
    settings = _settings(model, layer, **options)
    return shape_for(settings, LEVELS if settings.hs else 0, frozen)


@pytest.mark.parametrize("case", CASES, ids=_name)
def test_training_is_that_of_the_twin(case):
    problem = Problem(_shape(case))
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = problem.on_device()
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(training_kernel(lanes, problem.shape), text, matrices, tables, launch, counters)
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
@pytest.mark.parametrize("case", ODD, ids=_name)
def test_few_words_and_wide_windows_are_those_of_the_twin(case, words):
    """Also one word over and over, and sentences longer than a chunk."""
    problem = Problem(_shape(case), words=words)
    if words == 2:
        problem.ids[:] = 1
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = problem.on_device()
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(training_kernel(lanes, problem.shape), text, matrices, tables, launch, counters)
    twin = problem.twin()
    twin.train(launch, problem.order)
    assert counters.words.tolist() == [twin.read, twin.kept, twin.trained]
    assert twin.trained > 0
    for found, expected in zip(matrices, twin.matrices, strict=True):
        assert np.allclose(found, expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
def test_frozen_words_stay_bit_for_bit(model):
    frozen = [2, 5]
    problem = Problem(_shape((model, "ns", {"size": 7}), frozen=True), frozen=frozen)
    problem.matrices.inputs[frozen, 0] = -0.0
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = problem.on_device()
    counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
    emulator.launch(training_kernel(lanes, problem.shape), text, matrices, tables, launch, counters)
    assert matrices.inputs[frozen].tobytes() == problem.matrices.inputs[frozen].tobytes()
    assert (matrices.inputs[1] != problem.matrices.inputs[1]).any()


@pytest.mark.parametrize("case", CASES[1::3], ids=_name)
def test_loss_is_that_of_the_twin(case):
    problem = Problem(_shape(case), ids=70)
    lanes, emulator = emulated_lanes()
    text, matrices, tables, launch = problem.on_device()
    sums = LossSums(np.zeros(3, np.int64), np.zeros(3))
    emulator.launch(measuring_kernel(lanes, problem.shape), text, matrices, tables, launch, sums)
    expected = problem.twin().measure(launch, problem.order)
    assert sums.pairs.tolist() == [pairs for pairs, _ in expected]
    assert sum(sums.pairs) > 0
    assert np.allclose(sums.loss, [loss for _, loss in expected], rtol=1e-5)
    for found, before in zip(matrices, problem.matrices, strict=True):
        assert (found == before).all()


def test_chunks_do_not_depend_on_the_warp_that_trains_them():
    """Two launches of one chunk and of two are one launch of three."""
    problem = Problem(_shape(CASES[2]))
    lanes, emulator = emulated_lanes()
    kernel = training_kernel(lanes, problem.shape)
    found = []
    for bounds in ([(0, 3)], [(0, 1), (1, 3)]):
        text, matrices, tables, launch = problem.on_device()
        for first, last in bounds:
            counters = Counters(np.zeros(1, np.int32), np.zeros(3, np.int64))
            part = launch._replace(
                first=first, last=last, progress=launch.progress + first * launch.progress_per_chunk
            )
            emulator.launch(kernel, text, matrices, tables, part, counters)
        found.append(matrices)
    assert all((a == b).all() for a, b in zip(*found, strict=True))
