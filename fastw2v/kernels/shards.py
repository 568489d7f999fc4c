"""From Python into compiled code, and all shards of a job at once, each on a thread."""

from collections.abc import Callable, Sequence

import numba

from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import call_pointer, function_pointer, pointer_to
from fastw2v.kernels.state import KernelArgs


def run(job: Callable, kernels: Sequence[Callable], args: KernelArgs) -> None:
    """Call ``job(0, args)``, which calls ``kernels`` for all shards: see `for_all_shards`."""
    addresses = [function_pointer(each, args) for each in kernels]
    addresses += [0] * (len(args.kernels) - len(addresses))
    args = args._replace(kernels=tuple(addresses))
    enter(function_pointer(job, args), args)


@compiled
def enter(address, args):
    """Call the function at an address: the only one to which Python passes all arrays, since code
    that takes dozens of arrays from Python takes long to compile."""
    call_pointer(address, 0, pointer_to(borrow(args)))


@compiled(inline=True)
def for_all_shards(kernel, args):
    """Call ``args.kernels[kernel]`` for every shard, each on a thread.

    Hogwild (Niu, Recht, Re, Wright 2011): the shards read and write the same matrices without
    locks.
    """
    shards = args.shared.shards.counters.shape[0]
    call_for_all(args.kernels[kernel], pointer_to(args), shards)


@compiled(parallel=True)
def call_for_all(address, place, shards):
    """Call the function at an address for so many shards, with the arguments at ``place``. All are
    numbers, as a parallel loop is compiled as four nested functions."""
    for shard in numba.prange(shards):
        call_pointer(address, shard, place)
