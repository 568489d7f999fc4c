"""Which ids a shard trains: those of its own part of the text, or chunks that are dealt.

Cores are not equally fast, least of all on virtual machines: of 16 the slowest took a sixth longer
than all on average. So where nothing has to be the same the next time, the text is dealt in short
chunks, each to the shard that asks first, and all end together. Where results of several shards
are to be reproducible, each has one part from the beginning (see `fastw2v.engines.allocation`), and
nothing is left to be dealt.

The text has one region or several, which are equally long and dealt in turn, each from its
beginning: so what is trained at a time is all from one place of the text, or from several. With
many, words that occur in clumps are trained over a longer time, also by a shard alone.
"""

import numpy as np

from fastw2v.jit.atomic_sum import add_atomically
from fastw2v.jit.compiled import compiled
from fastw2v.kernels.rows import address_of
from fastw2v.kernels.state import DEALT_OFFSET


@compiled(inline=True)
def has_ids(shared, counters):
    """Whether a shard has ids to train, if need be a new chunk. counters: of the shard."""
    of_all = shared.shards.counters
    while counters.position >= counters.end:
        if of_all[0].dealt >= _chunks(shared):
            return False
        number = add_atomically(address_of(of_all) + DEALT_OFFSET, np.int64(1))
        if number >= _chunks(shared):  # others took the last ones since
            return False
        _take_chunk(number, shared, counters)
    return True


@compiled(inline=True)
def all_trained(shared):
    """Whether nothing of the epoch is left."""
    counters = shared.shards.counters
    for shard in range(counters.shape[0]):
        if counters[shard].position < counters[shard].end:
            return False
    return counters[0].dealt >= _chunks(shared)


@compiled(inline=True)
def _chunks(shared):
    """How many chunks there are; none where nothing is dealt."""
    chunk, regions = shared.settings.chunk, shared.settings.regions
    if chunk == 0:
        return np.int64(0)
    longest = (shared.text.ids.shape[0] + regions - 1) // regions
    return np.int64(regions * ((longest + chunk - 1) // chunk))


@compiled(inline=True)
def _take_chunk(number, shared, counters):
    """Make the chunk of a number the one at hand. The last of a region may be empty."""
    ids, regions, chunk = shared.text.ids.shape[0], shared.settings.regions, shared.settings.chunk
    region = number % regions
    first, end = region * ids // regions, (region + 1) * ids // regions
    begin = min(first + number // regions * chunk, end)
    counters.begin = first
    counters.length = end - first
    counters.end = min(begin + chunk, end)
    counters.position = begin


def dealt_ids(dealt: int, ids: int, regions: int, chunk: int) -> int:
    """How many of so many ids are in the first ``dealt`` chunks.

    >>> [dealt_ids(dealt, ids=10, regions=2, chunk=3) for dealt in range(6)]
    [0, 3, 6, 8, 10, 10]
    """
    region = np.arange(regions, dtype=np.int64)
    lengths = (region + 1) * ids // regions - region * ids // regions
    of_each = np.maximum(0, (dealt - region + regions - 1) // regions)
    return int(np.minimum(lengths, of_each * chunk).sum())
