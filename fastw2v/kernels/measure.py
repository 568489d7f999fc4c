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
from fastw2v.kernels.windows import gather_context, read_sentence

_NO_RATE = np.float32(0)


@compiled(by_pointer=True)
def measure_shard(shard, args):
    """Sum the loss over one shard's probes into its row of ``shards.loss``; trains nothing.

    The columns PROBE and STRIDE of ``shards.counters`` say how long a probe is, and how far it is
    from its begin to the next one's.
    """
    _walk(shard, args.shared, args.layers)


@compiled(inline=True)
def _walk(shard, shared, layers):
    own = borrow(state.shard_state_of(shard, shared))
    counters = own.counters
    end = counters[state.END]
    begin = counters[state.BEGIN]
    while begin < end and not is_set(shared.shards.control, state.STOP):
        counters[state.POSITION] = begin
        counters[state.END] = min(end, begin + counters[state.PROBE])
        pairs, loss = _measure_probe(shared, own, layers)
        counters[state.END] = end
        sums = own.loss
        sums[state.PAIRS] += pairs
        sums[state.LOSS] += loss
        sums[state.PAIRS2] += pairs * pairs
        sums[state.PAIRS_LOSS] += pairs * loss
        sums[state.LOSS2] += loss * loss
        begin += counters[state.STRIDE]


@compiled(inline=True)
def _measure_probe(shared, own, layers):
    """Number of training pairs in the windows of one probe, and their summed loss."""
    pairs, loss = 0, 0.0
    counters, ids = own.counters, shared.text.ids
    while counters[state.POSITION] < counters[state.END]:
        # Windows that reach over a cut through a sentence would be narrower than in training.
        start = counters[state.POSITION]
        first = 0 if start == 0 or ids[start - 1] == 0 else shared.settings.window
        words = read_sentence(shared.text, own)
        stop = counters[state.POSITION]
        registry.start_sentence(layers, words, own)
        last = words if stop == len(ids) or ids[stop - 1] == 0 else words - shared.settings.window
        for position in range(first, last):
            context = gather_context(position, words, shared, own)
            if context > 0:
                window = borrow(open_window(position, context, shared, own, _NO_RATE))
                pairs += window.inputs
                loss += registry.window_loss(layers, window, shared, own)
    return pairs, loss
