"""All shards of a job at once, each on a thread."""

import numba

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import call_pointer, function_pointer, pointer_to
from fastw2v.kernels.state import KernelArgs


def walk_shards(walk, args: KernelArgs) -> None:
    """Call ``walk(shard, args)`` for every shard: `train_shard` or `measure_shard`.

    Hogwild (Niu, Recht, Re, Wright 2011): the shards read and write the same matrices without
    locks.
    """
    walk_at(function_pointer(walk, args), args)


@compiled(parallel=True)
def walk_at(address, args):
    """`walk_shards`, with a pointer to the function that walks a shard."""
    place = pointer_to(borrow(args))
    for shard in numba.prange(args.shared.shards.counters.shape[0]):
        call_pointer(address, shard, place)
