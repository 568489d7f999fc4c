"""How many warps train at once, and how far a row may move that many of them have in hand.

Warps read a row, compute, and add a change: changes that are added at once are all kept, but each
is computed without the others. With w warps a row that is in hand for the share h of the time has
w h changes under way. Up to `HANDS` do little harm; beyond, the row moves by `HANDS` / (w h), so
that changes under way add up to no more than those of `HANDS` warps.

Both constants come from benchmarks/warps.py, which runs the warps in lock step on a CPU: see
benchmarks/notebook/gpu.md.
"""

import numpy as np

from fastw2v.engines.replicas import centre_shares, context_words
from fastw2v.gpu.shape import CHUNK, WARPS
from fastw2v.kernels.layers.registry import visits
from fastw2v.settings import Settings

HANDS = 128
"""Without a cap, trees whose nodes are not sub-sampled lose most; caps of 8 and 32 cost CBOW, whose
frequent words many warps have in hand, more than they save."""
WARPS_OF_MULTIPROCESSOR = 8
"""Two blocks: registers allow for no more in the widest kernels. Not measured yet."""
CHUNKS_OF_WARP = 4
"""Of the text, at least: with fewer, the rows of a small text would change much less often than
they are read."""


def blocks_for(ids: int, multiprocessors: int) -> int:
    """Blocks of `WARPS` warps for a text of so many ids."""
    most = multiprocessors * WARPS_OF_MULTIPROCESSOR // WARPS
    return max(1, min(most, ids // (CHUNK * CHUNKS_OF_WARP * WARPS)))


def shares(
    counts: np.ndarray, settings: Settings, warps: int, most: float = HANDS
) -> dict[str, np.ndarray]:
    """What a change of each row is multiplied by, (V,) float32, by the name of the matrix.

    counts: (V,) int64, of the words. most: hands in which a row moves in full.
    """
    centres = centre_shares(counts, settings.sample)
    held = centres  # skip-gram: one context word's input vector is in hand after the other
    if settings.model == "cbow":
        held = centres * context_words(counts, settings)[0]
    hands = {
        "inputs": warps * held,
        "outputs": warps * visits("outputs", centres, counts, settings),
        "nodes": warps * visits("nodes", centres, counts, settings),
    }
    return {name: _share(each, most) for name, each in hands.items()}


def _share(hands: np.ndarray, most: float) -> np.ndarray:
    return (1 / np.maximum(1, hands / most)).astype(np.float32)
