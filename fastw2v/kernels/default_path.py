"""The default path: a shard's walk over its part of the text, free to re-order and to share."""

import numpy as np

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.borrowed import borrow, to_owned
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.architectures import close_window, open_window
from fastw2v.kernels.dealing import has_ids
from fastw2v.kernels.layers import registry
from fastw2v.kernels.prefetch import fetch_newcomer
from fastw2v.kernels.windows import count_sentence, gather_context, read_sentence


@compiled(by_pointer=True)
def train_shard(shard, args):
    """Train one shard, sentence by sentence, from its position to the end of the round or of the
    shard, or until a stop is requested; its counters are published after each sentence."""
    _walk_noalias(shard, to_owned(args))


@compiled(inline=True, noalias=True)
def _walk_noalias(shard, args):
    args = borrow(args)
    _walk(shard, args.shared, args.layers)


@compiled(inline=True)
def _walk(shard, shared, layers):
    own = borrow(state.shard_state_of(shard, shared))
    counters, control = own.counters[0], shared.shards.control
    last = counters.kept + control[state.ROUND_WORDS]
    while counters.kept < last and has_ids(shared, counters):
        if not shared.settings.fixed_rounds and _is_told_to_return(control):
            return
        train_sentence(shared, own, layers, min(state.SENTENCE_WORDS, last - counters.kept))
    if counters.kept >= last:
        control[state.ROUND_OVER] = 1


@compiled(inline=True)
def _is_told_to_return(control):
    return is_set(control, state.STOP) or is_set(control, state.ROUND_OVER)


@compiled(inline=True)
def train_sentence(shared, own, layers, most):
    """Train the shard's next sentence, up to ``most`` words, and publish its counters."""
    counters = own.counters[0]
    alpha = learning_rate(shared.settings, counters, counters.position)
    words = read_sentence(shared.text, own, most)
    registry.start_sentence(layers, words, own)
    trained = 0
    for position in range(words):
        fetch_newcomer(position + 1, words, shared, own)
        registry.prefetch_rows(layers, position + 1, words, own)
        context = gather_context(position, words, shared, own)
        if context > 0:
            window = borrow(open_window(position, context, shared, own, alpha))
            registry.train_window(layers, window, shared, own)
            close_window(window, shared, own)
            trained += 1
    count_sentence(words, trained, counters, shared.settings.side)


@compiled(inline=True)
def learning_rate(settings, counters, position):
    """The learning rate at a position of the epoch, float32: it decreases linearly with the shard's
    progress over all epochs.

    Shards are equally long, or regions where the text is dealt, so the progress of one is that of
    all: no shared counter is needed, and the rate depends only on the text.
    """
    length = max(1, counters.length)  # a text may have fewer ids than shards
    read = position - counters.begin
    progress = (counters.epoch + read / length) / settings.epochs
    return np.float32(settings.alpha * max(settings.lowest_rate, 1.0 - settings.slope * progress))
