"""Prefetching the rows of the next window.

A model is larger than a core's caches, and a row that comes from main memory costs as much time as
training on it. What the next window touches is known while the current one is trained, so its
rows are requested then and have arrived when they are needed. What output layers need, they
prefetch themselves.

A core has some 12 to 24 lines under way at a time, and waits when it requests more; the rows of a
window are 130 lines at 300 dimensions. So rows are noted first, and requested column by column
while the current window's rows are updated (`fastw2v.kernels.logistic`).
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.prefetch import LINE_BYTES, prefetch
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.rows import prefetch_bytes, row_bytes
from fastw2v.kernels.windows import newcomer_of

MOST_NOTED = 15  # rows; what is more is requested at once


@compiled(inline=True)
def fetch_newcomer(position, words, shared, own):
    """Prefetch the input vector that the window around ``position`` is the first of its sentence
    to touch. words: length of the sentence; position may be ``words``, after its last window."""
    newcomer = newcomer_of(position, shared.settings.window, shared.settings.side)
    if newcomer < words:
        fetch_row(own.input_rows, shared.inputs, own.sentence[newcomer], own)


@compiled(inline=True)
def fetch_row(worker_rows, matrix, row, own):
    """Note a row of a matrix, or the worker's copy of it, for `fetch_column`."""
    address, noted = address_for(worker_rows, matrix, row), own.fetch_ptrs[0]
    if noted < MOST_NOTED:
        own.fetch_ptrs[1 + noted] = address
        own.fetch_ptrs[0] = noted + 1
    else:
        prefetch_bytes(address, row_bytes(matrix))


@compiled(inline=True)
def take_noted(own):
    """How many rows are noted; none are from now on."""
    noted = own.fetch_ptrs[0]
    own.fetch_ptrs[0] = 0
    return noted


@compiled(inline=True)
def fetch_column(noted, offset, own):
    """Prefetch the cache line at an offset of each of the rows noted, if one begins there."""
    if offset % LINE_BYTES == 0:
        for place in range(noted):
            prefetch(own.fetch_ptrs[1 + place] + offset)
