"""Asking for rows before they are needed.

A model is larger than the caches near a core. What the next window will touch is known while this
one is trained: its rows are on their way by the time it comes.
"""

import numpy as np

from fastw2v.compiling import compiled
from fastw2v.kernels.lanes import prefetch

_LINE = 64  # bytes


@compiled(hot=True)
def fetch_window(position, words, job, work, negative):
    """Ask for what the window around ``position`` touches for the first time.

    Paths of hierarchical softmax are left alone: most of their nodes are near the root, and so in
    the cache; asking for the others cost as much as it brought.
    """
    newcomer = position + job.plan.window
    if newcomer < words:
        _fetch_row(job.inputs, work.sentence[newcomer])
    if position < words:
        centre = work.sentence[position]
        if negative is not None:
            _fetch_row(negative.outputs, centre)
            first = position * negative.draws
            for place in range(first, first + negative.draws):
                _fetch_row(negative.outputs, work.noise[place])


@compiled(hot=True)
def _fetch_row(matrix, row):
    row_bytes = 4 * matrix.shape[1]
    start = matrix.ctypes.data + np.int64(row) * row_bytes
    for offset in range(0, row_bytes, _LINE):
        prefetch(start + offset)
