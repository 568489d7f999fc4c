"""Chunks of the text that are dealt: each id once an epoch, whoever is faster."""

import itertools

import numba
import numpy as np
import pytest

from fastw2v.engines import replica_plan
from fastw2v.engines.protocol import EngineStateError
from fastw2v.engines.replica_plan import plan_replicas
from fastw2v.jit.atomic_sum import add_atomically
from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.dealing import all_trained, has_ids
from fastw2v.kernels.default_path import learning_rate, train_shard
from fastw2v.settings import Settings
from tests.support.kernel_cases import small_corpus, small_engine

CHUNK = 50


@compiled(parallel=True)
def _count(place, found):
    for k in numba.prange(len(found)):
        found[k] = add_atomically(place, 3)


@compiled
def _ask(shard, args):
    args = borrow(args)
    return has_ids(args.shared, args.shared.shards.counters[shard])


@compiled
def _over(args):
    return all_trained(borrow(args).shared)


@compiled
def _train(shard, args):
    train_shard(shard, borrow(args))


@pytest.fixture(autouse=True)
def short_chunks(monkeypatch):
    monkeypatch.setattr(replica_plan, "LEAST_CHUNK", CHUNK)
    monkeypatch.setattr(replica_plan, "CHUNKS", 10**6)
    monkeypatch.setattr(numba.config, "DISABLE_JIT", False)
    monkeypatch.setattr(numba, "get_num_threads", lambda: 64)  # also on a machine with one core


def dealing_engine(tokens=4_000, threads=2, **settings):
    engine, *_ = small_engine(6, tokens=tokens, threads=threads, sample=0.0, **settings)
    assert engine.plan.chunk == CHUNK
    return engine


def words_of(engine):
    return int(np.count_nonzero(engine.shared.text.ids))


def test_no_two_threads_get_the_same_number():
    number, found = np.zeros(1, np.int64), np.zeros(5_000, np.int64)
    _count(number.ctypes.data, found)
    assert sorted(found) == list(range(0, 15_000, 3))
    assert number[0] == 15_000


def test_all_regions_are_dealt_from_their_beginnings():
    engine = dealing_engine(tokens=1_030, negative=0, hs=True)
    args = state.KernelArgs(engine.shared, engine.layers)
    counters, chunks = engine.shared.shards.counters, []
    while _ask(1, args):
        assert counters.begin[1] == 515 * (len(chunks) % 2)
        assert counters.length[1] == 515
        chunks.append((int(counters.position[1]), int(counters.end[1])))
        assert engine.ids_read() == sum(end - begin for begin, end in chunks[:-1])
        counters.position[1] = counters.end[1]
    starts = [first + start for start in range(0, 515, CHUNK) for first in (0, 515)]
    assert chunks == [(k, min(k + CHUNK, 515 if k < 515 else 1_030)) for k in starts]
    assert engine.epoch_ended()


def test_chunks_follow_each_other_and_end_with_the_text():
    engine = dealing_engine(tokens=1_020)
    args = state.KernelArgs(engine.shared, engine.layers)
    counters, chunks = engine.shared.shards.counters, []
    for shard in itertools.cycle([0, 1, 1]):
        assert _over(args) == (len(chunks) == 21)
        if not _ask(shard, args):
            break
        assert _ask(shard, args), "nothing is dealt to who has ids left"
        chunks.append((int(counters.position[shard]), int(counters.end[shard])))
        counters.position[shard] = counters.end[shard]
    assert chunks == [(k, min(k + CHUNK, 1_020)) for k in range(0, 1_020, CHUNK)]
    assert not any(_ask(shard, args) for shard in (0, 1))
    assert engine.epoch_ended()
    assert engine.ids_read() == 1_020


def test_one_shard_trains_what_the_other_does_not_ask_for():
    engine = dealing_engine()
    engine.shared.shards.control[state.ROUND_WORDS] = 1 << 40
    _train(1, state.KernelArgs(engine.shared, engine.layers))
    assert engine.shared.shards.counters.read.tolist() == [0, words_of(engine)]
    assert engine.epoch_ended()


@pytest.mark.parametrize("replicas", [1, 3])
def test_each_word_is_trained_once_an_epoch(replicas):
    engine = dealing_engine(threads=3, replicas=replicas, epochs=3)
    for epoch in range(3):
        engine.start_epoch(epoch)
        assert not engine.epoch_ended()
        assert engine.ids_read() == 0
        engine.train()
        assert engine.epoch_ended()
        assert engine.ids_read() == len(engine.shared.text.ids)
        counts = engine.word_counts()
        assert counts.reached == counts.kept == (epoch + 1) * words_of(engine)
        assert counts.kept == counts.trained + counts.alone


@pytest.mark.parametrize("replicas", [1, 2])
def test_another_engine_goes_on_in_the_middle_of_chunks(replicas):
    first = dealing_engine(replicas=replicas)
    first.train_words(700)
    assert 0 < first.word_counts().kept < words_of(first)
    saved = {name: array.copy() for name, array in first.state().items()}
    second = dealing_engine(replicas=replicas)
    second.restore(saved)
    assert second.ids_read() == first.ids_read() > 0
    second.train()
    assert second.word_counts().reached == words_of(second)


@pytest.mark.parametrize(
    "change",
    [
        lambda counters: counters.__setattr__("end", 10**9),
        lambda counters: counters.__setattr__("begin", -1),
        lambda counters: counters.__setattr__("length", 10**9),
        lambda counters: counters.__setattr__("position", counters.end + 1),
        lambda counters: counters.__setattr__("dealt", 0),
    ],
)
def test_positions_outside_the_text_are_refused(change):
    engine = dealing_engine()
    engine.train_words(700)
    saved = {name: array.copy() for name, array in engine.state().items()}
    records = saved["counters"].view(state.COUNTERS)[:, 0].view(np.recarray)
    change(records)
    with pytest.raises(EngineStateError, match="positions"):
        dealing_engine().restore(saved)


@pytest.mark.parametrize("layer", [{"negative": 5}, {"negative": 0, "hs": True}], ids=str)
def test_the_learning_rate_falls_with_what_was_dealt(layer):
    engine = dealing_engine(tokens=1_000, replicas=1, epochs=2, alpha=0.1, **layer)
    args = state.KernelArgs(engine.shared, engine.layers)
    own, rates = engine.shared.shards.counters[0], []
    while _ask(0, args):
        rates.append(learning_rate.py_func(engine.shared.settings, own, own.position))
        own.position = own.end
    regions = engine.plan.regions
    dealt = np.arange(20) // regions * regions / 20  # chunks of all regions are dealt at a time
    assert rates == pytest.approx(0.1 * (1 - dealt / 2), rel=1e-3)


def test_where_results_of_several_threads_are_to_be_the_same_nothing_is_dealt(monkeypatch):
    corpus = small_corpus(6, tokens=4_000)

    def chunk(**settings):
        words, ids = len(corpus.vocabulary), len(corpus.ids)
        return plan_replicas(words, ids, Settings(**settings)).chunk

    assert chunk(threads=2) == CHUNK
    assert chunk(threads=2, replicas=1) == CHUNK
    assert chunk(threads=1) == 0
    assert chunk(threads=2, deterministic=True) == 0
    monkeypatch.setattr(numba, "get_num_threads", lambda: 1)
    assert chunk(threads=2) == 0, "a thread trains one shard after the other"
