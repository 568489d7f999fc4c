"""Training in rounds: every shard trains for a while, then the replicas are merged.

A round ends when the first shard has trained so many words; the others end it with their sentence,
so that none waits for a slow one. If training is to be reproducible, each trains so many words, and
the result depends on the number of shards, but not on their speed. Rows with few visits may be
merged after several rounds only.
"""

import numpy as np

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.curvature import update_curvature
from fastw2v.kernels.dealing import all_trained
from fastw2v.kernels.default_path import learning_rate, train_shard
from fastw2v.kernels.merging import due_places, look_at_copies, merge_rows, set_factors
from fastw2v.kernels.replicas import take_copies, worker_of
from fastw2v.kernels.shards import for_all_shards, run

FIRST_ROUNDS = 1 / 8
"""Rounds grow: none is longer than this share of what was trained before it. In the beginning the
curvature changes fast."""

FIRST_LOOKS = 5
"""Steps by which the first directions are found. Output vectors start at 0, and so does the
curvature: the first changes would all be added, and with many workers go much too far."""

NO_END = 1 << 62  # words, more than there can be

SHORTEST = 2_000  # words of all shards in a round, unless rounds are to be shorter anyway


TRAIN, TAKE, LOOK, MERGE = range(4)  # places in ``args.kernels``


def walk_rounds(args: state.KernelArgs) -> None:
    """Train every shard from its position to its end, until a stop is requested, or until so many
    words are kept as ``KEPT_END`` says; the replicas are merged in the end."""
    if args.shared.replicas.inputs.copies.shape[0] == 1:  # nothing to merge, and less to compile
        run(train_in_one_round, [train_shard], args)
    else:
        run(train_in_rounds, [train_shard, take_part, look_at_part, merge_part], args)


@compiled(by_pointer=True)
def train_in_one_round(_, args):
    """`walk_rounds` where all shards share one model; the first argument is not used."""
    shared, counters = args.shared, args.shared.shards.counters
    control = shared.shards.control
    if not _is_over(shared):
        _set_round(control, min(shared.settings.round_words, _words_left(counters, control)))
        for_all_shards(TRAIN, args)


@compiled(by_pointer=True)
def train_in_rounds(_, args):
    """`walk_rounds` with replicas; the first argument is not used."""
    shared, counters = args.shared, args.shared.shards.counters
    control = shared.shards.control
    # Calls, not parallel loops here: Numba would make one of two of them, with nothing to wait for
    # in between.
    for_all_shards(TAKE, args)
    while not _is_over(shared):
        _begin_round(counters, control, shared.settings.round_words)
        for_all_shards(TRAIN, args)
        for _ in range(_looks(shared)):
            for_all_shards(LOOK, args)
            _update_curvatures(shared)
        _prepare_merging(shared)
        for_all_shards(MERGE, args)
        _update_curvatures(shared)
        if _seldom_rows_are_due(shared):
            _prepare_seldom_merging(shared)
            for_all_shards(MERGE, args)
            control[state.ROUNDS] = control[state.SELDOM] = 0


@compiled(inline=True)
def _is_over(shared):
    """Whether all has been trained that is to be, or a stop is requested; not before all rows are
    merged, so that a stop changes nothing."""
    control = shared.shards.control
    return control[state.ROUNDS] == 0 and (_has_ended(shared) or is_set(control, state.STOP))


@compiled(inline=True)
def _has_ended(shared):
    return all_trained(shared) or _words_left(shared.shards.counters, shared.shards.control) == 0


@compiled(inline=True)
def _words_left(counters, control):
    """Words that each shard is to keep before all return; without an end more than there can be."""
    if control[state.KEPT_END] == 0:
        return np.int64(NO_END)
    kept, number = np.int64(0), counters.shape[0]
    for shard in range(number):
        kept += counters[shard].kept
    return max(np.int64(0), -((kept - control[state.KEPT_END]) // number))


@compiled(inline=True)
def _seldom_rows_are_due(shared):
    control = shared.shards.control
    control[state.ROUNDS] += 1
    return control[state.ROUNDS] >= shared.settings.seldom_rounds or _has_ended(shared)


@compiled(inline=True)
def _begin_round(counters, control, words):
    """Note where each shard is, and set the round's length. words: the most, see `_set_round`."""
    trained, number = np.int64(0), counters.shape[0]
    for shard in range(number):
        own = counters[shard]
        own.round_kept = own.kept
        own.round_position = own.position
        trained = max(trained, own.kept)
    growing = max(SHORTEST // number, np.int64(FIRST_ROUNDS * trained), 1)
    _set_round(control, min(words, growing, max(1, _words_left(counters, control))))


@compiled(inline=True)
def _set_round(control, words):
    """Begin a round of so many kept words of each shard."""
    control[state.ROUND_OVER] = 0
    control[state.ROUND_WORDS] = words


@compiled(inline=True)
def _looks(shared):
    """How often to look at the copies before they are merged: not at all once rounds have their
    full length, when the curvature is known from the mergings before."""
    if shared.shards.control[state.ROUND_WORDS] >= shared.settings.round_words:
        return 0
    known = shared.replicas.input_curvature.values[0] > 0
    return 1 if known else FIRST_LOOKS


@compiled(inline=True)
def _update_curvatures(shared):
    size = shared.settings.size
    _update(shared.replicas.input_curvature, size)
    _update(shared.replicas.output_curvature, size)


@compiled(inline=True)
def _update(curvature, size):
    directions, values = curvature.directions, curvature.values
    update_curvature(directions, values, curvature.sums, curvature.work, curvature.shares, size)


@compiled(inline=True)
def _prepare_merging(shared):
    """Compute the factors for the changes of the round."""
    words, rates = np.int64(0), 0.0
    counters, replicas = shared.shards.counters, shared.replicas
    for shard in range(counters.shape[0]):
        own = counters[shard]
        kept = own.kept - own.round_kept
        before = learning_rate(shared.settings, own, own.round_position)
        words += kept
        rates += kept * (before + learning_rate(shared.settings, own, own.position)) / 2
    replicas.pending[0] += words
    replicas.pending[1] += rates
    _set_all_factors(replicas, False, words, rates / max(1, words))


@compiled(inline=True)
def _prepare_seldom_merging(shared):
    """Compute the factors for the changes of all rounds since the last one."""
    pending = shared.replicas.pending
    words, rate = pending[0], pending[1] / max(1.0, pending[0])
    pending[0] = pending[1] = 0.0
    shared.shards.control[state.SELDOM] = 1
    _set_all_factors(shared.replicas, True, words, rate)


@compiled(inline=True)
def _set_all_factors(replicas, seldom, words, rate):
    _set_factors(replicas.inputs, replicas.input_curvature, seldom, words, rate)
    _set_factors(replicas.outputs, replicas.output_curvature, seldom, words, rate)
    _set_factors(replicas.nodes, replicas.output_curvature, seldom, words, rate)


@compiled(inline=True)
def _set_factors(replicas, curvature, seldom, words, rate):
    if replicas is not None:
        begin, end = due_places(replicas, seldom)
        factors, levels = replicas.factors, replicas.levels[begin:end]
        workers = replicas.copies.shape[0]
        set_factors(factors, levels, workers, curvature.values, np.float64(words), rate)


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
