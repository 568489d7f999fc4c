"""The loss of a model at the end of an epoch, measured on a sample of the text's windows.

It is not accumulated during training: a loss computed just before each update flatters a high
learning rate, which adapts to the current passage, and may rise while the model gets better.
"""

import numpy as np

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.architectures import open_window
from fastw2v.kernels.layers import registry
from fastw2v.kernels.shards import for_all_shards
from fastw2v.kernels.windows import gather_context, read_sentence

_NO_RATE = np.float32(0)


@compiled(by_pointer=True)
def measure_shards(_, args):
    """Call `measure_shard` for all shards; the first argument is not used."""
    for_all_shards(0, args)


@compiled(by_pointer=True)
def measure_shard(shard, args):
    """Sum the loss over one shard's probes into its row of ``shards.loss``; trains nothing.

    Of `state.COUNTERS`, ``probe`` and ``stride`` say which ids the probes are.
    """
    _walk(shard, args.shared, args.layers)


@compiled(inline=True)
def _walk(shard, shared, layers):
    own = borrow(state.shard_state_of(shard, shared))
    counters = own.counters[0]
    end = counters.end
    begin = counters.begin
    while begin < end and not is_set(shared.shards.control, state.STOP):
        counters.position = begin
        counters.end = min(end, begin + counters.probe)
        pairs, loss = _measure_probe(shared, own, layers)
        counters.end = end
        sums = own.loss[0]
        sums.pairs += pairs
        sums.loss += loss
        sums.pairs_squared += pairs * pairs
        sums.pairs_times_loss += pairs * loss
        sums.loss_squared += loss * loss
        begin += counters.stride


@compiled(inline=True)
def _measure_probe(shared, own, layers):
    """Number of training pairs in the windows of one probe, and their summed loss."""
    pairs, loss = 0, 0.0
    counters, ids = own.counters[0], shared.text.ids
    while counters.position < counters.end:
        # Windows that reach over a cut through a sentence would be narrower than in training.
        start = counters.position
        first = 0 if start == 0 or ids[start - 1] == 0 else shared.settings.window
        words = read_sentence(shared.text, own, state.SENTENCE_WORDS)
        stop = counters.position
        registry.start_sentence(layers, words, own)
        last = words if stop == len(ids) or ids[stop - 1] == 0 else words - shared.settings.window
        for position in range(first, last):
            context = gather_context(position, words, shared, own)
            if context > 0:
                window = borrow(open_window(position, context, shared, own, _NO_RATE))
                pairs += window.inputs
                loss += registry.window_loss(layers, window, shared, own)
    return pairs, loss
