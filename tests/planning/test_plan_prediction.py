"""Predictions: sums that agree with what decides in a training, and properties."""

import math
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from fastw2v.engines.rank_plan import plan_ranks
from fastw2v.engines.shapes import exchange_bytes
from fastw2v.planning.exchanges import Intervals, exchanges_of, intervals
from fastw2v.planning.frequencies import of_numbers
from fastw2v.planning.prediction import CARD_IDS, MOST_MACHINES, PAYS, Cluster, Plan
from fastw2v.planning.rates import ExchangeCosts, Rates
from fastw2v.settings import Settings
from fastw2v.training.estimates import needs

COSTS = ExchangeCosts(compared=1e-9, handled=2e-9, fixed=1e-3)
NETWORK = Cluster(1, 1.25e9)


frequencies_of = cache(of_numbers)


def plan_of(tokens=10**8, words=50_000, rate=1e7, costs=COSTS, **settings) -> Plan:
    chosen = Settings(**{"threads": 4, "size": 100, "model": "skipgram"} | settings)
    frequencies = frequencies_of(int(tokens), int(words), 5)
    return Plan(frequencies, 8 * int(words), chosen, Rates(rate, 5e7, costs))


@pytest.mark.parametrize("form", ["float32", "bfloat16", "int8"])
@pytest.mark.parametrize("layer", [{}, {"hs": True, "negative": 0}, {"hs": True}])
@pytest.mark.parametrize("machines", [1, 2, 7])
def test_memory_is_what_a_training_compares_with_what_is_free(machines, layer, form):
    plan = replace(plan_of(words=3_000, **layer), form=form)
    words, ids = plan.frequencies.words, math.ceil(plan.frequencies.ids / machines)
    need = needs(words, plan.spelling_bytes, ids, plan.settings)
    exchange = exchange_bytes(words, plan.settings, form) if machines > 1 else 0
    found = plan.predict(NETWORK.of(machines))
    assert found.training_memory == need.training + exchange
    assert found.memory == need.memory + exchange


def rank_plan_of(plan, cluster):
    """When ranks exchange, the words in turns by a plain formula."""
    machines, settings, words = cluster.machines, plan.settings, plan.frequencies.words
    workers = machines * (1 if settings.device == "cuda" else settings.threads)
    found = plan_ranks(words, plan.kept, machines, workers, settings)
    first = Intervals(Counter([found.shortest]), Counter())
    one = exchanges_of(found, first, plan.visits, words, settings, plan.form)
    seconds = plan.rates.of_exchanges(one, settings) + one.bytes_sent / cluster.bandwidth
    trained = seconds * round(plan.rates.training * plan.kept / plan.frequencies.tokens)
    if settings.device == "cuda":
        trained = max(trained, machines * int(CARD_IDS * plan.kept / plan.frequencies.ids))
    elif settings.threads == 1:
        trained = 0
    return found._replace(turns=int(trained / found.first))


def exchanges_on(plan, cluster):
    """All exchanges of a training on these machines."""
    found = rank_plan_of(plan, cluster)
    lengths = intervals(found, plan.kept, plan.settings.epochs)
    words, settings = plan.frequencies.words, plan.settings
    return exchanges_of(found, lengths, plan.visits, words, settings, plan.form)


@pytest.mark.parametrize("machines", [2, 5, 32])
@pytest.mark.parametrize(
    "kind", [{}, {"threads": 1}, {"device": "cuda", "tokens": 10**10}], ids=str
)
def test_exchanges_are_those_of_a_training(kind, machines):
    plan, cluster = plan_of(**kind), NETWORK.of(machines)
    wanted = rank_plan_of(plan, cluster)
    lengths = intervals(wanted, plan.kept, plan.settings.epochs)
    exchanges = lengths.waited + lengths.overlapped
    found = plan.predict(cluster)
    assert found.in_turns == wanted.turns
    assert (found.in_turns == 0) == ("threads" in kind)
    assert found.interval == max(exchanges) // machines
    assert found.exchanges == exchanges.total()


def test_ranks_wait_for_the_slowest():
    """Against draws: 40 times each rank trains for a while, and all wait for the slowest."""
    each, times, unevenness = 3.0, 40, 0.05
    rng = np.random.default_rng(1)
    for ranks in (2, 8, 64):
        rates = replace(plan_of().rates, unevenness=unevenness)
        drawn = rng.normal(each, unevenness * math.sqrt(each), (2_000, ranks))
        wanted = times * (drawn.max(axis=1) - drawn.mean(axis=1)).mean()
        assert rates.of_waiting(ranks, times * each, times) == pytest.approx(wanted, rel=0.05)
    assert rates.of_waiting(1, 100.0, 0) == rates.of_waiting(4, 100.0, 0) == 0
    uneven = replace(plan_of(), rates=rates).predict(NETWORK.of(4))
    even = plan_of().predict(NETWORK.of(4))
    at_once = plan_of().frequencies.tokens * plan_of().settings.epochs / 4 / 1e7
    waited = rates.of_waiting(4, at_once, even.exchanges)
    found = exchanges_on(plan_of(), NETWORK.of(4))
    assert 0 < found.overlapped < found.count
    waited *= 1 - found.overlapped / found.count
    assert uneven.exchange_seconds - even.exchange_seconds == pytest.approx(waited)
    assert uneven.training_seconds == even.training_seconds


def test_times_are_those_of_a_plain_sum():
    plan, machines = plan_of(), 4
    found = plan.predict(NETWORK.of(machines))
    tokens, epochs = plan.frequencies.tokens, plan.settings.epochs
    words_in_turns = found.in_turns / plan.kept * tokens
    assert 0 < words_in_turns < tokens
    trained = (tokens * epochs / machines + words_in_turns) / 1e7
    assert found.training_seconds == pytest.approx(trained)
    sent = found.bytes_per_word * plan.kept * epochs / machines
    assert found.bytes_sent == pytest.approx(sent)
    free = replace(plan, rates=replace(plan.rates, exchange=ExchangeCosts(0, 0, 0)))
    for bandwidth in (NETWORK.bandwidth, 1e8, 1e7):
        exchanges = exchanges_on(free, Cluster(machines, bandwidth))
        shown = exchanges.bytes_sent / bandwidth
        for times, interval, of_one in exchanges.beside:
            trained = interval / plan.kept * tokens / 1e7 / machines
            shown += times * (max(0, of_one / bandwidth - trained) - of_one / bandwidth)
        only_sent = free.predict(Cluster(machines, bandwidth)).exchange_seconds
        assert only_sent == pytest.approx(shown)
        costly = plan.predict(Cluster(machines, bandwidth))
        assert costly.exchange_seconds > only_sent
    assert found.seconds == pytest.approx(
        found.reading_seconds + found.training_seconds + found.exchange_seconds
    )
    alone = plan.predict(NETWORK)
    assert found.efficiency == pytest.approx(alone.seconds / (machines * found.seconds))
    assert (alone.exchanges, alone.bytes_sent, alone.exchange_seconds) == (0, 0, 0)
    assert alone.efficiency == pytest.approx(1)


@pytest.mark.parametrize("machines", [1, 2, 3, 16, 100])
def test_more_words_take_no_less_time_nor_memory(machines):
    found = [plan_of(tokens=n).predict(NETWORK.of(machines)) for n in (1e6, 1e7, 2e7, 1e8)]
    assert all(one.seconds < other.seconds for one, other in pairwise(found))
    assert all(one.memory <= other.memory for one, other in pairwise(found))


def test_more_machines_need_no_more_memory_once_there_are_two():
    plan = plan_of(tokens=10**7)
    found = [plan.predict(NETWORK.of(n)).memory for n in (2, 3, 4, 8, 100)]
    assert found == sorted(found, reverse=True)
    assert plan.predict(NETWORK).memory < found[0]  # nothing to exchange with


@pytest.mark.parametrize(
    ("worse", "better"),
    [({"size": 300}, {"size": 100}), ({"epochs": 9}, {"epochs": 3}), ({"rate": 1e6}, {})],
)
def test_larger_models_and_slower_machines_take_longer(worse, better):
    for machines in (1, 2, 8):
        cluster = NETWORK.of(machines)
        slow, fast = plan_of(**worse).predict(cluster), plan_of(**better).predict(cluster)
        assert slow.seconds >= fast.seconds
        assert slow.memory >= fast.memory
    assert plan_of().predict(Cluster(4, 1e8)).seconds > plan_of().predict(Cluster(4, 1e9)).seconds


@pytest.mark.parametrize(
    "changed", [{}, {"words": 10**6, "size": 300}, {"rate": 1e5}, {"rate": 1e9}]
)
def test_the_knee_is_where_the_efficiency_falls_below_one_half(changed):
    plan = plan_of(**changed)
    found = plan.advice(NETWORK.of(64))
    assert plan.predict(NETWORK.of(found.knee)).efficiency >= PAYS
    assert found.knee_is_limit == (found.knee == MOST_MACHINES)
    if not found.knee_is_limit:
        assert plan.predict(NETWORK.of(found.knee + 1)).efficiency < PAYS


def test_the_bandwidth_needed_is_that_at_which_the_machines_pay():
    plan, slow = plan_of(costs=ExchangeCosts(1e-11, 1e-11, 1e-5)), Cluster(8, 1e7)
    assert plan.predict(slow).efficiency < PAYS
    needed = plan.advice(slow).bandwidth
    assert needed > slow.bandwidth
    assert plan.predict(Cluster(8, needed)).efficiency == pytest.approx(PAYS, rel=1e-6)
    assert plan.advice(Cluster(8, 2 * needed)).bandwidth is None  # they pay
    assert plan.advice(Cluster(1, 1e7)).bandwidth is None
    # Where each exchange takes seconds, no network helps.
    hopeless = plan_of(costs=ExchangeCosts(1e-9, 1e-9, 10.0))
    assert hopeless.advice(slow).bandwidth is None
    assert hopeless.advice(slow).knee == 1


def test_a_vocabulary_of_a_hundred_million_words_is_predicted_at_once():
    plan = plan_of(tokens=10**11, words=10**8, size=300, threads=32)
    found = plan.predict(NETWORK.of(64))
    assert 4e11 < found.memory < 9e11
    assert math.isfinite(found.seconds)
    assert plan.advice(NETWORK.of(64)).knee >= 1
