"""Ranks whose parts of the text GPUs train: ranks are threads here, and GPUs plain Python."""

from types import SimpleNamespace

import numpy as np
import pytest

from fastw2v.engines import cuda
from fastw2v.engines.allocation import shard_bounds
from fastw2v.engines.cuda import CudaEngine
from fastw2v.engines.protocol import PartEngine, TextPart
from fastw2v.engines.rank_plan import RankPlan
from fastw2v.engines.ranks import STREAMS, RanksEngine
from fastw2v.gpu import slices
from fastw2v.model.matrices import new_model
from fastw2v.ranks.job import RankJob
from fastw2v.ranks.threads import run_ranks
from fastw2v.settings import Settings
from tests.support.gpu_device import EmulatedDevice
from tests.support.kernel_cases import small_corpus

RANKS, TOKENS = 2, 640
KIND = {
    "device": "cuda", "model": "skipgram", "size": 3, "negative": 1, "window": 1, "threads": 1,
    "sample": 0,
}  # fmt: skip
OVERLAPPING = RankPlan(RANKS, 60, 1.0, shortest=60, overlapped=1)
PLANS = pytest.mark.parametrize(
    "plan",
    [
        RankPlan(RANKS, 150, 1.0, shortest=50, overlapped=0),
        OVERLAPPING,
        RankPlan(RANKS, 150, 1.0, shortest=50, turns=200, turn=120),
    ],
    ids=["waiting", "overlapping", "in turns"],
)


@pytest.fixture(autouse=True)
def small_launches(monkeypatch):
    """One warp that takes chunks of 64 ids: sums do not depend on the order of warps."""
    for module in (slices, cuda):
        monkeypatch.setattr(module, "CHUNK", 64)
    monkeypatch.setattr(cuda, "FIRST_LAUNCH", 1)
    monkeypatch.setattr(CudaEngine, "_warps", property(lambda engine: 1))
    monkeypatch.setattr(CudaEngine, "_set_pace", lambda engine, chunks, seconds: None)


def part_of(rank, ranks=RANKS, bounds=None):
    text = small_corpus(4, tokens=TOKENS)
    bounds = shard_bounds(TOKENS, ranks) if bounds is None else bounds
    ids = text.ids[bounds[rank] : bounds[rank + 1]]
    return SimpleNamespace(ids=ids, vocabulary=text.vocabulary)


def engine_of(ranks, plan=None, bounds=None, **settings):
    settings = Settings(**(KIND | {"epochs": 2} | settings))
    part = part_of(ranks.rank, ranks.size, bounds)
    model = new_model(len(part.vocabulary), settings)
    return RanksEngine(part, model, settings, RankJob(ranks), plan=plan, device=EmulatedDevice())


def bytes_of(engine):
    return b"".join(np.ascontiguousarray(each).tobytes() for each in engine.read_model().matrices)


def train_all(engine, epochs=2):
    for epoch in range(engine.epoch, epochs):
        engine.train()
        engine.start_epoch(epoch + 1)
    return engine


def on_device(engine):
    """The matrices as the device has them."""
    own = engine.own
    return b"".join(
        own._device.read(getattr(own._matrices, name)).tobytes() for name in ("inputs", "outputs")
    )


@PLANS
def test_all_ranks_end_with_the_same_model_and_no_word_is_lost(plan):
    def work(ranks):
        engine = engine_of(ranks, plan)
        before = engine.measure().mean
        train_all(engine)
        figures = engine.word_counts(), engine.measure(), engine.exchanges, before
        return bytes_of(engine), on_device(engine), figures, engine.arrangement()

    of_ranks = run_ranks(RANKS, work)
    model, _, (counts, loss, exchanges, before), arrangement = of_ranks[0]
    for ours, of_device, figures, _ in of_ranks:
        assert ours == of_device == model
        assert figures == of_ranks[0][2]
    assert counts.reached == 2 * small_corpus(4, tokens=TOKENS).words_known
    assert exchanges > 5
    assert loss.mean < before
    assert arrangement["gpu"] == "an emulated GPU"
    assert (arrangement["exchanges_beside_training"] > 0) == (plan is OVERLAPPING)


@PLANS
def test_stopped_and_resumed_is_as_if_nothing_had_happened(plan):
    def uninterrupted(ranks):
        return bytes_of(train_all(engine_of(ranks, plan)))

    def interrupted(ranks):
        engine = engine_of(ranks, plan)
        engine.prepare()
        if ranks.rank == 1:
            engine.exchange.begin = stopping(engine, engine.exchange.begin)
        engine.train()
        assert not engine.epoch_ended()
        assert engine.ids_read() > 0
        state = {name: array.copy() for name, array in engine.state().items()}
        again = engine_of(ranks, plan)
        for ours, theirs in zip(
            again.read_model().matrices, engine.read_model().matrices, strict=True
        ):
            ours[:] = theirs
        again.own.model_changed()
        for each in again.exchange.matrices.values():
            each.base[:] = each.matrix
        again.restore(state)
        return bytes_of(train_all(again))

    def stopping(engine, begin):
        def stop_and_begin():
            engine.request_stop()
            begin()

        return stop_and_begin

    expected = run_ranks(RANKS, uninterrupted)
    assert run_ranks(RANKS, interrupted) == expected


@PLANS
def test_ranks_without_text_end_with_the_others(plan):
    def work(ranks):
        engine = train_all(engine_of(ranks, plan, [0, TOKENS, TOKENS]))
        return bytes_of(engine), engine.word_counts().reached

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0] == of_ranks[1]
    assert of_ranks[0][1] == 2 * small_corpus(4, tokens=TOKENS).words_known


def test_a_part_draws_numbers_of_its_own():
    """The same text twice: as the first part of a text, and as the second."""
    settings = Settings(**KIND)
    trained = []
    for rank in (0, 1):
        part = part_of(0)
        model = new_model(len(part.vocabulary), settings)
        text = TextPart(STREAMS * rank, TOKENS)
        engine = CudaEngine(part, model, settings, EmulatedDevice(), part=text)
        assert engine.share == pytest.approx(1.0)
        engine.train()
        trained.append(bytes_of(engine))
    assert trained[0] != trained[1]


def test_about_as_many_words_are_trained_as_are_asked_for():
    part, settings = part_of(0, 1), Settings(**KIND)
    engine: PartEngine = CudaEngine(
        part, new_model(len(part.vocabulary), settings), settings, EmulatedDevice()
    )
    known = int((part.ids > 0).sum())
    rates, asked = [engine.learning_rate()], known // 10
    while not engine.epoch_ended():
        before = engine.word_counts().kept
        engine.train_words(asked)
        kept = engine.word_counts().kept - before
        rates.append(engine.learning_rate())
        assert asked <= kept < asked + 128 or engine.epoch_ended()
    assert engine.word_counts().reached == known
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == pytest.approx(settings.alpha)
    assert rates[-1] == pytest.approx(settings.alpha * (1 - 1 / settings.epochs), rel=0.01)
    assert engine.least_words > 0


def test_the_learning_rate_grows_with_the_gpus():
    def work(ranks):
        engine = engine_of(ranks, model="cbow")
        growth = engine.arrangement()["learning_rate_growth"]
        return growth, engine.own.learning_rate() / engine.own._settings.alpha

    for growth, found in run_ranks(RANKS, work):
        assert growth == pytest.approx(2**0.2)
        assert found == pytest.approx(growth)


def test_words_in_turns_are_measured_and_fill_the_cards():
    def work(ranks):
        engine = engine_of(ranks)
        least = engine.own.least_words
        train_all(engine)
        return engine.arrangement()["words_in_turns"], least

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0] == of_ranks[1]
    turns, least = of_ranks[0]
    assert turns >= RANKS * least * 8 - 8
