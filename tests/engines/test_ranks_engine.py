"""The engine of several ranks: ranks are threads here."""

import inspect
from types import SimpleNamespace

import numpy as np
import pytest

from fastw2v.engines.allocation import shard_bounds
from fastw2v.engines.exchange import ModelExchange, Trained
from fastw2v.engines.protocol import Engine, EngineStateError
from fastw2v.engines.rank_plan import SHORTEST, plan_ranks
from fastw2v.engines.ranks import RanksEngine
from fastw2v.engines.replica_plan import ROUND_VISITS
from fastw2v.kernels.curvature import DIRECTIONS
from fastw2v.model.matrices import new_model
from fastw2v.ranks.threads import ThreadRanks, run_ranks
from fastw2v.settings import Settings
from tests.support import naive_replicas as naive
from tests.support.kernel_cases import small_corpus

RANKS, SIZE = 3, 20
TOLERANCES = {"float32": 2e-5, "bfloat16": 0.02, "int8": 0.02}
CASES = [
    {"model": "skipgram", "negative": 4},
    {"model": "cbow", "negative": 3, "hs": True},
]


def engine_of(ranks, bounds=None, tokens=20_000, **settings):
    """An engine for a rank's part of a small text, 0 epochs trained."""
    settings = Settings(**({"threads": 1, "size": SIZE, "epochs": 2} | settings))
    text = small_corpus(4, tokens=tokens)
    if bounds is None:
        bounds = shard_bounds(tokens, ranks.size)
    part = SimpleNamespace(
        ids=text.ids[bounds[ranks.rank] : bounds[ranks.rank + 1]], vocabulary=text.vocabulary
    )
    return RanksEngine(part, new_model(len(text.vocabulary), settings), settings, ranks)


def bytes_of(engine):
    parts = [*engine.read_model().matrices, *engine.state().values()]
    return b"".join(np.ascontiguousarray(part).tobytes() for part in parts)


def train_all(engine):
    for epoch in range(engine.epoch, engine.own.shared.settings.epochs):
        engine.train()
        engine.start_epoch(epoch + 1)
    return engine


def test_every_member_of_the_protocol_is_there_with_the_same_parameters():
    for name in (name for name in vars(Engine) if not name.startswith("_")):
        ours, theirs = inspect.getattr_static(RanksEngine, name), vars(Engine)[name]
        assert type(ours) is type(theirs), name
        if callable(theirs):
            wanted = list(inspect.signature(theirs).parameters)
            assert list(inspect.signature(ours).parameters) == wanted, name


def set_curvature(curvature, seed):
    rng = np.random.default_rng(seed)
    directions = np.linalg.qr(rng.normal(size=(SIZE, DIRECTIONS)))[0].T
    curvature.directions[:, :SIZE] = directions
    curvature.values[:] = [40, 9, 3, 2, 1, 0.5, 0.1]
    return directions, curvature.values[:DIRECTIONS].copy(), curvature.values[DIRECTIONS]


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("settings", CASES, ids=str)
def test_changes_are_merged_by_the_rule(settings, form):
    settings = Settings(threads=1, size=SIZE, **settings)
    counts = small_corpus(4).vocabulary.counts
    words, rate = 700.0, 0.03

    def work(ranks):
        model = new_model(len(counts), settings)
        of_model = ModelExchange(counts, model, settings, ranks, form)
        known = [set_curvature(each, seed) for seed, each in enumerate(of_model.curvatures)]
        of_model._look = lambda: None
        rng = np.random.default_rng(ranks.rank)
        befores = {}
        for name, each in of_model.matrices.items():
            base = each.matrix[:, :SIZE].copy()
            # Some rows are moved by nobody, most by some ranks only.
            moved = rng.random(len(base)) < 0.7
            moved[:2] = False
            each.matrix[moved, :SIZE] += rng.normal(0, 0.3, (moved.sum(), SIZE))
            befores[name] = base, each.matrix[:, :SIZE].copy()
        of_model.exchange(Trained(words, rate))
        found = {}
        for name, each in of_model.matrices.items():
            assert (each.base == each.matrix).all()
            assert not each.matrix[:, SIZE:].any()
            found[name] = *befores[name], each.matrix[:, :SIZE].copy(), each.visits
        return found, known

    of_ranks = run_ranks(RANKS, work)
    damped = 0
    for name, (base, _, merged, visits) in of_ranks[0][0].items():
        copies = np.array([found[name][1] for found, _ in of_ranks])
        curvature = of_ranks[0][1][name != "inputs"]
        for row, often in enumerate(visits):
            n = words * naive.level_of_detail(often) if often > 0 else 0.0
            wanted = naive.merged_row(
                base[row].astype(np.float64), copies[:, row], n, rate, curvature
            )
            added = base[row] + (copies[:, row] - base[row]).sum(axis=0)
            damped += np.abs(wanted - added).max() > 0.1
            assert np.allclose(merged[row], wanted, atol=TOLERANCES[form]), (name, row)
        assert (merged[:2] == base[:2]).all()
        assert all((found[name][2] == merged).all() for found, _ in of_ranks), name
    assert damped > 5, "the rule matters"


@pytest.mark.parametrize("form", ["float32", "int8"])
def test_threads_of_a_rank_share_an_exchange_and_give_the_same_bytes(form):
    counts = small_corpus(4).vocabulary.counts

    def work(ranks, threads):
        settings = Settings(threads=threads, size=SIZE, hs=True)
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks, form)
        rng = np.random.default_rng(ranks.rank)
        for _ in range(2):
            for each in of_model.matrices.values():
                moved = rng.random(len(each.matrix)) < 0.5
                each.matrix[moved, :SIZE] += rng.normal(0, 0.3, (moved.sum(), SIZE))
            of_model.exchange(Trained(700.0, 0.03))
        return [each.matrix.tobytes() for each in of_model.matrices.values()]

    of_one = run_ranks(RANKS, lambda ranks: work(ranks, 1))
    assert of_one[0] == of_one[1]
    assert run_ranks(RANKS, lambda ranks: work(ranks, 5)) == of_one


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_what_diverges_on_one_rank_does_on_all(form, number):
    settings = Settings(threads=1, size=SIZE)
    counts = small_corpus(4).vocabulary.counts

    def work(ranks):
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks, form)
        inputs = of_model.matrices["inputs"]
        if ranks.rank == 1:
            inputs.matrix[3, 2] = number
            inputs.matrix[4, 2] = number
        with np.errstate(invalid="ignore"):
            of_model.exchange(Trained(700.0, 0.03))
        return np.isfinite(inputs.base[3:5, :SIZE]).all(axis=1)

    for finite in run_ranks(RANKS, work):
        assert not finite.any()


def test_only_rows_that_were_moved_are_sent():
    settings = Settings(threads=1, size=SIZE)
    counts = small_corpus(4).vocabulary.counts

    def work(ranks):
        of_model = ModelExchange(counts, new_model(len(counts), settings), settings, ranks)
        each = of_model.matrices["inputs"]
        of_model._look = lambda: None
        sent = []
        for rows in ([], [1, 2, 3, 4, 5, 6]):
            each.matrix[rows, 0] += 1
            before = ranks.bytes_sent
            of_model.exchange(Trained(100.0, 0.02))
            sent.append(ranks.bytes_sent - before)
        return sent

    row = 4 * (1 + SIZE)  # of float32
    for none, some in run_ranks(RANKS, work):
        assert none == 0
        # Four rows to their owners, and the two of its own to two others.
        assert some == (4 + 2 * 2) * row


@pytest.mark.parametrize("settings", CASES, ids=str)
def test_all_ranks_end_with_the_same_model_each_time(settings):
    def work(ranks):
        engine = train_all(engine_of(ranks, **settings))
        return bytes_of(engine), engine.measure(), engine.word_counts(), engine.exchanges

    first, second = run_ranks(RANKS, work), run_ranks(RANKS, work)
    assert first[0][3] > 5
    assert first == second
    assert first[0] == first[1] == first[2]
    assert np.isfinite(first[0][1].mean)
    other = run_ranks(2, work)
    assert other[0][0] != first[0][0]


def test_no_word_of_any_rank_is_lost():
    known = small_corpus(4, tokens=20_000).words_known

    def work(ranks):
        engine = train_all(engine_of(ranks))
        return engine.word_counts(), engine.own.word_counts()

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0][0].reached == 2 * known
    assert sum(own.reached for _, own in of_ranks) == 2 * known
    counts = of_ranks[0][0]
    assert counts.kept == counts.trained + counts.alone


@pytest.mark.parametrize("threads", [1, 2])
def test_a_stop_on_one_rank_stops_all_and_resuming_gives_the_same_bytes(threads):
    settings = {"threads": threads, "deterministic": threads > 1}

    def uninterrupted(ranks):
        return bytes_of(train_all(engine_of(ranks, **settings)))

    def interrupted(ranks):
        engine = engine_of(ranks, **settings)
        engine.prepare()
        if ranks.rank == 1:
            agree, calls = engine._agree, []

            def stop_at_the_third(*figures):
                calls.append(figures)
                if len(calls) == 3:
                    engine.request_stop()
                return agree(*figures)

            engine._agree = stop_at_the_third
        engine.train()
        assert not engine.epoch_ended()
        assert 0 < engine.ids_read() < 20_000
        state = {name: array.copy() for name, array in engine.state().items()}
        model = engine.read_model()
        again = engine_of(ranks, **settings)
        for ours, theirs in zip(again.read_model().matrices, model.matrices, strict=True):
            ours[:] = theirs
        for each in again.exchange.matrices.values():
            each.base[:] = each.matrix
        again.restore(state)
        again.prepare()
        return bytes_of(train_all(again))

    expected = run_ranks(RANKS, uninterrupted)
    assert len(set(expected)) == 1
    assert run_ranks(RANKS, interrupted) == expected


def test_a_stop_requested_before_trains_nothing():
    def work(ranks):
        engine = engine_of(ranks)
        if ranks.rank == 2:
            engine.request_stop()
        engine.train()
        none = engine.ids_read()
        engine.clear_stop()
        engine.train()
        return none, engine.epoch_ended()

    assert run_ranks(RANKS, work) == [(0, True)] * RANKS


def test_the_state_of_another_number_of_ranks_is_refused():
    state = run_ranks(2, lambda ranks: engine_of(ranks).state())[0]

    def work(ranks):
        with pytest.raises(EngineStateError, match="counters"):
            engine_of(ranks).restore(state)
        return True

    assert run_ranks(RANKS, work) == [True] * RANKS


def test_ranks_with_little_text_or_none_end_with_the_others():
    bounds = [0, 7_000, 7_000, 20_000]

    def work(ranks):
        engine = train_all(engine_of(ranks, bounds))
        return bytes_of(engine), engine.word_counts().reached

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0] == of_ranks[1] == of_ranks[2]
    assert of_ranks[0][1] == 2 * small_corpus(4, tokens=20_000).words_known


def test_several_ranks_learn_what_one_does():
    def work(ranks):
        engine = train_all(engine_of(ranks, tokens=30_000, negative=4, epochs=3))
        return engine.measure().mean

    one = run_ranks(1, work)[0]
    several = run_ranks(4, work)
    assert len(set(several)) == 1
    assert several[0] == pytest.approx(one, abs=0.03)


def test_one_rank_alone_sends_nothing():
    engine = train_all(engine_of(ThreadRanks.alone()))
    assert engine.arrangement()["bytes_sent"] == [0]
    assert engine.arrangement()["ranks"] == 1


def test_the_interval_grows_and_depends_on_words_and_text():
    settings = Settings(threads=1)
    of = {n: plan_ranks(70_000, 10**9, n, n, settings).interval for n in (2, 8, 32)}
    assert of[2] == of[8] == of[32] == ROUND_VISITS * 70_000
    plan = plan_ranks(70_000, 10**6, 8, 8, settings)
    assert plan.interval == 250_000
    intervals = [plan.next_interval(trained) for trained in (0, 160_000, 10**7)]
    assert intervals == [70_000 // 4, 160_000 // 8, 250_000]
    assert plan_ranks(300, 10**6, 8, 8, settings).next_interval(0) == SHORTEST
    assert plan_ranks(3, 0, 2, 2, settings).next_interval(0) == 1


def test_the_learning_rate_grows_as_with_as_many_workers():
    def growth(**settings):
        return plan_ranks(70_000, 10**9, 8, 16, Settings(threads=2, **settings)).rate_growth

    assert growth(model="skipgram") == pytest.approx(16**0.1)
    assert growth(model="cbow") == pytest.approx(16**0.2)
    assert growth(hs=True, negative=0) == growth(softmax=True) == 1
