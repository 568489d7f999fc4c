"""How many warps train at once, and how far a row may move that many of them have in hand.

Warps read a row, compute, and add a change: changes that are added at once are all kept, but each
is computed without the others. With w warps a row that is in hand for the share h of the time has
w h changes under way. Up to `HANDS` do little harm; beyond, the row moves by `HANDS` / (w h), so
that changes under way add up to no more than those of `HANDS` warps.

In the ring an input vector is in hand for as long as its word is in the window, and moved on by
each of its uses, before the change is added: only few may do that at once, `HANDS_IN_RING`.

The constants come from trainings on a card, and from benchmarks/warps.py, which runs the warps in
lock step on a CPU: see benchmarks/notebook/gpu.md.
"""

import numpy as np

from fastw2v.engines.replicas import centre_shares, context_words
from fastw2v.gpu.shape import CHUNK, Shape, warp_memory
from fastw2v.kernels.layers.registry import visits
from fastw2v.settings import Settings

HANDS = 128
"""Without a cap, trees whose nodes are not sub-sampled lose most; caps of 8 and 32 cost CBOW, whose
frequent words many warps have in hand, more than they save."""
HANDS_IN_RING = 8
"""Skip-gram diverges with 128, and loses 3 points of analogies with 32; CBOW loses 1 and 4."""
WARPS_OF_MULTIPROCESSOR = 16
"""With the ring an H100 is 12 % faster with 15 than with 12; no more such rings fit."""
_RESERVED = 1024  # bytes of shared memory that a block takes besides its own
CHUNKS_OF_WARP = 4
"""Of the text, at least: with fewer, the rows of a small text would change much less often than
they are read."""


def blocks_for(ids: int, shape: Shape, multiprocessors: int, shared_memory: int) -> int:
    """Blocks for a text of so many ids.

    shared_memory: bytes, of a multiprocessor.
    """
    block = shape.warps * warp_memory(shape.slots, shape.width) + _RESERVED
    at_once = max(1, min(WARPS_OF_MULTIPROCESSOR // shape.warps, shared_memory // block))
    for_text = ids // (CHUNK * CHUNKS_OF_WARP * shape.warps)
    return max(1, min(multiprocessors * at_once, for_text))


def shares(
    counts: np.ndarray, settings: Settings, warps: int, slots: int, most: float = HANDS
) -> dict[str, np.ndarray]:
    """What a change of each row is multiplied by, (V,) float32, by the name of the matrix.

    counts: (V,) int64, of the words. slots: of the ring, 0 for none. most: hands in which a row
    that is not in the ring moves in full.
    """
    centres = centre_shares(counts, settings.sample)
    held, most_held = centres, most  # skip-gram: one context word's vector after the other
    if slots:
        held, most_held = centres * slots, HANDS_IN_RING
    elif settings.model == "cbow":
        held = centres * context_words(counts, settings)[0]
    found = {"inputs": _share(warps * held, most_held)}
    for name in ("outputs", "nodes"):
        found[name] = _share(warps * visits(name, centres, counts, settings), most)
    return found


def _share(hands: np.ndarray, most: float) -> np.ndarray:
    return (1 / np.maximum(1, hands / most)).astype(np.float32)
