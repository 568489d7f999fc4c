"""What ranks exchange: the same with threads as with MPI, and right."""

import json

import numpy as np
import pytest

from fastw2v.errors import CorpusError
from fastw2v.ranks.threads import ThreadRanks, run_ranks
from fastw2v.ranks.together import RankAborted, SharedError, together
from tests.support.rank_jobs import exercise, run_job


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_parts_arrive_at_whom_they_were_sent_to(size):
    def work(ranks):
        parts = [np.full((to, 2), 10 * ranks.rank + to, np.int32) for to in range(size)]
        return ranks.alltoallv(parts)

    for to, received in enumerate(run_ranks(size, work)):
        assert [part.shape for part in received] == [(to, 2)] * size
        assert [part.dtype for part in received] == [np.int32] * size
        for sender, part in enumerate(received):
            assert (part == 10 * sender + to).all()


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_sums_are_made_in_the_order_of_the_ranks(size):
    def numbers(rank):
        return (np.random.default_rng(rank).normal(size=11) * 10.0**rank).astype(np.float32)

    expected = numbers(0)
    for rank in range(1, size):
        expected = expected + numbers(rank)
    for total in run_ranks(size, lambda ranks: ranks.allreduce(numbers(ranks.rank))):
        assert total.tobytes() == expected.tobytes()


@pytest.mark.parametrize("array", [np.float64(3), np.empty((0, 5), np.int16), np.arange(20)[::-2]])
def test_any_array_is_handed_to_all(array):
    array = np.asarray(array)
    for got in run_ranks(3, lambda ranks: ranks.bcast(array if ranks.rank == 2 else None, 2)):
        assert (got.dtype, got.shape) == (array.dtype, array.shape)
        assert np.array_equal(got, array)


def test_what_a_rank_keeps_is_not_sent():
    def work(ranks):
        ranks.alltoallv([np.zeros(4, np.int64)] * ranks.size)
        return ranks.bytes_sent

    assert run_ranks(3, work) == [64, 64, 64]
    assert work(ThreadRanks.alone()) == 0


def test_mpi_exchanges_the_same_as_threads():
    """Three ranks: an odd number, and a middle one that is neither first nor last."""
    done = run_job(3, "exercise", module="tests.support.rank_jobs")
    assert done.stderr == b""
    expected = json.loads(json.dumps(run_ranks(3, exercise)))
    assert json.loads(done.stdout) == expected


def test_a_rank_that_fails_ends_the_others():
    def work(ranks):
        if ranks.rank == 1:
            raise CorpusError("x.txt: no such file")
        ranks.barrier()

    with pytest.raises(CorpusError, match=r"^x\.txt: no such file$"):
        run_ranks(3, work)

    def abort(ranks):
        if ranks.rank == 2:
            ranks.abort("no memory")
        ranks.barrier()

    with pytest.raises(RankAborted, match=r"^rank 2: no memory$"):
        run_ranks(3, abort)


def test_an_error_that_all_ranks_have_is_said_as_it_is():
    def check():
        raise CorpusError("x.txt: no such file")

    with pytest.raises(SharedError, match=r"^x\.txt: no such file$"):
        run_ranks(3, lambda ranks: together(ranks, check))
    with pytest.raises(SharedError, match=r"^rank 1: x\.txt: no such file$"):
        run_ranks(3, lambda ranks: together(ranks, check if ranks.rank == 1 else int))
    assert run_ranks(2, lambda ranks: together(ranks, lambda: ranks.rank)) == [0, 1]


@pytest.mark.parametrize("wrong", [[], [np.zeros(1)] * 2])
def test_there_is_one_part_for_each_rank(wrong):
    with pytest.raises(ValueError, match="parts for 1 ranks"):
        ThreadRanks.alone().alltoallv(wrong)
