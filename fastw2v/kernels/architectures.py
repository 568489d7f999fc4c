"""The two architectures: which hidden rows predict the centre word, and which input vectors move.

Skip-gram: the input vector of each context word is a hidden row, and is updated in place. CBOW:
the one hidden row is the mean of them; its error is summed first, then added to all of them.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import LANES_BYTES
from fastw2v.kernels.rows import address_of, row_bytes
from fastw2v.kernels.state import Window

_ZERO, _ONE = np.float32(0), np.float32(1)


@compiled(inline=True)
def open_window(position, context, shared, own, alpha):
    """The `Window` around a position of the sentence. context: number of words in
    ``own.context``; alpha: learning rate, float32."""
    centre = own.sentence[position]
    if shared.settings.cbow:
        _take_mean(context, own)
        return Window(position, centre, context, own.mean_ptrs[:1], own.mean_ptrs[1:], 1, alpha)
    return Window(
        position, centre, context, own.context_ptrs, own.context_update_ptrs, context, alpha
    )


@compiled(inline=True)
def close_window(window, shared, own):
    """CBOW: add the error of the mean to the input vectors of the context words.

    The C program adds the whole error to each word. "corrected" divides it by the number of
    words, which is the true gradient of the mean (Irsoy, Benton, Stratos 2021, "Corrected CBOW
    performs as well as skip-gram").
    """
    if shared.settings.cbow:
        share = _ONE
        if shared.settings.corrected:
            share /= np.float32(window.context)
        _add_error(0, window.context, own, share)


@compiled(inline=True)
def move_context_word(i, own):
    """Add ``own.error`` to the input vector of context word i."""
    _add_error(i, i + 1, own, _ONE)


@compiled(inline=True)
def hidden_row(i, shared, own):
    """Hidden row i of the open window as an array, (P,) float32."""
    if shared.settings.cbow:
        return own.hidden
    return shared.inputs[own.context[i]]


@compiled(inline=True)
def _take_mean(context, own):
    """``own.hidden`` = mean of the context words' input vectors, ``own.error`` = 0."""
    hidden, error = address_of(own.hidden), address_of(own.error)
    share = _ONE / np.float32(context)
    for offset in range(0, row_bytes(own.hidden), LANES_BYTES):
        total = lanes.broadcast(_ZERO)
        for i in range(context):
            total = total + lanes.load(own.context_ptrs[i], offset)
        lanes.store(hidden, offset, total * share)
        lanes.store(error, offset, lanes.broadcast(_ZERO))


@compiled(inline=True)
def _add_error(first, last, own, share):
    """Add ``share * own.error`` to the input vectors of context words first .. last - 1."""
    error = address_of(own.error)
    for offset in range(0, row_bytes(own.error), LANES_BYTES):
        step = lanes.load(error, offset) * share
        for i in range(first, last):
            row = own.context_update_ptrs[i]
            lanes.store(row, offset, lanes.load(row, offset) + step)
