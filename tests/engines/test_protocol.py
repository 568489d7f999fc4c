"""Each engine does what `fastw2v.engines.protocol.Engine` says."""

import inspect
import threading
import time

import numpy as np
import pytest

from fastw2v.engines.protocol import Engine, EngineStateError
from tests.support.kernel_cases import small_engine

KINDS = [
    {"threads": 2},
    {"threads": 2, "deterministic": True, "model": "skipgram", "hs": True},
    {"exact": True},
    {"softmax": True},
    {"device": "cuda", "hs": True, "negative": 3, "window": 2},
]


@pytest.fixture(params=KINDS, ids=str)
def kind(request):
    return request.param


def engine_of(kind, **more):
    return small_engine(4, **(kind | more))[0]


def trained(engine):
    with engine.turn():
        engine.train()
    return engine


def bytes_of(engine):
    parts = [*engine.read_model().matrices, *engine.state().values()]
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def test_every_member_of_the_protocol_is_there_with_the_same_parameters(kind):
    engine = engine_of(kind)
    members = [name for name in vars(Engine) if not name.startswith("_")]
    assert len(members) > 12
    for name in members:
        ours, theirs = inspect.getattr_static(type(engine), name), vars(Engine)[name]
        assert type(ours) is type(theirs), name
        if callable(theirs):
            wanted = list(inspect.signature(theirs).parameters)
            assert list(inspect.signature(ours).parameters) == wanted, name


def test_an_epoch_from_begin_to_end(kind):
    engine = engine_of(kind)
    assert (engine.epoch, engine.ids_read(), engine.epoch_ended()) == (0, 0, False)
    assert sum(engine.word_counts()) == 0
    trained(engine)
    assert engine.epoch_ended()
    assert engine.ids_read() == 400
    counts = engine.word_counts()
    assert counts.reached >= counts.kept >= counts.trained > 0
    engine.start_epoch(1)
    assert (engine.epoch, engine.ids_read(), engine.epoch_ended()) == (1, 0, False)
    assert engine.word_counts() == counts, "over all epochs"


def test_preparing_and_measuring_change_nothing(kind):
    engine = engine_of(kind)
    before = bytes_of(engine)
    with engine.turn():
        engine.prepare()
        first, second = engine.measure(), engine.measure()
    assert first == second
    assert first.mean > 0 == first.stderr
    assert bytes_of(engine) == before


def test_the_loss_of_a_new_model_is_below_that_of_untrained_ones(kind):
    engine = engine_of(kind)
    for matrix in engine.read_model().matrices:
        matrix[:] = 0
    assert 0 < engine.measure().mean <= engine.untrained_loss * (1 + 2 * ("hs" in kind))


def test_a_stop_requested_before_keeps_it_from_training(kind):
    engine = engine_of(kind)
    before = bytes_of(engine)
    engine.request_stop()
    trained(engine)
    assert bytes_of(engine) == before
    engine.clear_stop()
    assert trained(engine).epoch_ended()


@pytest.mark.parametrize("kind", [{"threads": 1}, *KINDS[1:4]], ids=str)
def test_stopped_and_restored_elsewhere_it_ends_in_the_same_bytes(kind):
    # Tenths of a second, so that a stop finds it at work on a busy machine, too.
    case = {"tokens": 100_000, "size": 100, "window": 10, "negative": 20, "sample": 0.0} | kind
    whole, stopped = trained(engine_of(case)), engine_of(case)
    between = 0
    while not stopped.epoch_ended():
        thread = threading.Thread(target=stopped.train)
        thread.start()
        time.sleep(0.01)
        stopped.request_stop()
        thread.join()
        between += not stopped.epoch_ended()
        later = engine_of(case)
        for ours, theirs in zip(
            later.read_model().matrices, stopped.read_model().matrices, strict=True
        ):
            ours[:] = theirs
        later.restore({name: array.copy() for name, array in stopped.state().items()})
        stopped = later
    assert between
    assert bytes_of(stopped) == bytes_of(whole)


def test_sampled_rows_are_of_every_matrix_and_of_now(kind):
    engine = engine_of(kind)
    before = [rows.copy() for rows in engine.sample_rows()]
    trained(engine)
    assert len(before) == len(engine.read_model().matrices)
    for old, new in zip(before, engine.sample_rows(), strict=True):
        assert old.shape == new.shape
        assert not np.array_equal(old, new)


@pytest.mark.parametrize("kind", KINDS[:4], ids=str)
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda arrays: arrays.pop("random"), "no 'random'"),
        (lambda arrays: arrays.update(random=arrays["random"][:, :3]), "'random' is uint64"),
        (lambda arrays: arrays.update(random=arrays["random"].astype(np.int64)), "'random' is int"),
        (lambda arrays: arrays["counters"].__setitem__((0, 2), 10**9), "positions"),
        (lambda arrays: arrays["counters"].__setitem__((0, 1), 399), "positions"),
    ],
)
def test_states_that_do_not_fit_are_refused_and_change_nothing(kind, change, message):
    engine = engine_of(kind)
    arrays = {name: array.copy() for name, array in engine.state().items()}
    change(arrays)
    before = bytes_of(engine)
    with pytest.raises(EngineStateError, match=message):
        engine.restore(arrays)
    assert bytes_of(engine) == before
