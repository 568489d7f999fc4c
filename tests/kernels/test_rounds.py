"""Training in rounds: the same bytes from N threads, whoever is faster."""

import threading
import time

import numba
import numpy as np
import pytest

from fastw2v.errors import SettingsError
from fastw2v.kernels import state
from fastw2v.kernels.rounds import ROUND_WORDS
from fastw2v.settings import Settings
from tests.support.kernel_cases import LAYERS, small_corpus, small_engine
from tests.support.training_cases import train_model

SHARED_LAYERS = {name: layer for name, layer in LAYERS.items() if name != "softmax"}
MODELS = [
    {"model": model, **layer} for model in ("skipgram", "cbow") for layer in SHARED_LAYERS.values()
]


def matrices(model):
    return [each for each in (model.inputs, model.outputs, model.nodes) if each is not None]


def trained(corpus, **settings):
    wanted = {"deterministic": True, "size": 12, "epochs": 2, "threads": 3}
    return train_model(corpus, Settings(**(wanted | settings)))


@pytest.fixture(scope="module")
def corpus():
    return small_corpus(8, words=300, tokens=40_000)


@pytest.mark.parametrize("settings", MODELS, ids=str)
def test_the_same_bytes_whoever_is_faster(corpus, settings):
    first = trained(corpus, **settings).model
    for threads in (1, numba.config.NUMBA_NUM_THREADS):
        before = numba.get_num_threads()
        numba.set_num_threads(threads)
        try:
            again = trained(corpus, **settings).model
        finally:
            numba.set_num_threads(before)
        for one, other in zip(matrices(first), matrices(again), strict=True):
            assert one.tobytes() == other.tobytes()


def test_the_number_of_shards_and_the_seed_matter(corpus):
    found = {
        trained(corpus, threads=threads, seed=seed).model.inputs.tobytes()
        for threads, seed in [(1, 1), (2, 1), (3, 1), (3, 2)]
    }
    assert len(found) == 4


def test_one_thread_is_as_always(corpus):
    plain = trained(corpus, threads=1, deterministic=False)
    assert trained(corpus, threads=1).model.inputs.tobytes() == plain.model.inputs.tobytes()


@pytest.mark.parametrize("settings", MODELS, ids=str)
def test_a_round_adds_up_what_each_shard_changes_alone(settings):
    """The specification: each shard from the same model, then model + all changes, in order."""
    wanted = {"threads": 3, "deterministic": True, "window": 3, "sample": 0.02} | settings
    case = {"tokens": 2 * ROUND_WORDS // 3, "size": 7}  # one round trains it all

    def engine_and_model():
        engine, model, *_ = small_engine(4, **case, **wanted)
        return engine, model

    alone = []
    for shard in range(3):
        engine, model = engine_and_model()
        counters = engine.shared.shards.counters
        others = np.arange(3) != shard
        counters.position[others] = counters.end[others]
        engine.train()
        alone.append(matrices(model))
    start = matrices(engine_and_model()[1])
    engine, model = engine_and_model()
    engine.train()
    assert engine.epoch_ended()
    for number, together in enumerate(matrices(model)):
        changes = [each[number].astype(np.float64) - start[number] for each in alone]
        assert all(np.abs(change).max() > 1e-4 for change in changes)
        assert np.allclose(together, start[number] + sum(changes), atol=1e-5)


def test_rows_are_given_back_after_each_round():
    engine, *_ = small_engine(4, tokens=9_000, threads=2, deterministic=True, hs=True)
    engine.train()
    for own in engine.shared.touched:
        assert own.used[:, 0].all(), "rows were taken"
        assert not own.slots.any()


def test_a_stop_between_two_rounds_changes_nothing():
    # Tenths of a second, so that a stop finds it at work on a busy machine, too.
    case = {"tokens": 100_000, "threads": 2, "deterministic": True, "model": "skipgram"}
    case |= {"size": 100, "window": 10, "negative": 20, "sample": 0.0}
    engine, model, *_ = small_engine(4, **case)
    engine.train()
    stopped, again, *_ = small_engine(4, **case)
    control, counters = stopped.shared.shards.control, stopped.shared.shards.counters
    stops = 0
    while not stopped.epoch_ended():
        worker = threading.Thread(target=stopped.train)
        worker.start()
        time.sleep(0.01)
        control[state.STOP] = 1
        worker.join()
        control[state.STOP] = 0
        stops += bool((counters.position < counters.end).any())
    assert stops
    for one, other in zip(matrices(model), matrices(again), strict=True):
        assert one.tobytes() == other.tobytes()


def test_frozen_words_stay():
    settings = {"threads": 2, "deterministic": True, "sample": 0.0}
    engine, model, *_ = small_engine(4, tokens=5_000, frozen=(2, 5), **settings)
    before = model.inputs.copy()
    engine.train()
    same = (model.inputs == before).all(axis=1)
    assert np.flatnonzero(same[1:]).tolist() == [1, 4]  # words 2 and 5


def test_the_loss_is_near_that_of_plain_training(corpus):
    plain = trained(corpus, deterministic=False, threads=1).loss[-1]
    assert trained(corpus, threads=4).loss[-1] == pytest.approx(plain, rel=0.05)


def test_softmax_has_too_many_rows():
    with pytest.raises(SettingsError, match="threads=1"):
        Settings(softmax=True, deterministic=True, threads=2)
    Settings(softmax=True, deterministic=True, threads=1)
