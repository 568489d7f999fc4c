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
def open_window(position, context, job, work, alpha):
    """The window around a position of the sentence, with so many words in ``work.context``."""
    centre = work.sentence[position]
    if job.plan.cbow:
        _take_mean(context, work)
        return Window(position, centre, context, work.mean_ptrs[:1], work.mean_ptrs[1:], 1, alpha)
    return Window(
        position, centre, context, work.context_ptrs, work.context_update_ptrs, context, alpha
    )


@compiled(inline=True)
def close_window(window, job, work):
    """Hand the error of CBOW's mean on to the context words' input vectors.

    The C program adds the whole error to each word; "corrected" adds each word's share, the true
    gradient (Irsoy, Benton, Stratos 2021, "Corrected CBOW performs as well as skip-gram").
    """
    if job.plan.cbow:
        share = _ONE
        if job.plan.corrected:
            share /= np.float32(window.context)
        _hand_on(0, window.context, work, share)


@compiled(inline=True)
def move_context_word(i, work):
    """Move the input vector of one context word by ``work.error``."""
    _hand_on(i, i + 1, work, _ONE)


@compiled(inline=True)
def hidden_row(i, job, work):
    """Hidden row i of the open window as an array, (P,) float32."""
    if job.plan.cbow:
        return work.hidden
    return job.inputs[work.context[i]]


@compiled(fast=True, inline=True)
def _take_mean(context, work):
    """``work.hidden`` = mean of the context words' input vectors, ``work.error`` = 0."""
    share = lanes.spread(_ONE / np.float32(context))
    for offset in range(0, 4 * work.padding_row.shape[0], BYTES):
        total = lanes.spread(_ZERO)
        for i in range(context):
            total = lanes.add(total, lanes.load(work.context_ptrs[i] + offset))
        lanes.store(work.hidden.ctypes.data + offset, lanes.multiply(total, share))
        lanes.store(work.error.ctypes.data + offset, lanes.spread(_ZERO))


@compiled(fast=True, inline=True)
def _hand_on(first, last, work, share):
    """Add ``share`` of ``work.error`` to the input vectors of context words first .. last - 1."""
    factor = lanes.spread(share)
    for offset in range(0, 4 * work.padding_row.shape[0], BYTES):
        error = lanes.multiply(lanes.load(work.error.ctypes.data + offset), factor)
        for i in range(first, last):
            row = work.context_update_ptrs[i] + offset
            lanes.store(row, lanes.add(lanes.load(row), error))
