"""The engine of several ranks: ranks are threads here."""

import inspect
from functools import partial
from threading import current_thread
from types import SimpleNamespace

import numpy as np
import pytest

from fastw2v.engines.allocation import shard_bounds
from fastw2v.engines.cpu import CpuEngine
from fastw2v.engines.protocol import Engine, EngineStateError
from fastw2v.engines.rank_plan import RankPlan
from fastw2v.engines.ranks import RanksEngine
from fastw2v.model.matrices import new_model
from fastw2v.ranks.job import RankJob
from fastw2v.ranks.threads import ThreadRanks, run_ranks
from fastw2v.settings import Settings
from tests.support.kernel_cases import small_corpus

RANKS, SIZE = 3, 20
CASES = [
    {"model": "skipgram", "negative": 4},
    {"model": "cbow", "negative": 3, "hs": True},
]


WAITING = RankPlan(RANKS, 1_500, 1.0, shortest=600, overlapped=0)
# Of full length from the beginning: most exchanges overlap with training
SHORT_INTERVALS = RankPlan(RANKS, 300, 1.0, shortest=300)
# They grow, and exchanges overlap once they have begun to
GROWING_INTERVALS = RankPlan(RANKS, 9_000, 1.0, shortest=100, first=1 / 12, settled=105)
IN_TURNS = RankPlan(RANKS, 1_500, 1.0, shortest=600, turns=2_000, turn=700)
PLANS = pytest.mark.parametrize(
    "plan",
    [WAITING, SHORT_INTERVALS, GROWING_INTERVALS, IN_TURNS],
    ids=["waiting", "overlapping", "growing", "in turns"],
)


def engine_of(ranks, bounds=None, tokens=20_000, plan=None, in_turns=None, **settings):
    """An engine for a rank's part of a small text, 0 epochs trained."""
    settings = Settings(**({"threads": 1, "size": SIZE, "epochs": 2} | settings))
    text = small_corpus(4, tokens=tokens)
    if bounds is None:
        bounds = shard_bounds(tokens, ranks.size)
    part = SimpleNamespace(
        ids=text.ids[bounds[ranks.rank] : bounds[ranks.rank + 1]], vocabulary=text.vocabulary
    )
    model = new_model(len(text.vocabulary), settings)
    return RanksEngine(part, model, settings, RankJob(ranks, in_turns=in_turns), plan=plan)


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


@pytest.mark.parametrize("settings", CASES, ids=str)
@PLANS
def test_all_ranks_end_with_the_same_model_each_time(plan, settings):
    def work(ranks):
        engine = train_all(engine_of(ranks, plan=plan, **settings))
        return bytes_of(engine), engine.measure(), engine.word_counts(), engine.exchanges

    first, second = run_ranks(RANKS, work), run_ranks(RANKS, work)
    assert first[0][3] > 5
    assert first == second
    assert first[0] == first[1] == first[2]
    assert np.isfinite(first[0][1].mean)
    other = run_ranks(2, work)
    assert other[0][0] != first[0][0]


@PLANS
def test_no_word_of_any_rank_is_lost(plan):
    known = small_corpus(4, tokens=20_000).words_known

    def work(ranks):
        engine = train_all(engine_of(ranks, plan=plan))
        return engine.word_counts(), engine.own.word_counts()

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0][0].reached == 2 * known
    assert sum(own.reached for _, own in of_ranks) == 2 * known
    counts = of_ranks[0][0]
    assert counts.kept == counts.trained + counts.alone


@pytest.mark.parametrize("threads", [1, 2])
@PLANS
def test_a_stop_on_one_rank_stops_all_and_resuming_gives_the_same_bytes(plan, threads):
    settings = {"threads": threads, "deterministic": threads > 1, "plan": plan}

    def uninterrupted(ranks):
        return bytes_of(train_all(engine_of(ranks, **settings)))

    def interrupted(ranks):
        engine = engine_of(ranks, **settings)
        engine.prepare()
        if ranks.rank == 1:
            own_figures, calls = engine._own_figures, []

            def stop_at_the_third(*figures):
                calls.append(figures)
                if len(calls) == (3 if plan is not GROWING_INTERVALS else 15):
                    engine.request_stop()
                return own_figures(*figures)

            engine._own_figures = stop_at_the_third
        engine.train()
        assert not engine.epoch_ended()
        assert 0 < engine.ids_read() < 20_000
        assert (engine.overlapped > 0) == (plan in (SHORT_INTERVALS, GROWING_INTERVALS))
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


@pytest.mark.parametrize("where", ["_figures.agree", "_note_state"])
def test_an_interrupt_at_the_beginning_of_an_epoch_leaves_that_before(where, monkeypatch):
    """When another rank has died, this one waits there until it is interrupted, and saves."""
    engine = engine_of(ThreadRanks.alone())
    engine.train()
    before = {name: array.copy() for name, array in engine.state().items()}

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        *inner, name = where.split(".")
        patched.setattr(getattr(engine, inner[0]) if inner else engine, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            engine.start_epoch(1)
    assert engine.epoch == 0
    again = engine_of(ThreadRanks.alone())
    again.restore(engine.state())
    assert again.epoch == 0
    assert again.epoch_ended()
    for name, array in engine.state().items():
        assert (array == before[name]).all()
    engine.start_epoch(1)
    assert engine.epoch == 1
    assert not engine.epoch_ended()


def test_the_state_of_another_number_of_ranks_is_refused():
    state = run_ranks(2, lambda ranks: engine_of(ranks).state())[0]

    def work(ranks):
        with pytest.raises(EngineStateError, match="counters"):
            engine_of(ranks).restore(state)
        return True

    assert run_ranks(RANKS, work) == [True] * RANKS


@PLANS
def test_ranks_with_little_text_or_none_end_with_the_others(plan):
    bounds = [0, 7_000, 7_000, 20_000]

    def work(ranks):
        engine = train_all(engine_of(ranks, bounds, plan=plan))
        return bytes_of(engine), engine.word_counts().reached

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0] == of_ranks[1] == of_ranks[2]
    assert of_ranks[0][1] == 2 * small_corpus(4, tokens=20_000).words_known


def test_several_ranks_learn_what_one_does():
    def work(ranks, plan=None):
        engine = train_all(engine_of(ranks, tokens=30_000, plan=plan, negative=4, epochs=3))
        return engine.measure().mean

    one = run_ranks(1, work)[0]
    for plan in (None, SHORT_INTERVALS, GROWING_INTERVALS, IN_TURNS):
        several = run_ranks(RANKS, partial(work, plan=plan))
        assert len(set(several)) == 1
        assert several[0] == pytest.approx(one, abs=0.03)


def test_exchanges_overlap_with_training_but_the_last_of_an_epoch():
    def work(ranks):
        engine = engine_of(ranks, plan=SHORT_INTERVALS)
        carry_out, at_once, intervals = engine.exchange.carry_out, [], []

        def noted(agree):
            trained = agree()
            at_once.append(current_thread() is own)
            intervals.append(trained.words / engine._figures.words)
            carry_out(lambda: trained)

        own, engine.exchange.carry_out = current_thread(), noted
        engine.train()
        model, state = engine.read_model(), engine.exchange.matrices
        same = all((getattr(model, name) == each.base).all() for name, each in state.items())
        overlapped = engine.arrangement()["exchanges_beside_training"]
        return at_once, intervals, overlapped, same

    for at_once, intervals, overlapped, same in run_ranks(RANKS, work):
        assert at_once[:9] == [True, *[False, False, False, True] * 2]
        assert at_once[-1]
        # In each of two intervals the others' changes of the one before are missing.
        assert intervals[:9] == [1, *[2] * 8]
        assert overlapped == at_once.count(False)
        assert same


def noted_words(engine, at_first=lambda: None):
    """A list to which each exchange adds the words that ranks have kept; before the first interval
    there are none, and ``at_first`` is called."""
    figures, kept = engine._figures, []
    agree = figures.agree

    def agree_and_note(own):
        agree(own)
        kept.append([each.words for each in figures._all])
        if len(kept) == 1:
            at_first()

    figures.agree = agree_and_note
    return kept


def test_in_turns_one_rank_trains_as_if_it_were_alone():
    bounds = [0, 8_000, 14_000, 20_000]

    def work(ranks, plan):
        engine = engine_of(ranks, bounds, plan=plan)
        kept = noted_words(engine, engine.request_stop)
        engine.train()
        matrices = [each.copy() for each in engine.read_model().matrices]
        return kept, matrices, engine.word_counts().kept

    turn = IN_TURNS._replace(turns=700)
    of_ranks = run_ranks(RANKS, partial(work, plan=turn))
    kept, matrices, trained = of_ranks[0]
    assert kept[1][1:] == [0, 0]
    assert 700 <= kept[1][0] == trained < 800
    # The same learning rate and random numbers, on the same part of the text
    settings = Settings(threads=1, size=SIZE, epochs=2)
    text = small_corpus(4, tokens=20_000)
    model = new_model(len(text.vocabulary), settings)
    alone = CpuEngine(
        SimpleNamespace(ids=text.ids[: bounds[1]], vocabulary=text.vocabulary), model, settings
    )
    alone.train_words(700)
    start = new_model(len(text.vocabulary), settings)
    for ours, theirs, before in zip(matrices, model.matrices, start.matrices, strict=True):
        moved = np.abs(theirs - before).max()
        assert moved > 0.01
        assert np.allclose(ours, theirs, atol=moved / 100), "but for the format of changes"


def test_ranks_take_turns_and_then_end_their_parts_together():
    def work(ranks, bounds=None):
        engine = engine_of(ranks, bounds, plan=IN_TURNS)
        kept = noted_words(engine)
        engine.train()
        return kept, engine.arrangement()

    bounds = [0, 2_000, 4_000, 20_000]
    kept, arrangement = run_ranks(RANKS, partial(work, bounds=bounds))[0]
    turns = kept[1:4]
    assert sum(map(sum, turns)) == pytest.approx(2_000, abs=100)
    assert {each.index(max(each)) for each in turns} == {2}, "whoever has most left"
    by_all = [each for each in kept[4:] if sum(each) > 100]
    assert len(by_all) > 1
    assert all(min(each) > 0 for each in by_all), "nobody has ended long before the others"
    turns = run_ranks(RANKS, work)[0][0][1:4]
    assert {each.index(max(each)) for each in turns} == {0, 1, 2}
    assert arrangement["words_in_turns"] == 2_000


def test_measured_turns_are_the_same_for_all_ranks():
    def work(ranks):
        engine = engine_of(ranks, plan=IN_TURNS._replace(turns=None))
        assert engine.arrangement()["words_in_turns"] is None
        train_all(engine)
        return bytes_of(engine), engine.arrangement()["words_in_turns"]

    of_ranks = run_ranks(RANKS, work)
    assert of_ranks[0] == of_ranks[1] == of_ranks[2]
    assert of_ranks[0][1] > 0


@pytest.mark.parametrize(
    ("settings", "in_turns", "wanted"),
    [
        ({"threads": 1}, None, 0),
        ({"threads": 1}, 3_000, 3_000),
        ({"threads": 2, "replicas": 2, "deterministic": True}, None, 0),
        ({"threads": 2, "replicas": 2}, None, None),
        ({"threads": 2, "replicas": 2}, 0, 0),
    ],
)
def test_turns_are_measured_where_the_same_bytes_are_not_promised(settings, in_turns, wanted):
    def work(ranks):
        return engine_of(ranks, in_turns=in_turns, **settings).schedule.plan.turns

    assert run_ranks(2, work) == [wanted] * 2


def test_one_rank_alone_sends_nothing():
    engine = train_all(engine_of(ThreadRanks.alone()))
    assert engine.arrangement()["bytes_sent"] == [0]
    assert engine.arrangement()["ranks"] == 1
