"""How many replicas there are, of how many rows."""

import numba
import pytest

from fastw2v.engines.replica_plan import (
    COPIED_ROWS,
    LEAST_SPREAD,
    OFTEN_ROWS,
    ROUND_WORDS,
    SMALL_TEXT,
    SPREAD_CHUNK,
    SPREAD_REGIONS,
    plan_replicas,
)
from fastw2v.errors import SettingsError
from fastw2v.settings import Settings
from tests.support.paths import ROOT

LARGE = 10**9


def test_one_thread_has_none():
    plan = plan_replicas(70_000, LARGE, Settings(threads=1))
    assert (plan.workers, plan.rate_growth) == (1, 1.0)
    assert len(plan.copied("inputs", 70_000)) == 0


def test_with_negative_sampling_the_text_is_trained_from_many_places_in_turn(monkeypatch):
    monkeypatch.setattr(numba, "get_num_threads", lambda: 64)
    monkeypatch.setattr(numba.config, "DISABLE_JIT", False)

    def dealing(ids, **settings):
        plan = plan_replicas(70_000, ids, Settings(**settings))
        return plan.chunk, plan.regions

    spread = SPREAD_CHUNK, SPREAD_REGIONS
    assert dealing(LARGE, threads=1) == dealing(LARGE, threads=16) == spread
    assert dealing(40_000, threads=1) == (SPREAD_CHUNK, 40_000 // (LEAST_SPREAD * SPREAD_CHUNK))
    in_order = 0, 1
    assert dealing(4_000, threads=1) == in_order
    assert dealing(LARGE, threads=1, exact=True) == in_order
    assert dealing(LARGE, threads=1, hs=True, negative=0) == in_order
    assert dealing(LARGE, threads=2, deterministic=True) == in_order
    chunk, regions = dealing(LARGE, threads=4, hs=True, negative=0)
    assert chunk > SPREAD_CHUNK
    assert regions == 4


@pytest.mark.parametrize("threads", [2, 16, 64])
def test_one_for_each_thread_on_a_large_text(threads):
    plan = plan_replicas(70_000, LARGE, Settings(threads=threads))
    assert plan.workers == threads
    assert plan.copied("outputs", 70_000) == range(COPIED_ROWS)
    assert plan.copied("nodes", 70_000) == range(70_000 - 1 - COPIED_ROWS, 70_000 - 1)
    assert plan.often("outputs", 70_000) == plan.copied("outputs", 70_000)
    assert 0 < plan.round_words <= ROUND_WORDS
    assert plan.fixed_rounds == (threads > numba.get_num_threads())


def test_small_texts_share_one_model_unless_told():
    ids = 4 * SMALL_TEXT - 1
    assert plan_replicas(3_000, ids, Settings(threads=4)).workers == 1
    assert plan_replicas(3_000, ids, Settings(threads=4, replicas=4)).workers == 4
    assert plan_replicas(3_000, ids + 1, Settings(threads=4)).workers == 4


def test_as_many_as_asked_for():
    assert plan_replicas(70_000, LARGE, Settings(threads=4, replicas=1)).workers == 1
    assert plan_replicas(70_000, LARGE, Settings(threads=4, replicas=2)).workers == 2


def test_deterministic_training_copies_every_row():
    plan = plan_replicas(70_000, 1_000, Settings(threads=4, deterministic=True))
    assert (plan.workers, plan.fixed_rounds) == (4, True)
    assert plan.copied("inputs", 70_000) == range(70_000)
    assert plan.often("inputs", 70_000) == range(OFTEN_ROWS)
    assert plan.often("nodes", 70_000) == range(70_000 - 1 - OFTEN_ROWS, 70_000 - 1)


@pytest.mark.parametrize(("threads", "rounds"), [(2, 4), (4, 2), (8, 1), (64, 1)])
def test_many_workers_merge_all_rows_more_often(threads, rounds):
    plan = plan_replicas(71_000, LARGE, Settings(threads=threads, deterministic=True))
    assert plan.seldom_rounds == rounds
    assert plan_replicas(71_000, LARGE, Settings(threads=threads)).seldom_rounds == 1


def test_the_growth_of_the_learning_rate_is_that_in_the_readme():
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    growth = {
        (model, threads): plan_replicas(70_000, LARGE, Settings(threads=threads, model=model))
        for model in ("cbow", "skipgram")
        for threads in (2, 16)
    }
    shown = [f"{plan.rate_growth:.2f}" for plan in growth.values()]
    assert "(CBOW: {} times with 2, {} with 16; skip-gram: {} and {})".format(*shown) in text


def test_few_words():
    plan = plan_replicas(3, 100, Settings(threads=64, deterministic=True))
    assert plan.round_words >= 1
    assert plan.copied("inputs", 3) == range(3)
    assert plan.copied("nodes", 3) == range(2)
    assert plan_replicas(3, 0, Settings(threads=2, deterministic=True)).round_words == 1


def test_softmax_has_none():
    assert plan_replicas(7_000, LARGE, Settings(threads=4, softmax=True)).workers == 1


@pytest.mark.parametrize(
    "settings",
    [
        {"threads": 2, "replicas": 3},
        {"threads": 2, "replicas": 1, "deterministic": True},
        {"exact": True, "replicas": 1},
        {"replicas": 0},
    ],
)
def test_impossible_numbers(settings):
    with pytest.raises(SettingsError, match="replicas"):
        Settings(**settings)
