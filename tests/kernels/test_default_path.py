"""The default path's kernels against their float64 twin, over whole small trainings."""

import itertools

import numpy as np
import pytest

from fastw2v.engines import allocation
from fastw2v.engines.factory import new_engine
from fastw2v.engines.loss import mean_loss
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.matrix.aligned import aligned_zeros, padded
from fastw2v.model.matrices import new_model
from fastw2v.model.rng import below, draw, high32, seed_generator
from fastw2v.settings import Settings
from tests.support.kernel_cases import LAYERS, small_corpus, small_engine
from tests.support.naive import SplitMix, Twin

VARIANTS = [
    {"model": "skipgram", "size": 1, "window": 1},
    {"model": "skipgram", "size": 50, "window": 3, "sample": 0.02},
    {"model": "skipgram", "size": 102, "window": 10, "window_mode": "fixed"},
    {"model": "skipgram", "size": 300, "window": 2},
    {"model": "cbow", "size": 100, "window": 5, "sample": 0.02},
    {"model": "cbow", "size": 7, "window": 4, "sample": 0.02},
    {"model": "cbow", "size": 33, "window": 10, "cbow_update": "corrected"},
]


ONE_SIDED = [
    ("both", {"model": "skipgram", "size": 20, "window": 4, "context": "left"}),
    ("softmax", {"model": "skipgram", "size": 9, "window": 3, "context": "right"}),
    ("nce", {"model": "cbow", "size": 20, "window": 3, "context": "right", "sample": 0.02}),
]


@pytest.mark.parametrize(
    ("layer", "variant"), [*itertools.product(LAYERS, VARIANTS), *ONE_SIDED], ids=str
)
def test_training_agrees_with_the_twin(layer, variant):
    engine, model, _, settings = small_engine(
        5, seed=9, epochs=2, alpha=0.1, **LAYERS[layer], **variant
    )
    twin = Twin(engine)
    for epoch in range(settings.epochs):
        engine.start_epoch(epoch)
        engine.train()
        twin.epoch(epoch)
        mean, stderr = engine.measure()
        assert mean == pytest.approx(twin.loss(), rel=1e-3)
        assert stderr == 0
    counters = engine.shared.shards.counters[0]
    assert counters.read == twin.raw > 0
    assert counters.kept == twin.kept > 0
    assert counters.kept == counters.trained + counters.alone
    assert_close(model.inputs, twin.inputs)
    for name, outputs in twin.outputs.items():
        assert_close(getattr(engine.layers, name).outputs, outputs)


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("nce", [False, True])
def test_many_samples_are_trained_fifty_at_a_time(nce, model):
    engine, trained, *_ = small_engine(8, alpha=0.01, model=model, negative=110, nce=nce)
    twin = Twin(engine)
    engine.train()
    twin.epoch(0)
    assert engine.measure().mean == pytest.approx(twin.loss(), rel=1e-3)
    assert_close(trained.inputs, twin.inputs)
    assert_close(trained.outputs, *twin.outputs.values())


@pytest.mark.parametrize("model", ["skipgram", "cbow"])
@pytest.mark.parametrize("layer", LAYERS)
def test_frozen_words_keep_their_vectors_and_the_others_learn_from_them(layer, model):
    frozen = [1, 4, 20]
    engine, trained, _, settings = small_engine(
        6, frozen=frozen, seed=3, epochs=2, alpha=0.1, model=model, size=13, **LAYERS[layer]
    )
    twin = Twin(engine)
    before = trained.inputs.copy()
    for epoch in range(settings.epochs):
        engine.start_epoch(epoch)
        engine.train()
        twin.epoch(epoch)
    moved = np.flatnonzero((trained.inputs != before).any(axis=1)).tolist()
    assert not set(moved) & set(frozen)
    assert len(moved) > 15
    assert_close(trained.inputs, twin.inputs)
    for name, outputs in twin.outputs.items():
        assert_close(getattr(engine.layers, name).outputs, outputs)


def assert_close(matrix, expected):
    np.testing.assert_allclose(matrix, expected, rtol=1e-3, atol=2e-4)


def test_loss_of_a_share_estimates_that_of_all():
    rng = np.random.default_rng(4)
    pairs = rng.integers(1, 9, 4_000).astype(float)
    losses = pairs * 2.5 + rng.normal(0, 1.5, pairs.size)

    def sums(where):
        p, loss = pairs[where], losses[where]
        row = state.new_records(2, state.LOSS_SUMS)
        row.pairs[1], row.loss[1] = p.sum(), loss.sum()
        row.pairs_squared[1], row.loss_squared[1] = (p * p).sum(), (loss * loss).sum()
        row.pairs_times_loss[1] = (p * loss).sum()
        return row

    whole, none = mean_loss(sums(slice(None)), 1)
    estimate, stderr = mean_loss(sums(slice(None, None, 8)), 1 / 8)
    assert none == 0
    assert 0.005 < stderr < 0.05
    assert abs(estimate - whole) < 3 * stderr
    assert mean_loss(state.new_records(1, state.LOSS_SUMS), 0.5) == (0.0, 0.0)


@pytest.mark.parametrize("lines", [True, False], ids=["lines", "one line"])
def test_probes_estimate_the_loss_of_the_whole_text(monkeypatch, lines):
    def measured():
        corpus = small_corpus(7, words=50, tokens=60_000)
        if not lines:
            corpus.ids[corpus.ids == 0] = 1
        settings = Settings(threads=3, size=9, model="skipgram", window=3)
        model = new_model(50, settings)
        rng = np.random.default_rng(2)
        model.inputs[:, :9] = rng.normal(0, 0.7, (50, 9))
        model.outputs[:, :9] = rng.normal(0, 0.7, (50, 9))
        built = new_engine(corpus, model, settings)
        return built.share, *built.measure()

    monkeypatch.setattr(allocation, "MEASURED_IDS", 60_000)
    share, whole, none = measured()
    assert (share, none) == (1, 0)
    monkeypatch.setattr(allocation, "MEASURED_IDS", 1_000)
    monkeypatch.setattr(allocation, "MEASURED_SHARE", 1 / 10)
    share, estimate, stderr = measured()
    assert share == 0.1
    assert 0 < stderr < 0.1
    assert abs(estimate - whole) < 4 * stderr


def test_padding_stays_zero():
    engine, model, _, settings = small_engine(2, model="skipgram", size=13, hs=True)
    engine.start_epoch(0)
    engine.train()
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


@compiled
def draw_many(random, limit, count):
    hits = np.zeros(limit, np.int64)
    for _ in range(count):
        hits[below(high32(draw(random)), limit)] += 1
    return hits


def test_streams_of_a_seed_differ_and_draws_are_even():
    states = [int(seed_generator(3, stream)[0]) for stream in range(50)]
    assert len(set(states)) == 50
    random = seed_generator(3, 1)
    twin = SplitMix(random[0])
    expected = np.bincount([(twin.draw() >> 32) * 7 >> 32 for _ in range(7_000)])
    hits = draw_many(random, 7, 7_000)
    np.testing.assert_array_equal(hits, expected)
    assert hits.size == 7
    assert hits.min() > 850
    assert hits.max() < 1_150


def test_a_raised_stop_flag_returns_at_once_and_training_goes_on_from_there():
    engine, *_ = small_engine(8, model="skipgram")
    control, counters = engine.shared.shards.control, engine.shared.shards.counters
    control[state.STOP] = 1
    engine.train()
    assert counters.position[0] == 0
    control[state.STOP] = 0
    engine.train()
    assert counters.position[0] == len(engine.shared.text.ids)
