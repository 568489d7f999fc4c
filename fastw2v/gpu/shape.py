"""What a kernel is compiled for: numbers and choices that are constants in it.

D dimensions, P = D padded; a warp has 32 lanes, and lane l has the columns l, l + 32, ... of a row.
"""

from typing import NamedTuple

from fastw2v.matrix.aligned import padded
from fastw2v.settings import Settings

LANES = 32
CHUNK = 1_024
"""Ids that a warp trains at a time, windows cut at both ends; at most so many words of a sentence
are in shared memory, 4 bytes each."""

WARPS = 4  # of a block
SLOTS = 8  # places for the targets of a tile: four lanes have the score of each

# The largest tile for so many columns a lane: of a tile's rows each lane keeps, in registers, the
# columns of their values and, in skip-gram, of their changes.
_TILES = {4: 6, 8: 6, 10: 6, 16: 3, 24: 2}


class Shape(NamedTuple):
    """The constants of a kernel."""

    size: int  # D
    width: int  # P
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
    return Shape(
        size=settings.size,
        width=width,
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


def _tile(columns: int, settings: Settings) -> int:
    """As large as registers allow, and no larger than the targets fill evenly."""
    largest = next((tile for most, tile in _TILES.items() if columns <= most), 1)
    if settings.hs:
        return largest
    targets = settings.negative + 1
    return -(-targets // -(-targets // largest))
