"""All shards of a job at once, each on a thread."""

import numba

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import call_pointer, function_pointer, pointer_to
from fastw2v.kernels.state import KernelArgs


def walk_shards(walk, task: KernelArgs) -> None:
    """Call ``walk(shard, task)`` for every shard: `train_shard` or `measure_shard`.

    Hogwild (Niu, Recht, Re, Wright 2011): the shards read and write the same matrices without
    locks.
    """
    walk_at(function_pointer(walk, task), task)


@compiled(parallel=True)
def walk_at(address, task):
    """`walk_shards`, the walk told by its address."""
    place = pointer_to(borrow(task))
    for shard in numba.prange(task.job.shards.counters.shape[0]):
        call_pointer(address, shard, place)
