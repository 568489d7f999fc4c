"""The two architectures: what predicts the centre word, and who takes the blame.

Skip-gram: every context word's input vector on its own; it moves at once. CBOW: the mean of them
all; its error is gathered, then added to every context word.
"""

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import BYTES
from fastw2v.kernels.state import Window

_ZERO, _ONE = np.float32(0), np.float32(1)


@compiled(inline=True)
def open_window(position, context, shared, own, alpha):
    """The window around a position of the sentence, with so many words in ``own.context``."""
    centre = own.sentence[position]
    if shared.settings.cbow:
        _take_mean(context, own)
        return Window(position, centre, context, own.mean_ptrs[:1], own.mean_ptrs[1:], 1, alpha)
    return Window(
        position, centre, context, own.context_ptrs, own.context_update_ptrs, context, alpha
    )


@compiled(inline=True)
def close_window(window, shared, own):
    """Hand the error of CBOW's mean on to the context words' input vectors.

    The C program adds the whole error to each word; "corrected" adds each word's share, the true
    gradient (Irsoy, Benton, Stratos 2021, "Corrected CBOW performs as well as skip-gram").
    """
    if shared.settings.cbow:
        share = _ONE
        if shared.settings.corrected:
            share /= np.float32(window.context)
        _hand_on(0, window.context, own, share)


@compiled(inline=True)
def move_context_word(i, own):
    """Move the input vector of one context word by ``own.error``."""
    _hand_on(i, i + 1, own, _ONE)


@compiled(inline=True)
def hidden_row(i, shared, own):
    """Hidden row i of the open window as an array, (P,) float32."""
    if shared.settings.cbow:
        return own.hidden
    return shared.inputs[own.context[i]]


@compiled(fast=True, inline=True)
def _take_mean(context, own):
    """``own.hidden`` = mean of the context words' input vectors, ``own.error`` = 0."""
    share = lanes.spread(_ONE / np.float32(context))
    for offset in range(0, 4 * own.padding_row.shape[0], BYTES):
        total = lanes.spread(_ZERO)
        for i in range(context):
            total = lanes.add(total, lanes.load(own.context_ptrs[i] + offset))
        lanes.store(own.hidden.ctypes.data + offset, lanes.multiply(total, share))
        lanes.store(own.error.ctypes.data + offset, lanes.spread(_ZERO))


@compiled(fast=True, inline=True)
def _hand_on(first, last, own, share):
    """Add ``share`` of ``own.error`` to the input vectors of context words first .. last - 1."""
    factor = lanes.spread(share)
    for offset in range(0, 4 * own.padding_row.shape[0], BYTES):
        error = lanes.multiply(lanes.load(own.error.ctypes.data + offset), factor)
        for i in range(first, last):
            row = own.context_update_ptrs[i] + offset
            lanes.store(row, lanes.add(lanes.load(row), error))
