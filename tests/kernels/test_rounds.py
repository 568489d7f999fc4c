"""Training in rounds: the same bytes from N shards, whoever is faster; and nothing diverges."""

import threading
import time

import numba
import numpy as np
import pytest

from fastw2v.engines import replica_plan
from fastw2v.engines.allocation import at_begin
from fastw2v.errors import SettingsError
from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.width import arithmetic
from fastw2v.kernels import state
from fastw2v.kernels.default_path import train_shard
from fastw2v.settings import Settings
from tests.support.kernel_cases import LAYERS, small_corpus, small_engine
from tests.support.training_cases import train_model

SHARED_LAYERS = {name: layer for name, layer in LAYERS.items() if name != "softmax"}
MODELS = [
    {"model": model, **layer} for model in ("skipgram", "cbow") for layer in SHARED_LAYERS.values()
]
FOUR = [
    {"model": model, **layer}
    for model in ("skipgram", "cbow")
    for layer in ({"negative": 5}, {"hs": True, "negative": 0})
]

OFTEN = replica_plan.OFTEN_ROWS


def trained(corpus, **settings):
    wanted = {"deterministic": True, "size": 12, "epochs": 2, "threads": 3}
    return train_model(corpus, Settings(**(wanted | settings)))


def bytes_of(model):
    return [matrix.tobytes() for matrix in model.matrices]


@pytest.fixture(scope="module")
def corpus():
    return small_corpus(8, words=300, tokens=40_000)


@pytest.fixture(scope="module")
def one_line(corpus):
    line = small_corpus(8, words=300, tokens=40_000)
    line.ids = line.ids[line.ids > 0]
    return line


@pytest.mark.parametrize("settings", MODELS, ids=str)
@pytest.mark.parametrize("often", [OFTEN, 20])
def test_the_same_bytes_whoever_is_faster(corpus, settings, often, monkeypatch):
    monkeypatch.setattr(replica_plan, "OFTEN_ROWS", often)
    first = trained(corpus, **settings).model
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        before = numba.get_num_threads()
        numba.set_num_threads(threads)
        try:
            again = trained(corpus, **settings).model
        finally:
            numba.set_num_threads(before)
        assert bytes_of(first) == bytes_of(again)


def test_the_number_of_shards_and_the_seed_matter(corpus):
    found = {
        trained(corpus, threads=threads, seed=seed).model.inputs.tobytes()
        for threads, seed in [(1, 1), (2, 1), (3, 1), (3, 2)]
    }
    assert len(found) == 4


def test_one_thread_is_as_always(corpus):
    plain = trained(corpus, threads=1, deterministic=False).model.inputs
    found = trained(corpus, threads=1).model.inputs
    # Where the processor's own arithmetic is another, sums are taken in another order.
    np.testing.assert_allclose(found, plain, atol=1e-5)
    assert arithmetic(False) is None or found.tobytes() == plain.tobytes()


@pytest.mark.parametrize("settings", FOUR, ids=str)
@pytest.mark.parametrize(
    ("workers", "often"), [(2, 20), (2, OFTEN), (16, 20), (16, OFTEN), (64, OFTEN)]
)
def test_many_workers_on_a_short_line_are_as_good_as_one(
    one_line, workers, often, settings, monkeypatch
):
    """Some 600 words each, in one sentence: summed, their changes go sixty times too far."""
    monkeypatch.setattr(replica_plan, "OFTEN_ROWS", often)
    alone = trained(one_line, threads=1, **settings).loss[-1]
    assert trained(one_line, threads=workers, **settings).loss[-1] < 1.03 * alone


def test_replicas_of_a_default_training_are_as_good(corpus):
    alone = trained(corpus, threads=1).loss[-1]
    for threads, replicas in [(2, 2), (4, 2)]:
        wanted = {"deterministic": False, "threads": threads, "replicas": replicas}
        assert trained(corpus, **wanted).loss[-1] < 1.03 * alone


def test_a_stop_between_two_rounds_changes_nothing(monkeypatch):
    monkeypatch.setattr(replica_plan, "OFTEN_ROWS", 20)
    # Tenths of a second, so that a stop finds it at work on a busy machine, too.
    case = {"tokens": 100_000, "threads": 2, "deterministic": True, "model": "skipgram"}
    case |= {"size": 100, "window": 10, "negative": 20, "sample": 0.0}
    engine, model, *_ = small_engine(4, **case)
    engine.train()
    stopped, again, *_ = small_engine(4, **case)
    counters = stopped.shared.shards.counters
    stops = 0
    while not stopped.epoch_ended():
        worker = threading.Thread(target=stopped.train)
        worker.start()
        time.sleep(0.01)
        stopped.request_stop()
        worker.join()
        stopped.clear_stop()
        stops += bool((counters.position < counters.end).any())
    assert stops
    assert bytes_of(model) == bytes_of(again)


def test_after_a_stop_all_replicas_are_merged():
    case = {"tokens": 100_000, "threads": 2, "replicas": 2, "size": 100, "negative": 20}
    engine, model, *_ = small_engine(4, **case)
    worker = threading.Thread(target=engine.train)
    worker.start()
    time.sleep(0.02)
    engine.request_stop()
    worker.join()
    for copies in engine.shared.replicas.inputs.copies, engine.shared.replicas.outputs.copies:
        assert copies.shape[0] == 2
        assert (copies[0] == copies[1]).all()
    assert (engine.shared.replicas.inputs.copies[0] == model.inputs).all()


@compiled
def train(shard, args):
    train_shard(shard, borrow(args))


def test_the_first_shard_to_end_its_round_ends_it_for_all():
    engine, *_ = small_engine(4, tokens=9_000, threads=2, replicas=2, sample=0.0)
    shared = engine.shared._replace(
        settings=engine.shared.settings._replace(fixed_rounds=False, chunk=0)
    )  # fixed where there is one core
    args = state.KernelArgs(shared, engine.layers)
    control, counters = shared.shards.control, shared.shards.counters
    control[state.ROUND_WORDS] = 1_000
    counters[:] = at_begin(counters, len(shared.text.ids), 0)
    counters.end[1] = counters.begin[1] + 10
    train(1, args)  # it reaches the end of its text, not of the round
    assert not control[state.ROUND_OVER]
    train(0, args)
    assert counters.kept[0] == 1_000
    assert control[state.ROUND_OVER]
    train(0, args)
    assert counters.kept[0] == 1_000, "told to return"
    control[state.ROUND_OVER] = 0
    train(0, args)
    assert counters.kept[0] == 2_000


def test_shards_that_train_one_after_the_other_end_their_own_rounds():
    before = numba.get_num_threads()
    numba.set_num_threads(1)
    try:
        engine, *_ = small_engine(4, tokens=20_000, threads=2, replicas=2)
    finally:
        numba.set_num_threads(before)
    assert engine.plan.fixed_rounds


def test_frozen_words_stay():
    settings = {"threads": 2, "deterministic": True, "sample": 0.0}
    engine, model, *_ = small_engine(4, tokens=5_000, frozen=(2, 5), **settings)
    before = model.inputs.copy()
    engine.train()
    same = (model.inputs == before).all(axis=1)
    assert np.flatnonzero(same[1:]).tolist() == [1, 4]  # words 2 and 5


@pytest.mark.parametrize("more", [{"deterministic": True}, {"replicas": 2}])
def test_softmax_has_too_many_rows(more):
    with pytest.raises(SettingsError, match="threads=1"):
        Settings(softmax=True, threads=2, **more)
    Settings(softmax=True, deterministic=True, threads=1)


def test_more_workers_than_words():
    """Most of them have nothing to train."""
    engine, model, *_ = small_engine(4, tokens=3, threads=8, deterministic=True)
    engine.train()
    assert engine.epoch_ended()
    assert np.isfinite(model.inputs).all()
