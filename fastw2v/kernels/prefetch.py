"""Asking for rows before they are needed.

A model is larger than the caches near a core. What the next window will touch is known while this
one is trained: its rows are on their way by the time it comes.
"""

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd.lanes import prefetch
from fastw2v.kernels.rows import row_address, row_bytes

LINE = 64  # bytes


@compiled(inline=True)
def fetch_newcomer(position, words, shared, own):
    """Ask for the input vector that the window around ``position`` touches for the first time."""
    newcomer = position + shared.settings.window
    if newcomer < words:
        fetch_row(shared.inputs, own.sentence[newcomer])


@compiled(inline=True)
def fetch_row(matrix, row):
    """Ask for a row of a matrix."""
    start = row_address(matrix, row)
    for offset in range(0, row_bytes(matrix), LINE):
        prefetch(start + offset)
