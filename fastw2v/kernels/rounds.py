"""Training in rounds: every shard trains for a while, then the replicas are merged.

A round ends when the first shard has trained so many words; the others end it with their sentence,
so that none waits for a slow one. If training is to be reproducible, each trains so many words, and
the result depends on the number of shards, but not on their speed.
"""

import numpy as np

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import function_pointer
from fastw2v.kernels import state
from fastw2v.kernels.curvature import update_curvature
from fastw2v.kernels.default_path import learning_rate, train_shard
from fastw2v.kernels.merging import look_at_copies, merge_rows, set_factors
from fastw2v.kernels.replicas import take_copies, worker_of
from fastw2v.kernels.shards import walk_at

FIRST_ROUNDS = 1 / 8
"""Rounds grow: none is longer than this share of what was trained before it. In the beginning the
curvature changes fast."""

FIRST_LOOKS = 5
"""Steps by which the first directions are found. Output vectors start at 0, and so does the
curvature: the first changes would all be added, and with many workers go much too far."""

SHORTEST = 2_000  # words of all shards in a round, unless rounds are to be shorter anyway


def walk_rounds(args: state.KernelArgs) -> None:
    """Train every shard from its position to its end, or until a stop is requested; the replicas
    are merged in the end."""
    kernels = take_part, train_shard, look_at_part, merge_part
    walk_rounds_at(*(function_pointer(each, args) for each in kernels), args)


@compiled
def walk_rounds_at(take, train, look, merge, args):
    """`walk_rounds`, with pointers to the functions that it calls."""
    shared = args.shared
    shards, replicas = shared.shards, shared.replicas
    workers = replicas.inputs.copies.shape[0]
    # Calls, not parallel loops here: Numba would make one of two of them, with nothing to wait for
    # in between.
    if workers > 1:
        walk_at(take, args)
    while not _all_ended(shards.counters) and not is_set(shards.control, state.STOP):
        _begin_round(shards, shared.settings.round_words, workers > 1)
        walk_at(train, args)
        if workers > 1:
            for _ in range(_looks(shared)):
                walk_at(look, args)
                _update_curvatures(shared)
            _prepare_merging(shared)
            walk_at(merge, args)
            _update_curvatures(shared)


@compiled
def _all_ended(counters):
    for shard in range(counters.shape[0]):
        if counters[shard].position < counters[shard].end:
            return False
    return True


@compiled
def _begin_round(shards, words, merges):
    """Set the round's length. words: kept ones of each shard, the most; merges: whether replicas
    are merged after it, so that the first rounds are shorter, and where each shard is is noted."""
    shards.control[state.ROUND_OVER] = 0
    shards.control[state.ROUND_WORDS] = words
    if not merges:
        return
    trained, number = 0, shards.counters.shape[0]
    for shard in range(number):
        counters = shards.counters[shard]
        counters.round_kept = counters.kept
        counters.round_position = counters.position
        trained = max(trained, counters.kept)
    growing = max(SHORTEST // number, np.int64(FIRST_ROUNDS * trained), 1)
    shards.control[state.ROUND_WORDS] = min(words, growing)


@compiled
def _looks(shared):
    """How often to look at the copies before they are merged: not at all once rounds have their
    full length, when the curvature is known from the mergings before."""
    if shared.shards.control[state.ROUND_WORDS] >= shared.settings.round_words:
        return 0
    known = shared.replicas.input_curvature.values.any()
    return 1 if known else FIRST_LOOKS


@compiled
def _update_curvatures(shared):
    replicas, size = shared.replicas, shared.settings.size
    update_curvature(replicas.input_curvature, size)
    update_curvature(replicas.output_curvature, size)


@compiled
def _prepare_merging(shared):
    """Compute the factors for the changes of the round."""
    words, rates = 0, 0.0
    counters, replicas = shared.shards.counters, shared.replicas
    for shard in range(counters.shape[0]):
        words += counters[shard].kept - counters[shard].round_kept
        rates += learning_rate(shared.settings, counters[shard], counters[shard].position)
        rates += learning_rate(shared.settings, counters[shard], counters[shard].round_position)
    rate = rates / (2 * counters.shape[0])
    set_factors(replicas.inputs, replicas.input_curvature, float(words), rate)
    set_factors(replicas.outputs, replicas.output_curvature, float(words), rate)
    set_factors(replicas.nodes, replicas.output_curvature, float(words), rate)


@compiled(by_pointer=True)
def take_part(shard, args):
    """Give a shard's worker copies of the shared rows; its first shard makes them, so that
    they are in the memory near the core it runs on."""
    replicas = args.shared.replicas
    shards = args.shared.shards.counters.shape[0]
    worker = worker_of(shard, shards, replicas)
    if shard == 0 or worker_of(shard - 1, shards, replicas) != worker:
        take_copies(worker, replicas.inputs)
        take_copies(worker, replicas.outputs)
        take_copies(worker, replicas.nodes)


@compiled(by_pointer=True)
def look_at_part(part, args):
    """Sum the moments of one of as many parts of the copied rows as there are shards."""
    _look(part, args.shared)


@compiled(inline=True)
def _look(part, shared):
    replicas = shared.replicas
    inputs, outputs = replicas.input_curvature, replicas.output_curvature
    look_at_copies(replicas.inputs, outputs, part, shared)
    look_at_copies(replicas.outputs, inputs, part, shared)
    look_at_copies(replicas.nodes, inputs, part, shared)


@compiled(by_pointer=True)
def merge_part(part, args):
    """Merge one of as many parts of the copied rows as there are shards."""
    _merge(part, args.shared)


@compiled(inline=True)
def _merge(part, shared):
    replicas = shared.replicas
    inputs, outputs = replicas.input_curvature, replicas.output_curvature
    merge_rows(replicas.inputs, inputs, outputs, part, shared)
    merge_rows(replicas.outputs, outputs, inputs, part, shared)
    merge_rows(replicas.nodes, outputs, inputs, part, shared)
