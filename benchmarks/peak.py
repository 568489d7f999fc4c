"""How many multiplications and additions one core can do: the ceiling for all kernels.

Twelve independent chains of fused multiply-adds in vector registers, nothing read, nothing stored.
The share of this peak that training reaches tells how much is left, whatever the machine.

Example:
  python benchmarks/peak.py
"""

import time

import numpy as np

from fastw2v.jit.compiled import compiled
from fastw2v.jit.simd import lanes
from fastw2v.jit.simd.width import WIDTH, arithmetic
from fastw2v.matrix.aligned import aligned_zeros

NATIVE = arithmetic(portable=False)
CHAINS = 12  # two units with a latency of four or five cycles want eight to ten
SIZE = (0,) * CHAINS
ROUNDS = 10_000_000
REPEATS = 5


@compiled
def _chains(address, rounds, factor, addend, size):
    """Run the chains from the `CHAINS` numbers at ``address``; one lane of each ends up there."""
    values = lanes.broadcast_tile(address, 0, size)
    addends = lanes.broadcast(addend)
    factors = lanes.broadcast(factor)
    for _ in range(rounds):
        values = lanes.multiply_add(values, factors, addends, NATIVE)
    weights = lanes.multiply_add(values, lanes.broadcast(np.float32(0)), addends, NATIVE)
    lanes.store(address, 0, lanes.add_weighted_rows(addends, values, weights, NATIVE))


def peak_flops(rounds: int = ROUNDS, repeats: int = REPEATS) -> float:
    """Float32 operations a second of one core, a multiply-add being two; the best of the repeats.

    Numbers stay finite: each chain tends to addend / (1 - factor).
    """
    numbers = aligned_zeros(1, 2 * WIDTH)
    best = 0.0
    for repeat in range(repeats + 1):  # the first one compiles
        numbers[0, :CHAINS] = np.arange(1, CHAINS + 1) / 7
        began = time.perf_counter()
        _chains(
            numbers.ctypes.data, rounds if repeat else 1, np.float32(0.5), np.float32(0.25), SIZE
        )
        seconds = time.perf_counter() - began
        if repeat:
            best = max(best, 2 * CHAINS * WIDTH * rounds / seconds)
    return best


def skipgram_flops(size: int, window: int, negative: int) -> float:
    """Operations per kept word that skip-gram with negative sampling cannot do without.

    A word has on average ``window + 1`` neighbours in its shrinking window and ``negative + 1``
    output rows, and each pair of them takes three products of length ``size``.

    >>> skipgram_flops(100, 5, 5)
    21600
    """
    return 6 * (window + 1) * (negative + 1) * size


if __name__ == "__main__":
    print(f"{peak_flops() / 1e9:.1f} GFLOP/s on one core, vectors of {WIDTH} float32")
