"""When ranks exchange, and how their learning rate grows."""

import pytest

from fastw2v.engines.rank_plan import (
    LONGEST,
    LONGEST_OF_CARD,
    SHORTEST,
    Interval,
    RankPlan,
    Timed,
    plan_ranks,
)
from fastw2v.engines.replica_plan import ROUND_VISITS
from fastw2v.settings import Settings


def test_intervals_grow_with_what_was_trained():
    settings = Settings(threads=1)
    plan = plan_ranks(70_000, 10**6, 8, 8, settings)
    intervals = [plan.next_interval(trained).words for trained in (0, 1_200_000, 10**7)]
    assert intervals == [70_000, 1_200_000 // 12, 500_000]
    of_two = plan_ranks(70_000, 10**6, 2, 2, settings)
    assert of_two.next_interval(1_200_000) == Interval(1_200_000 // 8)
    assert plan_ranks(300, 10**6, 8, 8, settings).next_interval(0) == Interval(SHORTEST)
    assert plan_ranks(3, 0, 2, 2, settings).next_interval(0) == Interval(1)


def test_the_longest_interval_depends_on_text_words_and_workers():
    def longest(words, kept, workers):
        return plan_ranks(words, kept, 8, workers, Settings(threads=1)).interval

    assert longest(70_000, 10**7, 8) == 10**7 // 2
    assert longest(70_000, 10**12, 8) == 8 * LONGEST, "a training can stop only at an exchange"
    assert longest(70_000, 10**12, 64) == 64 * LONGEST
    assert longest(2_000_000, 10**12, 8) == ROUND_VISITS * 2_000_000


def test_the_first_words_are_trained_in_turns():
    plan = RankPlan(4, 10**6, 1.0, shortest=5_000, turns=20_000, turn=15_000)
    found = [plan.next_interval(trained) for trained in (0, 15_000, 20_000, 120_000)]
    assert found == [
        Interval(15_000, in_turn=True),
        Interval(5_000, in_turn=True),
        Interval(5_000),
        Interval(10_000),
    ]
    assert not plan.may_overlap(Interval(10**6, in_turn=True), 0, 10**9)


def test_turns_end_where_one_rank_trains_an_interval_as_fast_as_all_exchange_it():
    plan = plan_ranks(1_000, 10**9, 4, 4, Settings(threads=1), turns=None)
    assert plan.next_interval(0) == Interval(SHORTEST, in_turn=True)
    assert plan.next_interval(10**9) == Interval(SHORTEST, in_turn=True), "to be measured"
    found = plan.with_turns(Timed(words=2_000, training=0.01, exchange=0.05))
    interval = found.next_interval(found.turns)
    assert interval.words == pytest.approx(0.05 * 200_000, abs=1)
    assert not interval.in_turn
    assert plan.with_turns(Timed(0, 0.0, 0.05)).turns == 0


def test_gpus_train_in_turns_until_an_interval_fills_all_of_them():
    settings = Settings(device="cuda", model="skipgram")
    plan = plan_ranks(1_000, 10**10, 4, 4, settings, turns=None)._replace(least=10**6)
    assert plan.next_interval(0) == Interval(10**6, in_turn=True)
    found = plan.with_turns(Timed(10**6, 0.01, 1e-6))
    assert found.next_interval(found.turns).words == pytest.approx(4 * 10**6, abs=1)
    assert plan.interval == 4 * LONGEST_OF_CARD


def test_exchanges_of_full_intervals_overlap_with_training_while_there_is_more():
    plan = RankPlan(2, 1_000, 1.0, overlapped=3)
    assert plan.may_overlap(Interval(1_000), 0, 2_001)
    assert plan.may_overlap(Interval(1_000), 2, 2_001)
    assert not plan.may_overlap(Interval(1_000), 3, 9_000), "a training can stop here"
    assert not plan.may_overlap(Interval(1_000), 0, 2_000), "the next interval may be the last"
    assert not plan.may_overlap(Interval(999), 0, 9_000), "changes are large in the beginning"
    growing = plan_ranks(1_000, 10**8, 2, 2, Settings(threads=1))
    assert growing.interval > 46_000
    assert growing.may_overlap(Interval(46_000), 0, 10**7)
    assert not growing.may_overlap(Interval(45_999), 0, 10**7)


def test_the_learning_rate_grows_as_with_as_many_workers():
    def growth(**settings):
        return plan_ranks(70_000, 10**9, 8, 16, Settings(threads=2, **settings)).rate_growth

    assert growth(model="skipgram") == pytest.approx(16**0.1)
    assert growth(model="cbow") == pytest.approx(16**0.2)
    assert growth(hs=True, negative=0) == growth(softmax=True) == 1
