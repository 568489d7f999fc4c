"""What a kernel is compiled for: numbers and choices that are constants in it.

D dimensions, P = D padded; a warp has 32 lanes, and lane l has the columns l, l + 32, ... of a row.
"""

from typing import NamedTuple

from fastw2v.matrix.aligned import padded
from fastw2v.settings import Settings

LANES = 32
CHUNK = 512
"""Ids that a warp trains at a time, windows cut at both ends; at most so many words of a sentence
are in shared memory. At the end of an epoch most warps wait for the last chunks: with 1,024 ids
that cost 5 % of 17 million words; with 512, of 7 training pairs in 1,000 the window is cut."""

MOST_WARPS = 4  # of a block
BLOCK_MEMORY = 48 * 1024  # bytes of shared memory that a block can have on all cards
SLOTS = 8  # places for the targets of a tile: four lanes have the score of each

# The largest tile for so many columns a lane: of a tile's rows each lane keeps, in registers, the
# columns of their values and, in skip-gram, of their changes.
_TILES = {4: 6, 8: 6, 10: 6, 16: 3, 24: 2}


class Shape(NamedTuple):
    """The constants of a kernel."""

    size: int  # D
    width: int  # P
    warps: int  # of a block
    slots: int  # of the ring, one for each word of the widest window; 0: there is none
    columns: int  # of a lane
    tile: int  # output rows that are scored and updated together
    cbow: bool
    corrected: bool  # CBOW: divide the error by the number of context words
    fixed_window: bool
    window: int
    left: bool  # whether words before the centre word are context
    right: bool  # whether words after it are
    negative: int  # negative samples for a centre word; 0: no such layer
    hierarchical: bool
    levels: int  # of the tree, from the root on, that are sub-sampled
    frozen: bool  # whether there are words whose input vectors stay


def shape_for(settings: Settings, levels: int, frozen: bool) -> Shape:
    """The constants for a training with these settings."""
    width = padded(settings.size)
    columns = -(-width // LANES)
    slots = _slots(settings, width)
    return Shape(
        size=settings.size,
        width=width,
        warps=min(MOST_WARPS, BLOCK_MEMORY // warp_memory(slots, width)),
        slots=slots,
        columns=columns,
        tile=_tile(columns, settings),
        cbow=settings.model == "cbow",
        corrected=settings.cbow_update == "corrected",
        fixed_window=settings.window_mode == "fixed",
        window=settings.window,
        left=settings.context != "right",
        right=settings.context != "left",
        negative=settings.negative,
        hierarchical=settings.hs,
        levels=levels,
        frozen=frozen,
    )


def _slots(settings: Settings, width: int) -> int:
    sides = 2 if settings.context == "both" else 1
    slots = sides * settings.window + 1
    return slots if warp_memory(slots, width) <= BLOCK_MEMORY else 0


def warp_memory(slots: int, width: int) -> int:
    """Bytes of shared memory: a sentence, and of each slot a row and its change."""
    return 4 * CHUNK + 2 * 4 * slots * width


def _tile(columns: int, settings: Settings) -> int:
    """As large as registers allow, and no larger than the targets fill evenly."""
    largest = next((tile for most, tile in _TILES.items() if columns <= most), 1)
    if settings.hs:
        return largest
    targets = settings.negative + 1
    return -(-targets // -(-targets // largest))
