"""The forces between the points of t-SNE: compiled sums, each in a fixed order.

With q = 1 / (1 + squared distance) of two points (van der Maaten and Hinton 2008, section 3.3).
"""

import numpy as np

from fastw2v.jit.compiled import compiled

_AT_ONCE = 64  # points whose sums are computed side by side, in SIMD registers


@compiled
def attract(first, end, points, starts, others, weights, pulled):
    """Write to ``pulled`` (n, 2) float32 the sums of p q (own - other) over the pairs of each point
    from ``first`` up to ``end``.

    points: (n, 2) float32; the rest as of `fastw2v.mapping.tsne.Similarities`.
    """
    one = np.float32(1)
    for own in range(first, end):
        x, y = points[own, 0], points[own, 1]
        across, down = np.float32(0), np.float32(0)
        for pair in range(starts[own], starts[own + 1]):
            dx, dy = x - points[others[pair], 0], y - points[others[pair], 1]
            force = weights[pair] / (one + dx * dx + dy * dy)
            across += force * dx
            down += force * dy
        pulled[own, 0], pulled[own, 1] = across, down


@compiled
def repel(first, end, x, y, pushed, norms):
    """Write to ``pushed`` (n, 2) float32 the sums of q q (own - other), and to ``norms`` (n,)
    float64 those of q, over all points, for each point from ``first`` up to ``end``.

    x, y: (n,) float32, contiguous. A point itself adds 1 to its norm.
    """
    sums = np.zeros((3, _AT_ONCE), np.float32)
    for block in range(first, end, _AT_ONCE):
        size = min(_AT_ONCE, end - block)
        sums[:] = np.float32(0)
        own_x, own_y = x[block : block + size], y[block : block + size]
        for other in range(x.shape[0]):
            _add_pairs(own_x, own_y, x[other], y[other], sums[0], sums[1], sums[2])
        for place in range(size):
            pushed[block + place, 0] = sums[0, place]
            pushed[block + place, 1] = sums[1, place]
            norms[block + place] = sums[2, place]


@compiled(inline=True, noalias=True)
def _add_pairs(own_x, own_y, x, y, across, down, norms):
    """Add one other point's part; independent sums, which the compiler computes side by side."""
    one = np.float32(1)
    for place in range(own_x.shape[0]):
        dx, dy = own_x[place] - x, own_y[place] - y
        q = np.divide(one, one + dx * dx + dy * dy)  # not "/", which checks for zero
        norms[place] += q
        across[place] += q * q * dx
        down[place] += q * q * dy
