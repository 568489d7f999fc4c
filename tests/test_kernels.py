"""The default path's kernels against their float64 twin, over whole small trainings."""

import numpy as np
import pytest
from kernel_cases import LAYERS, small_job
from naive import Twin

from fastw2v.kernels import jobs
from fastw2v.kernels.randoms import below, draw, seed_generator
from fastw2v.kernels.rows import aligned_zeros, padded
from fastw2v.training import mean_loss

VARIANTS = [
    {"model": "skipgram", "size": 1, "window": 1},
    {"model": "skipgram", "size": 50, "window": 3, "sample": 0.02},
    {"model": "skipgram", "size": 102, "window": 10, "window_mode": "fixed"},
    {"model": "cbow", "size": 7, "window": 4, "sample": 0.02},
    {"model": "cbow", "size": 33, "window": 10, "cbow_update": "corrected"},
]


def run_epoch(job, layers, epoch):
    counters = job.shards.counters
    counters[:, jobs.EPOCH] = epoch
    counters[:, jobs.POSITION] = counters[:, jobs.BEGIN]
    job.shards.loss[:, : jobs.RATE] = 0
    layers.train(job)


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("variant", VARIANTS, ids=str)
def test_training_agrees_with_the_twin(layer, variant):
    job, layers, model, _, settings = small_job(
        5, seed=9, epochs=2, alpha=0.1, **LAYERS[layer], **variant
    )
    twin = Twin(job, layers)
    for epoch in range(settings.epochs):
        run_epoch(job, layers, epoch)
        twin.epoch(epoch)
        assert_losses_agree(job, twin)
    counters = job.shards.counters[0]
    assert counters[jobs.RAW] == twin.raw > 0
    assert counters[jobs.KEPT] == twin.kept > 0
    assert counters[jobs.WINDOWS] == twin.windows > 0
    assert_close(model.inputs, twin.inputs)
    for name, outputs in twin.outputs.items():
        assert_close(getattr(layers, name).outputs, outputs)


def assert_close(matrix, expected):
    # A score beside an edge of the sigmoid's table may fall on either side of it in float32: a
    # step of .003 at the most, times the learning rate, once in a while.
    difference = np.abs(matrix - expected)
    assert np.quantile(difference, 0.9) < 1e-4
    assert difference.max() < 2e-2


def assert_losses_agree(job, twin):
    mean, stderr = mean_loss(job.shards.loss.sum(axis=0), job.plan.loss_every)
    pairs, losses = np.array(twin.losses).T
    assert mean == pytest.approx(losses.sum() / pairs.sum(), rel=1e-3)
    assert stderr == 0


def test_loss_of_some_windows_estimates_that_of_all():
    rng = np.random.default_rng(4)
    pairs = rng.integers(1, 9, 4_000).astype(float)
    losses = pairs * 2.5 + rng.normal(0, 1.5, pairs.size)
    part = slice(None, None, 8)

    def sums(where):
        p, loss = pairs[where], losses[where]
        row = np.zeros(16)
        row[jobs.PAIRS], row[jobs.LOSS] = p.sum(), loss.sum()
        row[jobs.PAIRS2], row[jobs.LOSS2] = (p * p).sum(), (loss * loss).sum()
        row[jobs.PAIRS_LOSS] = (p * loss).sum()
        return row

    whole, none = mean_loss(sums(slice(None)), 1)
    estimate, stderr = mean_loss(sums(part), 8)
    assert none == 0
    assert 0.005 < stderr < 0.05
    assert abs(estimate - whole) < 3 * stderr
    assert mean_loss(np.zeros(16), 8) == (0.0, 0.0)


def test_padding_stays_zero():
    job, layers, model, _, settings = small_job(2, model="skipgram", size=13, hs=True)
    run_epoch(job, layers, 0)
    for matrix in (model.inputs, model.outputs, model.nodes):
        assert matrix.shape[1] == 16
        assert not matrix[:, settings.size :].any()
        assert matrix[:, : settings.size].any()


def test_rows_are_padded_and_aligned():
    assert [padded(size) for size in (1, 16, 17, 100, 300)] == [16, 16, 32, 112, 304]
    for shape in [(3, 16), (5, 112), (2, 3, 48)]:
        matrix = aligned_zeros(*shape)
        assert matrix.shape == shape
        assert matrix.ctypes.data % 64 == 0
        assert matrix.flags.c_contiguous


def test_streams_of_a_seed_differ_and_draws_are_even():
    first = [int(draw(seed_generator(3, stream))) for stream in range(50)]
    assert len(set(first)) == 50
    random = seed_generator(3, 1)
    hits = np.bincount([below(np.uint32(int(draw(random)) >> 32), 7) for _ in range(7_000)])
    assert hits.size == 7
    assert hits.min() > 850
    assert hits.max() < 1_150


def test_a_raised_stop_flag_returns_at_once_and_training_goes_on_from_there():
    job, layers, *_ = small_job(8, model="skipgram")
    job.shards.control[jobs.STOP] = 1
    run_epoch(job, layers, 0)
    assert job.shards.counters[0, jobs.POSITION] == 0
    job.shards.control[jobs.STOP] = 0
    layers.train(job)
    assert job.shards.counters[0, jobs.POSITION] == len(job.text.ids)
