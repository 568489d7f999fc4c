"""Random numbers: each lane has a generator of its own, xorshift of 32 bits (Marsaglia 2003,
"Xorshift RNGs", section 3), seeded for every chunk, so that they do not depend on which warp trains
it."""

from typing import Any, NamedTuple

from fastw2v.gpu.lanes import Lanes
from fastw2v.gpu.rows import ALL

_STREAMS, _SCATTER, _LANE = 0x9E3779B9, 0x9E3779B1, 0x7FEB352D
_MIX1, _MIX2 = 0x85EBCA6B, 0xC2B2AE35


class Random(NamedTuple):
    """Functions of kernels; a generator is (1,) uint32 in the lane's own memory."""

    start: Any  # (generator, seed, stream, lane)
    draw: Any  # (generator): the next 32 random bits
    draw_for_all: Any  # (generator): the same bits for all lanes, those of lane 0
    below: Any  # (bits, limit): a number in [0, limit) from 32 random bits


def random_functions(lanes: Lanes) -> Random:
    cuda, int32, uint32, uint64 = lanes.cuda, lanes.int32, lanes.uint32, lanes.uint64

    @lanes.function
    def mix(x):
        """All bits of the result depend on all bits of ``x`` (the last steps of MurmurHash3)."""
        x = uint32(x ^ uint32(x >> uint32(16)))
        x = uint32(x * uint32(_MIX1))
        x = uint32(x ^ uint32(x >> uint32(13)))
        x = uint32(x * uint32(_MIX2))
        return uint32(x ^ uint32(x >> uint32(16)))

    @lanes.function
    def start(generator, seed, stream, lane):
        base = mix(uint32(uint32(seed) + uint32(uint32(stream) * uint32(_STREAMS))))
        own = mix(uint32(base + uint32(uint32(lane) * uint32(_LANE))))
        generator[0] = uint32(own | uint32(1))  # never 0, where it would stay

    @lanes.function
    def draw(generator):
        x = generator[0]
        x = uint32(x ^ uint32(x << uint32(13)))
        x = uint32(x ^ uint32(x >> uint32(17)))
        x = uint32(x ^ uint32(x << uint32(5)))
        generator[0] = x
        return uint32(x * uint32(_SCATTER))

    @lanes.function
    def draw_for_all(generator):
        return uint32(cuda.shfl_sync(ALL, int32(draw(generator)), 0))

    @lanes.function
    def below(bits, limit):
        return int32(uint64(uint64(bits) * uint64(limit)) >> uint64(32))

    return Random(start, draw, draw_for_all, below)
