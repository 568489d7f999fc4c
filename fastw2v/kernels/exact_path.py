"""The exact path: the C program's numbers in its order and rounding, one thread.

No liberties with floating point here: every sum is taken element by element, in float32, as
the C program's loops take it. What may differ is only what cannot be seen in the result: scores
of different output rows are summed side by side, since their chains do not depend on each other.
"""

import numpy as np

from fastw2v.jit.atomic_flag import is_set
from fastw2v.jit.borrowed import borrow
from fastw2v.jit.compiled import compiled
from fastw2v.kernels import state
from fastw2v.kernels.layers import registry
from fastw2v.kernels.windows import count_sentence
from fastw2v.model.rng import draw_c

_RATE_EVERY = 10_000  # words between two looks at the learning rate
_LOWEST_RATE = 0.0001  # a double, as in the C program
_ONE = np.float32(1)


@compiled
def train_exactly(args, total):
    """Train one epoch from the position of the only shard, or until a stop is requested.

    args: `state.KernelArgs` with the layers of `registry.new_exact_layers`. total: the C
    program's count of training words, sentence ends included. After a stop, another call
    continues at the sentence where this one stopped.
    """
    args = borrow(args)
    _walk(args.shared, args.layers, total)


@compiled(inline=True)
def _walk(shared, layers, total):
    own = borrow(state.shard_state_of(0, shared))
    counters = own.counters[0]
    while not is_set(shared.shards.control, state.STOP):
        adjust_rate(shared.settings, own, total)
        words, ended = read_sentence_exactly(shared.text, own)
        if ended or counters.counted > total:
            counters.all_counted += counters.counted - counters.rate_set_at
            counters.counted = counters.rate_set_at = 0
            counters.position = counters.end
            counters.left_over += words
            return
        if words == 0:
            draw_c(own.random)  # the window of the word that is not there
        trained = 0
        for position in range(words):
            if position > 0:  # the first word still has the rate from before the reading
                adjust_rate(shared.settings, own, total)
            trained += _train_window(position, words, shared, own, layers)
        count_sentence(words, trained, counters)


@compiled(inline=True)
def adjust_rate(settings, own, total):
    """Update the learning rate if more than 10,000 words were counted since the last update."""
    counters = own.counters[0]
    if counters.counted - counters.rate_set_at <= _RATE_EVERY:
        return
    counters.all_counted += counters.counted - counters.rate_set_at
    counters.rate_set_at = counters.counted
    start = np.float32(settings.alpha)
    share = np.float32(counters.all_counted) / np.float32(settings.epochs * total + 1)
    rate = start * (_ONE - share)
    lowest = np.float64(start) * _LOWEST_RATE
    if np.float64(rate) < lowest:
        rate = np.float32(lowest)
    counters.rate = rate


@compiled(inline=True)
def read_sentence_exactly(text, own):
    """Read the next sentence; returns its number of kept words and whether the text ended in it
    (a sentence in which the text ends is not trained)."""
    counters = own.counters[0]
    position, kept = counters.position, 0
    ended = False
    while kept < state.SENTENCE_WORDS:
        if position == counters.end:
            ended = True
            break
        word = text.ids[position]
        position += 1
        counters.counted += 1
        if word == 0:
            break
        counters.read += 1
        if text.keep.shape[0] > 0:
            random16 = draw_c(own.random) & np.uint64(0xFFFF)
            if text.keep[word] < np.float32(random16) / np.float32(65536):
                continue
        own.sentence[kept] = word
        kept += 1
    counters.position = position
    counters.kept += kept
    return kept, ended


@compiled(inline=True)
def _train_window(position, words, shared, own, layers):
    """Returns how many centre words were trained: one, or none where it stands alone."""
    settings = shared.settings
    width = settings.window - np.int64(draw_c(own.random) % np.uint64(settings.window))
    centre = own.sentence[position]
    context = 0
    for neighbour in range(max(0, position - width), min(words, position + width + 1)):
        if neighbour != position:
            own.context[context] = own.sentence[neighbour]
            context += 1
    if context == 0:
        return 0
    error = own.error
    if settings.cbow:
        hidden = own.hidden
        _mean(hidden, shared.inputs, own.context, context)
        _train_layers(centre, hidden, own, layers)
        for i in range(context):
            _add(shared.inputs[own.context[i]], error)
    else:
        for i in range(context):
            hidden = shared.inputs[own.context[i]]
            _train_layers(centre, hidden, own, layers)
            _add(hidden, error)
    return 1


@compiled(inline=True)
def _train_layers(centre, hidden, own, layers):
    """``own.error`` starts at zero."""
    own.error[:] = np.float32(0)
    registry.train_exactly(layers, centre, hidden, own, own.counters[0].rate)


@compiled(inline=True)
def _mean(hidden, inputs, context, words):
    hidden[:] = np.float32(0)
    for i in range(words):
        _add(hidden, inputs[context[i]])
    for d in range(hidden.shape[0]):
        hidden[d] /= np.float32(words)


@compiled(inline=True)
def _add(target, source):
    for d in range(target.shape[0]):
        target[d] += source[d]
