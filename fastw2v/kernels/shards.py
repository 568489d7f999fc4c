"""All shards of a job at once, each on a thread."""

import numba

from fastw2v.jit.borrowed import lend
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import address_of, call_at, place_of
from fastw2v.kernels.state import Task


def walk_shards(walk, task: Task) -> None:
    """Call ``walk(shard, task)`` for every shard: `train_shard` or `measure_shard`.

    Hogwild (Niu, Recht, Re, Wright 2011): the shards read and write the same matrices without
    locks.
    """
    walk_at(address_of(walk, task), task)


@compiled(parallel=True)
def walk_at(address, task):
    """`walk_shards`, the walk told by its address."""
    place = place_of(lend(task))
    for shard in numba.prange(task.job.shards.counters.shape[0]):
        call_at(address, shard, place)
