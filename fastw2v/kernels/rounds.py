"""Reproducible training with several threads, whatever the load of the machine.

All shards train a round, some thousand words each, on private rows; then their changes are added to
the shared rows, in the order of the shards. So the result depends on the number of shards, but not
on their speed. Within a round a shard does not see the changes of the others, which the shards of
plain Hogwild see late, too.
"""

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.borrowed import borrow, to_owned
from fastw2v.jit.compiled import compiled
from fastw2v.jit.function_pointers import function_pointer
from fastw2v.kernels import state
from fastw2v.kernels.default_path import train_sentence
from fastw2v.kernels.layers import registry
from fastw2v.kernels.private_rows import add_changes, forget_copies, turn_into_changes
from fastw2v.kernels.shards import walk_at

ROUND_WORDS = 2_000
"""Words left by sub-sampling that all shards together train in a round; each ends its part with a
sentence. Rows that all shards move are moved by all of them from the same place: with many more
words a round, those of common words overshoot (measured in `benchmarks/notebook/rounds.md`)."""


def words_of_round(shards: int) -> int:
    """The most words that one of so many shards trains in a round."""
    return ROUND_WORDS // shards + state.SENTENCE_WORDS


def walk_rounds(args: state.KernelArgs) -> None:
    """Train every shard from its position to its end, or until a stop is requested: then all stop
    after the same round."""
    walk_rounds_at(function_pointer(train_round, args), function_pointer(merge_round, args), args)


@compiled
def walk_rounds_at(train, merge, args):
    """`walk_rounds`, with pointers to the functions that it calls."""
    shards = args.shared.shards
    while not _all_ended(shards.counters) and not is_set(shards.control, state.STOP):
        # Calls, not two parallel loops here: Numba would make one of them, with nothing to wait
        # for between training and merging.
        walk_at(train, args)
        walk_at(merge, args)


@compiled(inline=True)
def _all_ended(counters):
    for shard in range(counters.shape[0]):
        if counters[shard].position < counters[shard].end:
            return False
    return True


@compiled(by_pointer=True)
def train_round(shard, args):
    """Train one shard for a round; leaves its changes in its own rows."""
    _train_noalias(shard, to_owned(args))


@compiled(inline=True, noalias=True)
def _train_noalias(shard, args):
    args = borrow(args)
    _train(shard, args.shared, args.layers)


@compiled(inline=True)
def _train(shard, shared, layers):
    own = borrow(state.shard_state_of(shard, shared))
    counters = own.counters[0]
    forget_copies(own.private_inputs)
    forget_copies(own.private_outputs)
    forget_copies(own.private_nodes)
    last = counters.kept + ROUND_WORDS // shared.shards.counters.shape[0]
    while counters.position < counters.end and counters.kept < last:
        train_sentence(shared, own, layers)
    turn_into_changes(own.private_inputs, shared.inputs)
    registry.end_round(layers, own)


@compiled(by_pointer=True)
def merge_round(part, args):
    """Add all shards' changes to one of as many parts of each matrix as there are shards."""
    _merge(part, args.shared, args.layers)


@compiled(inline=True)
def _merge(part, shared, layers):
    parts, touched = shared.shards.counters.shape[0], shared.touched
    add_changes(touched.inputs, shared.inputs, part, parts)
    registry.merge_round(layers, part, parts, touched)
