"""Asking for rows before they are needed.

A model is larger than the caches near a core. What the next window will touch is known while this
one is trained: its rows are on their way by the time it comes.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.lanes import prefetch
from fastw2v.kernels.rows import row_address, row_bytes

_LINE = 64  # bytes
_AT_HAND = 6  # nodes, from the root on


@compiled(inline=True)
def fetch_window(position, words, shared, own, negative, hierarchical):
    """Ask for what the window around ``position`` touches for the first time."""
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
    """The nodes on a centre word's path, but for those near the root: these are at hand. And the
    path itself of the word behind, or there would be nothing to read the nodes from."""
    if position + 1 < words:
        start = hierarchical.start[own.sentence[position + 1]]
        path = hierarchical.steps.ctypes.data + 4 * start
        prefetch(path)
        prefetch(path + _LINE)
    if position < words:
        centre = own.sentence[position]
        for step in range(hierarchical.start[centre] + _AT_HAND, hierarchical.start[centre + 1]):
            _fetch_row(hierarchical.outputs, hierarchical.steps[step] >> 1)


@compiled(inline=True)
def _fetch_row(matrix, row):
    start = row_address(matrix, row)
    for offset in range(0, row_bytes(matrix), _LINE):
        prefetch(start + offset)
