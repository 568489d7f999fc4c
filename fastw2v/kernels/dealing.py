"""Which ids a shard trains: those of its own part of the text, or pieces that are dealt.

Cores are not equally fast, least of all on virtual machines: of 16 the slowest took a sixth longer
than all on average. So where nothing has to be the same the next time, the text is dealt in short
pieces, in its order, each to the shard that asks first, and all end together. Where results are to
be reproducible, each shard has one part from the beginning (see `fastw2v.engines.allocation`), and
nothing is left to be dealt.
"""

from fastw2v.jit.atomic_sum import add_atomically
from fastw2v.jit.compiled import compiled
from fastw2v.kernels.rows import address_of
from fastw2v.kernels.state import DEALT_OFFSET


@compiled(inline=True)
def has_ids(shared, counters):
    """Whether a shard has ids to train, if need be a new piece. counters: of the shard."""
    if counters.position < counters.end:
        return True
    of_all, ids = shared.shards.counters, shared.text.ids.shape[0]
    if of_all[0].dealt >= ids:
        return False
    begin = add_atomically(address_of(of_all) + DEALT_OFFSET, shared.settings.piece)
    counters.end = min(begin + shared.settings.piece, ids)
    counters.position = min(begin, ids)
    return counters.position < counters.end


@compiled(inline=True)
def all_trained(shared):
    """Whether nothing of the epoch is left."""
    counters = shared.shards.counters
    for shard in range(counters.shape[0]):
        if counters[shard].position < counters[shard].end:
            return False
    return counters[0].dealt >= shared.text.ids.shape[0]
