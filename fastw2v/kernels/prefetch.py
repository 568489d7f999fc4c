"""Prefetching the rows of the next window.

A model is larger than a core's caches, and a row that comes from main memory costs as much time as
training on it. What the next window touches is known while the current one is trained, so its
rows are requested then and have arrived when they are needed.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.prefetch import LINE_BYTES
from fastw2v.kernels.rows import element_address, prefetch_bytes, row_address, row_bytes

_PATH_BYTES = 2 * LINE_BYTES  # of a word's path in ``steps``: 32 nodes
_CACHED_NODES = 6  # from the root on: every window visits them, so they stay in the cache


@compiled(inline=True)
def fetch_window(position, words, shared, own, negative, hierarchical):
    """Prefetch the rows that the window around ``position`` is the first of its sentence to
    touch. words: length of the sentence; position may be ``words``, after its last window."""
    newcomer = position + shared.settings.window
    if newcomer < words:
        _fetch_row(shared.inputs, own.sentence[newcomer])
    if hierarchical is not None:
        _fetch_path(position, words, own, hierarchical)
    if negative is not None and position < words:
        _fetch_row(negative.outputs, own.sentence[position])
        first = position * negative.draws
        for place in range(first, first + negative.draws):
            _fetch_row(negative.outputs, own.noise[place])


@compiled(inline=True)
def _fetch_path(position, words, own, hierarchical):
    """Prefetch the nodes on the centre word's path; and the path of the word after it, from
    which the next call reads its nodes."""
    if position + 1 < words:
        start = hierarchical.start[own.sentence[position + 1]]
        prefetch_bytes(element_address(hierarchical.steps, start), _PATH_BYTES)
    if position < words:
        centre = own.sentence[position]
        first = hierarchical.start[centre] + _CACHED_NODES
        for step in range(first, hierarchical.start[centre + 1]):
            _fetch_row(hierarchical.outputs, hierarchical.steps[step] >> 1)


@compiled(inline=True)
def _fetch_row(matrix, row):
    prefetch_bytes(row_address(matrix, row), row_bytes(matrix))
