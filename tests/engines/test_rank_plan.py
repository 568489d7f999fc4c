"""When ranks exchange, and how their learning rate grows."""

import pytest

from fastw2v.engines.rank_plan import SHORTEST, RankPlan, plan_ranks
from fastw2v.engines.replica_plan import ROUND_VISITS
from fastw2v.settings import Settings


def test_the_interval_grows_and_depends_on_words_and_text():
    settings = Settings(threads=1)
    of = {n: plan_ranks(70_000, 10**9, n, n, settings).interval for n in (2, 8, 32)}
    assert of[2] == of[8] == of[32] == ROUND_VISITS * 70_000
    plan = plan_ranks(70_000, 10**6, 8, 8, settings)
    assert plan.interval == 250_000
    intervals = [plan.next_interval(trained) for trained in (0, 1_200_000, 10**7)]
    assert intervals == [70_000, 1_200_000 // 12, 250_000]
    of_two = plan_ranks(70_000, 10**6, 2, 2, settings)
    assert of_two.next_interval(1_200_000) == 1_200_000 // 8
    assert plan_ranks(300, 10**6, 8, 8, settings).next_interval(0) == SHORTEST
    assert plan_ranks(3, 0, 2, 2, settings).next_interval(0) == 1


def test_exchanges_of_full_intervals_overlap_with_training_while_there_is_more():
    plan = RankPlan(2, 1_000, 1.0, overlapped=3)
    assert plan.may_overlap(1_000, 0, 2_001)
    assert plan.may_overlap(1_000, 2, 2_001)
    assert not plan.may_overlap(1_000, 3, 9_000), "a training can stop here"
    assert not plan.may_overlap(1_000, 0, 2_000), "the next interval may be the last"
    assert not plan.may_overlap(999, 0, 9_000), "changes are large in the beginning"


def test_the_learning_rate_grows_as_with_as_many_workers():
    def growth(**settings):
        return plan_ranks(70_000, 10**9, 8, 16, Settings(threads=2, **settings)).rate_growth

    assert growth(model="skipgram") == pytest.approx(16**0.1)
    assert growth(model="cbow") == pytest.approx(16**0.2)
    assert growth(hs=True, negative=0) == growth(softmax=True) == 1
