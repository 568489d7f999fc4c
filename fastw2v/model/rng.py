"""Random numbers for kernels: SplitMix64 for the fast path, the C program's for the exact one.

A generator is a one-element uint64 array that holds its state.
"""

import numpy as np

from fastw2v.jit.compiled import compiled

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX2 = np.uint64(0x94D049BB133111EB)
_27, _30, _31, _32 = np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_LOW32 = np.uint64(0xFFFFFFFF)

_C_FACTOR = np.uint64(25214903917)
_C_STEP = np.uint64(11)


@compiled(inline=True)
def draw(random):
    """The next 64 random bits (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number
    generators")."""
    random[0] += _STEP
    bits = random[0]
    bits = (bits ^ (bits >> _30)) * _MIX1
    bits = (bits ^ (bits >> _27)) * _MIX2
    return bits ^ (bits >> _31)


@compiled(inline=True)
def high32(bits):
    """The upper half of 64 random bits."""
    return np.uint32(bits >> _32)


@compiled(inline=True)
def low32(bits):
    """The lower half of 64 random bits."""
    return np.uint32(bits & _LOW32)


@compiled(inline=True)
def below(bits32, limit):
    """A number in [0, limit) from 32 random bits, by multiplication instead of division."""
    return np.int64((np.uint64(bits32) * np.uint64(limit)) >> _32)


@compiled(inline=True)
def draw_c(random):
    """The C program's generator: a linear congruence modulo 2^64."""
    random[0] = random[0] * _C_FACTOR + _C_STEP
    return random[0]


def seed_generator(seed: int, stream: int) -> np.ndarray:
    """A generator, (1,) uint64, for one of many independent ``stream`` numbers of one ``seed``.

    Stream 0 makes the first weights; shard s trains with stream s + 1.
    """
    words = np.random.SeedSequence(seed, spawn_key=(stream,)).generate_state(1, np.uint64)
    return words.astype(np.uint64)
