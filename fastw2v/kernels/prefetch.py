"""Prefetching the rows of the next window.

A model is larger than a core's caches, and a row that comes from main memory costs as much time as
training on it. What the next window touches is known while the current one is trained, so its
rows are requested then and have arrived when they are needed. What output layers need, they
prefetch themselves.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.kernels.replicas import address_for
from fastw2v.kernels.rows import prefetch_bytes, row_bytes


@compiled(inline=True)
def fetch_newcomer(position, words, shared, own):
    """Prefetch the input vector that the window around ``position`` is the first of its sentence
    to touch. words: length of the sentence; position may be ``words``, after its last window."""
    newcomer = position + shared.settings.window
    if newcomer < words:
        fetch_row(own.input_rows, shared.inputs, own.sentence[newcomer])


@compiled(inline=True)
def fetch_row(worker_rows, matrix, row):
    """Prefetch a row of a matrix, or the worker's copy of it."""
    prefetch_bytes(address_for(worker_rows, matrix, row), row_bytes(matrix))
